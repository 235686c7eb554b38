"""What Caffe's networks have and Lasagne 0.1 has not."""

import lasagne
import numpy as np
import theano.tensor as T
from lasagne.layers import Layer, MaxPool2DLayer

from ops.max_pool import first_maximum, overlapping, side_by_side


class ScaleLayer(Layer):
    """Multiplies by a number."""

    def __init__(self, incoming, factor, **kwargs):
        super().__init__(incoming, **kwargs)
        self.factor = factor

    def get_output_for(self, input, **kwargs):
        return input * np.asarray(self.factor, input.dtype)


class MeanLayer(Layer):
    """Subtracts a mean image that belongs to the network, but is not trained.

    Attributes
    ----------
    mean : theano shared variable (channels, height, width)
        0 until it is set; '<name>' among the network's arrays.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, **kwargs)
        self.mean = self.add_param(
            lasagne.init.Constant(0.), self.input_shape[1:], name='image',
            trainable=False, regularizable=False)

    def get_output_for(self, input, **kwargs):
        return input - self.mean.dimshuffle('x', 0, 1, 2)


class FirstMaxPool2DLayer(MaxPool2DLayer):
    """Max-pool of which the first maximum, row by row, gets the gradient.

    Caffe's goes there, Theano's to every tied maximum. Ties are everywhere
    on MNIST: over a black border LeNet's first convolution, which no ReLU
    follows, is its bias. There Theano's rule gives four times Caffe's
    gradient: to the biases in training, and to the pixels in an attack,
    where it turns signs.

    Windows may hang over the lower and right borders (`ignore_border=False`)
    but begin inside; no padding.
    """

    def get_output_for(self, input, **kwargs):
        shape = self.get_output_shape_for(self.input_shape)[2:]
        return pool(input, self.input_shape[2:], shape, self.pool_size,
                    self.stride)


def pool(x, shape, pooled, size, stride):
    """The maximum of every window; its gradient goes to the first there.

    Of a variable x, (b, c, height, width), whose height and width are `shape`
    and the result's `pooled`; size and stride, too, are pairs of int.
    """
    if stride == (2, 2) and pooled == (shape[0] / 2, shape[1] / 2):
        known = {(2, 2): side_by_side, (3, 3): overlapping}
        if size in known:
            return known[size](x)
    for axis in (0, 1):
        missing = (pooled[axis] - 1) * stride[axis] + size[axis] - shape[axis]
        if missing > 0:
            x = _extended(x, axis + 2, missing)
    return first_maximum([
        x[:, :, row::stride[0], column::stride[1]][:, :, :pooled[0],
                                                   :pooled[1]]
        for row in range(size[0]) for column in range(size[1])])


def _extended(x, axis, count):
    """With `count` more rows or columns of -inf after the last."""
    shape = [count if k == axis else x.shape[k] for k in range(4)]
    return T.concatenate([x, T.alloc(np.asarray(-np.inf, x.dtype), *shape)],
                         axis)
