"""Logits of images with one pixel changed, by the patch that sees it.

Brute force computes a whole image for every probe. Here the convolutional
layers are computed once for the image, and a probe carries only the
difference of the patch that its pixel reaches (source/probing.cpp); the
dense layers, which see everything, take the probes of many images in one
matrix product. For the network of Song 2017 a probe costs 0.69 million
multiply-adds instead of 9.95.
"""

import ctypes
from typing import List, NamedTuple

import numpy as np

from ops import library

CONVOLUTION, RECTIFIED_CONVOLUTION, POOL = range(3)
WIDEST = 8  # the widest patch that a convolution may be given
CHUNK = 4096  # about as many probes' features are held at once,
IMAGES = 64  # and the activations of at most as many images


class Layer(NamedTuple):
    """A layer before the dense ones.

    Attributes
    ----------
    kind : int
        CONVOLUTION (valid, 3 × 3), RECTIFIED_CONVOLUTION or POOL (the
        maximum of 2 × 2 places, every second one).
    weights : (channels, in_channels, 3, 3) float, or None
        Of a convolution, in the order of a cross-correlation.
    bias : (channels,) float, or None
    """

    kind: int
    weights: np.ndarray = None
    bias: np.ndarray = None


class Dense(NamedTuple):
    """A dense layer: weights (inputs, units), bias (units,), ReLU or not."""

    weights: np.ndarray
    bias: np.ndarray
    rectified: bool


class Stack(NamedTuple):
    """A whole network: convolutions and pools, then dense layers.

    Attributes
    ----------
    shape : tuple of int
        Of an image: channels, height, width.
    layers : list of Layer
        The first one a convolution.
    dense : list of Dense
        The first one on the flattened (channels, rows, columns).
    """

    shape: tuple
    layers: List[Layer]
    dense: List[Dense]


#: What the C++ code is told of a layer; addresses are 0 for a pool. `patch` is
#: the width of the patch that a probe changes, `stride` that of the channels
#: with padding.
LAYER = np.dtype(
    [(name, np.int32) for name in (
        'kind', 'in_height', 'in_width', 'in_channels', 'in_stride',
        'in_patch', 'height', 'width', 'channels', 'stride', 'patch')]
    + [(name, np.uintp) for name in ('weights', 'bias')], align=True)


def measure(stack, block=1):
    """The sizes of a stack's layers, an array of LAYER without addresses.

    Channels are padded to a multiple of `block`.
    """
    found = np.zeros(len(stack.layers), LAYER)
    channels, height, width = stack.shape
    stride, patch = channels, 1
    for k, layer in enumerate(stack.layers):
        before = height, width, channels, stride, patch
        if layer.kind == POOL:
            height, width, patch = height // 2, width // 2, patch // 2 + 1
        else:
            height, width, patch = height - 2, width - 2, patch + 2
            channels = layer.weights.shape[0]
        stride = channels + -channels % block
        found[k] = (layer.kind, *before, height, width, channels, stride,
                    patch, 0, 0)
    return found


def widest_patch(layers):
    """Of those before convolutions; more than WIDEST cannot be probed."""
    return layers['in_patch'][layers['kind'] != POOL].max()


def probe_logits(stack, x, owners, pixels, values):
    """Logits of images, each with one pixel changed.

    Parameters
    ----------
    stack : Stack
        Its arrays are cast to the dtype of x.
    x : (n, c, h, w) float32 or float64
    owners : (b,) int
        Which image each probe changes.
    pixels : (b,) int
        Index into its c h w pixels; -1 changes nothing.
    values : (b,) float
        What the pixel becomes.

    Returns
    -------
    (b, classes) array of the dtype of x
        Probes that change no feature have exactly the logits of -1.

    Raises
    ------
    ValueError
        If the arrays do not fit the stack or one another.
    """
    # The C++ code reads them as they lie in memory.
    x = np.ascontiguousarray(x)
    owners, pixels = (np.ascontiguousarray(array, np.int64)
                      for array in (owners, pixels))
    values = np.ascontiguousarray(values, x.dtype)
    _check(stack, x, owners, pixels, values)
    packed = _Packed(stack, x.dtype)
    z = np.empty((len(owners), packed.dense[-1].bias.shape[0]), x.dtype)
    for probes in _chunks(owners):
        z[probes] = packed.ask(x, owners[probes], pixels[probes],
                               values[probes])
    return z


