"""Bias, ReLU and 2x2 max-pool in one pass, and their gradients.

The ReLU is Lasagne 0.1's, 0.5 · (x + |x|): where x is exactly 0, which black
borders and zero biases bring about, it passes half the gradient. So that the
result alone tells what the gradient needs, y is -0 where x < 0 and +0 where
x is 0. Max-pool is Theano's: every tied maximum gets the whole gradient, rows
and columns beyond the last whole window get none, NaN wins where it comes
first. NaN has NaN for a gradient (beyond the last window, 0). Each `perform`
says in NumPy what the C++ does.
"""

import numpy as np
import theano.tensor as T
from theano.gof import Apply

from ops.compiled import CompiledOp, images, variables
from ops.twins import add_bias, check_shape, pool, relu, slope, unpool


class _BiasReLUOp(CompiledOp):
    """The library, and a property: the optional last result."""

    source = 'bias_relu.cpp'
    arrays = 'bias_relu_arrays.h'

    def arguments(self, inputs, outputs):
        # Without the last result, its address is NULL.
        return (super().arguments(inputs, outputs)
                + ['NULL'] * (2 - len(outputs)))


class BiasReLU(CompiledOp):
    """z (n, c, h, w), b (c) -> y = ReLU(z + b), (n, c, h, w)."""

    __props__ = ()
    source = 'bias_relu.cpp'
    arrays = 'bias_relu_arrays.h'
    function = 'bias_relu'

    def make_node(self, z, b):
        z, b = variables(self, ('z', 'b'), (z, b), (4, 1))
        return Apply(self, [z, b], [images(z.dtype, z)])

    def perform(self, node, inputs, storage):
        z, b = inputs
        storage[0][0] = relu(add_bias(z, b))

    def infer_shape(self, node, shapes):
        return shapes[:1]

    def grad(self, inputs, gradients):
        return BiasReLUGrad()(self(*inputs), gradients[0])


class BiasReLUGrad(_BiasReLUOp):
    """y of BiasReLU, g (n, c, h, w) -> gradients of z and, if asked, of b."""

    __props__ = ('bias',)
    function = 'bias_relu_grad'

    def __init__(self, bias=True):
        self.bias = bias

    def make_node(self, y, g):
        y, g = variables(self, ('y', 'g'), (y, g), (4, 4))
        return Apply(self, [y, g], [images(y.dtype, y)]
                     + [T.vector(dtype=y.dtype)] * self.bias)

    def perform(self, node, inputs, storage):
        y, g = inputs
        check_shape('gradient', g, y.shape)
        store(storage, slope(y) * g)

    def infer_shape(self, node, shapes):
        return [shapes[0]] + [(shapes[0][1],)] * self.bias


class BiasReLUPool(_BiasReLUOp):
    """z (n, c, h, w), b (c) -> p and a mask, (n, c, h // 2, w // 2).

    p is the maximum of each window of ReLU(z + b). The mask, left out if
    not asked for, is what the gradient needs: bit k is set where the k-th
    of the window's four is a maximum and not negative; bit 4 + k besides
    where it is exactly 0, and alone where it is NaN.
    """

    __props__ = ('mask',)
    function = 'bias_relu_pool'

    def __init__(self, mask=True):
        self.mask = mask

    def make_node(self, z, b):
        z, b = variables(self, ('z', 'b'), (z, b), (4, 1))
        return Apply(self, [z, b], [images(z.dtype)]
                     + [images('uint8')] * self.mask)

    def perform(self, node, inputs, storage):
        z, b = inputs
        pooled, mask = pool(add_bias(z, b))
        storage[0][0] = pooled
        if self.mask:
            storage[1][0] = mask

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, h // 2, w // 2)] * (1 + self.mask)

    def connection_pattern(self, node):
        return [[True] + [False] * self.mask] * 2

    def grad(self, inputs, gradients):
        mask = BiasReLUPool()(*inputs)[1]
        return BiasReLUPoolGrad()(mask, gradients[0], inputs[0].shape)


class BiasReLUPoolGrad(_BiasReLUOp):
    """Mask, g (n, c, h', w'), z's shape -> gradients of z and of b."""

    __props__ = ('bias',)
    function = 'bias_relu_pool_grad'

    def __init__(self, bias=True):
        self.bias = bias

    def make_node(self, mask, g, z_shape):
        g, = variables(self, ('g',), (g,), (4,))
        mask, z_shape = map(T.as_tensor_variable, (mask, z_shape))
        if (mask.ndim, mask.dtype, z_shape.ndim, z_shape.dtype) != (
                4, 'uint8', 1, 'int64'):
            raise TypeError('%s: expected the mask of BiasReLUPool and the '
                            'shape of its z, got %s and %s'
                            % (self, mask.type, z_shape.type))
        return Apply(self, [mask, g, z_shape], [images(g.dtype)]
                     + [T.vector(dtype=g.dtype)] * self.bias)

    def perform(self, node, inputs, storage):
        mask, g, z_shape = inputs
        n, c, h, w = z_shape
        for name, array in (('mask', mask), ('gradient', g)):
            check_shape(name, array, (n, c, h // 2, w // 2))
        store(storage, unpool(mask, g, (h, w)))

    def infer_shape(self, node, shapes):
        z_shape = [node.inputs[2][k] for k in range(4)]
        return [z_shape] + [(z_shape[1],)] * self.bias


def store(storage, gz):
    """Store gz and, if there is a place for it, its sum over n, h and w."""
    storage[0][0] = gz
    if len(storage) > 1:
        storage[1][0] = gz.sum(axis=(0, 2, 3), dtype=np.float64).astype(
            gz.dtype)
