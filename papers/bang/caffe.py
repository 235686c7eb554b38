"""Caffe's trained weights, .caffemodel.h5, as arrays of our networks.

Caffe keeps a layer's weights at data/<layer>/0 and its biases at
data/<layer>/1. Its convolutions are correlations: Lasagne's filters are
those turned by 180 degrees. Dense weights are (units out, units in), here
(units in, units out); both flatten an image channel by channel, row by row.
"""

import h5py
import numpy as np

from errors import UserError
from papers.bang.run_format import BANG

#: Caffe's names of the layers with weights, by ours.
LAYERS = {
    'lenet': {'conv1': 'conv1', 'conv2': 'conv2', 'dense1': 'ip1',
              'dense2': 'ip2'},
    'cifar-quick': {'conv1': 'conv1', 'conv2': 'conv2', 'conv3': 'conv3',
                    'dense1': 'ip1', 'dense2': 'ip2'},
}


def read_caffe(path):
    """The arrays of a network, from a file that Caffe wrote.

    Returns
    -------
    name : str
        The network's, 'lenet' or 'cifar-quick', told by the layers.
    arrays : dict of str to numpy.ndarray, float32
        But for a mean image, which Caffe keeps elsewhere.

    Raises
    ------
    UserError
        If it is no such file, damaged, or of another network.
    """
    try:
        # Nobody writes it, and some file systems have no locks.
        with h5py.File(path, 'r', locking=False) as file:
            blobs = _blobs(file, path)
    except FileNotFoundError:
        raise UserError('%s: expected Caffe\'s weights, found no such file'
                        % path) from None
    except PermissionError as error:      # h5py does not say of which file
        raise PermissionError(error.errno, 'Permission denied',
                              path) from None
    except (OSError, RuntimeError, KeyError) as error:
        raise UserError(
            '%s: expected an HDF5 file of Caffe\'s (.caffemodel.h5), got '
            'something else or a damaged one (%s)' % (
                path, str(error).splitlines()[0])) from None
    name = _network(blobs, path)
    arrays = {ours + end: _ours(blobs, caffe, kind, path)
              for ours, caffe in LAYERS[name].items()
              for kind, end in enumerate(('.W', '.b'))}
    for key, array in arrays.items():
        _check(array, key, BANG.shapes[name][key], path)
    return name, arrays


def _blobs(file, path):
    """Layer names to lists of arrays, of the layers that have any."""
    if not isinstance(file.get('data'), h5py.Group):
        raise UserError('%s: expected Caffe\'s weights, in a group data, '
                        'found none: is it another HDF5 file?' % path)
    return {layer: [_array(group[key], layer, path) for key in sorted(group)]
            for layer, group in file['data'].items()
            if isinstance(group, h5py.Group) and len(group)}


def _array(item, layer, path):
    found = item[()] if isinstance(item, h5py.Dataset) else item
    if not isinstance(found, np.ndarray):
        raise UserError('%s: expected arrays in the layer %s, got %s: is it '
                        'another HDF5 file?'
                        % (path, layer, type(found).__name__))
    return found


def _network(blobs, path):
    for name, layers in LAYERS.items():
        if set(blobs) == set(layers.values()):
            return name
    raise UserError('%s: expected weights of the layers %s, got %s: this is '
                    'another network' % (
                        path, ' or '.join(', '.join(layers.values())
                                          for layers in LAYERS.values()),
                        ', '.join(sorted(blobs)) or 'none'))


def _ours(blobs, layer, kind, path):
    if len(blobs[layer]) != 2:
        raise UserError('%s: expected weights and biases of %s, got %d '
                        'arrays' % (path, layer, len(blobs[layer])))
    blob = blobs[layer][kind]
    if blob.ndim == 4:
        return np.ascontiguousarray(blob[:, :, ::-1, ::-1])
    return np.ascontiguousarray(blob.T)


def _check(array, name, shape, path):
    if array.shape != shape or array.dtype != np.float32:
        raise UserError('%s: expected %s of shape %s in float32, as Caffe\'s '
                        'would be here, got %s in %s' % (
                            path, name, shape, array.shape, array.dtype))
    if not np.isfinite(array).all():
        raise UserError('%s: expected finite weights, %s holds NaN or '
                        'infinity' % (path, name))