def _check(stack, x, owners, pixels, values):
    """Refuse what the C++ code would read, or write, beyond its arrays."""
    if x.dtype not in (np.float32, np.float64):
        raise ValueError('expected images of float32 or float64, got %s'
                         % x.dtype)
    if x.shape[1:] != tuple(stack.shape):
        raise ValueError('expected images %s, got %s'
                         % (tuple(stack.shape), x.shape[1:]))
    if not owners.shape == pixels.shape == values.shape == (len(owners),):
        raise ValueError('expected as many owners as pixels and values, got '
                         '%s, %s, %s' % (owners.shape, pixels.shape,
                                         values.shape))
    for name, array, low, high in (('owners', owners, 0, len(x)),
                                   ('pixels', pixels, -1, x[:1].size)):
        if len(array) and not low <= array.min() <= array.max() < high:
            raise ValueError('expected %s from %d to %d, got %d to %d' % (
                name, low, high - 1, array.min(), array.max()))


def _chunks(owners):
    """Which probes are asked together: all of an image, and of few images."""
    order = np.argsort(owners, kind='stable')
    _, counts = np.unique(owners, return_counts=True)
    start, length, images = 0, 0, 0
    for count in counts:
        if images and (images == IMAGES or length + count > CHUNK):
            yield order[start:start + length]
            start, length, images = start + length, 0, 0
        length, images = length + count, images + 1
    if length:
        yield order[start:start + length]


class _Packed:
    """A stack's arrays in the layout of the C++ code, in one dtype."""

    def __init__(self, stack, dtype):
        self.library = library.load('probing.cpp')
        self.function = getattr(self.library, 'probe_%s' % dtype.name)
        block = self.library.probe_block(dtype.itemsize)
        self.layers = measure(stack, block)
        last = self.layers[-1]
        place = last['height'], last['width']
        if (stack.layers[0].kind == POOL or min(place) < 1
                or widest_patch(self.layers) > WIDEST):
            raise ValueError('expected a stack of layers that can be probed '
                             '(see network.probing), got %s'
                             % self.layers['kind'].tolist())
        self.arrays = []  # keeps what is pointed to
        for row, layer in zip(self.layers, stack.layers):
            if layer.kind != POOL:
                pair = (_padded(  # (3, 3, in, channels and padding)
                    layer.weights.transpose(2, 3, 1, 0), block, dtype),
                    _padded(layer.bias, block, dtype))
                row['weights'], row['bias'] = [array.ctypes.data
                                               for array in pair]
                self.arrays += pair
        self.features = int(last['channels'] * place[0] * place[1])
        self.dense = [Dense(*(np.asarray(a, dtype) for a in layer[:2]),
                            layer.rectified) for layer in stack.dense]
        self.dense[0] = self.dense[0]._replace(weights=_channels_last(
            self.dense[0].weights, last['channels'], place))

    def ask(self, x, owners, pixels, values):
        """Logits of one chunk of probes, (b, classes)."""
        # Only the images that this chunk's probes belong to.
        needed, owners = np.unique(owners, return_inverse=True)
        features, differs = self.probe(x[needed], owners.astype(np.int64),
                                       pixels, values)
        return self.classify(features, differs, owners)

    def probe(self, x, owners, pixels, values):
        """Features (b, features), and whether they differ, (b,) bool."""
        features = np.empty((len(owners), self.features), x.dtype)
        differs = np.empty(len(owners), np.uint8)
        failed = self.function(
            len(self.layers), _at(self.layers), _at(x),
            ctypes.c_int64(len(x)), _at(owners), _at(pixels), _at(values),
            ctypes.c_int64(len(owners)), _at(features), _at(differs))
        if failed:
            raise MemoryError
        return features, differs.astype(bool)

    def classify(self, features, differs, owners):
        """The dense layers, (b, classes).

        A matrix product may round a row by where it stands, so the probes
        of an image that changed nothing are answered by one row.
        """
        first = np.full(owners.max() + 1, -1)  # of each image's such probes
        same = np.flatnonzero(~differs)
        first[owners[same][::-1]] = same[::-1]
        layer = features
        for weights, bias, rectified in self.dense:
            layer = layer @ weights
            layer += bias
            if rectified:
                np.maximum(layer, 0, out=layer)
        layer[same] = layer[first[owners[same]]]
        return layer


def _padded(array, block, dtype):
    """Zeros after the last axis, up to a multiple of block; C-contiguous."""
    missing = -array.shape[-1] % block
    widths = [(0, 0)] * (array.ndim - 1) + [(0, missing)]
    return np.ascontiguousarray(np.pad(array, widths), dtype)


def _channels_last(weights, channels, place):
    """Rows of the first dense layer as the features come: places first."""
    weights = weights.reshape((channels,) + place + (-1,))
    return np.ascontiguousarray(weights.transpose(1, 2, 0, 3)).reshape(
        (channels * place[0] * place[1], -1))


def _at(array):
    return ctypes.c_void_p(array.ctypes.data)
