"""Max-pooling whose gradient goes where Caffe's goes: to the first maximum.

Theano's goes to every tied maximum. Ties are everywhere on MNIST: over a
black border LeNet's first convolution, which no ReLU follows, is its bias.
There Theano's rule gives four times Caffe's gradient: to the biases in
training, and to the pixels in an attack, where it turns signs.
"""

import numpy as np
import theano.tensor as T
from lasagne.layers import MaxPool2DLayer

from ops.max_pool import first_maximum, overlapping, side_by_side


class FirstMaxPool2DLayer(MaxPool2DLayer):
    """Max-pool of which the first maximum, row by row, gets the gradient.

    Windows may hang over the lower and right borders (`ignore_border=False`)
    but begin inside; no padding.
    """

    def get_output_for(self, input, **kwargs):
        shape = self.get_output_shape_for(self.input_shape)[2:]
        return pool(input, self.input_shape[2:], shape, self.pool_size,
                    self.stride)


def pool(x, shape, pooled, size, stride):
    """The maximum of every window; its gradient goes to the first there.

    Parameters
    ----------
    x : TensorVariable (b, c, height, width)
    shape, pooled : (int, int)
        Height and width of `x` and of the result.
    size, stride : (int, int)
        Of the windows.

    Returns
    -------
    TensorVariable (b, c, ...)
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
