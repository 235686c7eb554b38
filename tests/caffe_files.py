"""Small files as Caffe writes its weights, with made-up numbers in them."""

import h5py
import numpy as np

#: Caffe's shapes by layer.
LENET = {'conv1': (20, 1, 5, 5), 'conv2': (50, 20, 5, 5), 'ip1': (500, 800),
         'ip2': (10, 500)}
CIFAR_QUICK = {'conv1': (32, 3, 5, 5), 'conv2': (32, 32, 5, 5),
               'conv3': (64, 32, 5, 5), 'ip1': (64, 1024), 'ip2': (10, 64)}
WITHOUT_WEIGHTS = ('pool1', 'relu1', 'drop1', 'loss')


def blobs(shapes, seed=0):
    """Weights and biases by layer, float32, logits of the order of 1."""
    generator = np.random.RandomState(seed)
    return {name: [generator.randn(*shape) / np.sqrt(np.prod(shape[1:])),
                   .1 * generator.randn(shape[0])]
            for name, shape in shapes.items()}


def write(path, layers, dtype=np.float32):
    """An HDF5 file of layers, a list of arrays each, as Caffe lays it out."""
    with h5py.File(str(path), 'w') as file:
        for name in WITHOUT_WEIGHTS:
            file.create_group('data/' + name)
        for name, arrays in layers.items():
            for place, array in enumerate(arrays):
                file['data/%s/%d' % (name, place)] = array.astype(dtype)
    return str(path)
