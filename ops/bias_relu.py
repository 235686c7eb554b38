"""Bias, ReLU and 2x2 max-pool in one pass, and their gradients.

The ReLU is Lasagne 0.1's, 0.5 · (x + |x|): where x is exactly 0, which black
borders and zero biases bring about, it passes half the gradient. So that the
result alone tells what the gradient needs, y is -0 where x < 0 and +0 where
x is 0. Max-pool is Theano's: every tied maximum gets the whole gradient, rows
and columns beyond the last whole window get none, NaN wins where it comes
first. NaN has NaN for a gradient (beyond the last window, 0).
"""

import numpy as np
import theano.tensor as T
from theano.gof import Apply

from ops.compiled import CompiledOp, UnpoolOp, images, variables
from ops.twins import add_bias, check_shape, pool, relu, slope, unpool


class BiasReLU(CompiledOp):
    """z (n, c, h, w), b (c) -> y = ReLU(z + b), (n, c, h, w)."""

    __props__ = ()
    kernels = 'bias_relu'
    function = 'bias_relu'

    def make_node(self, z, b):
        z, b = variables(self, ('z', 'b'), (z, b), (4, 1))
        return Apply(self, [z, b], [images(z.dtype, z)])

    def twin(self, z, b):
        return [relu(add_bias(z, b))]

    def infer_shape(self, node, shapes):
        return shapes[:1]

    def grad(self, inputs, gradients):
        return BiasReLUGrad()(self(*inputs), gradients[0])


class BiasReLUGrad(CompiledOp):
    """y of BiasReLU, g (n, c, h, w) -> gradients of z and, if asked, of b."""

    __props__ = ('bias',)
    kernels = 'bias_relu'
    function = 'bias_relu_grad'
    results = 2

    def __init__(self, bias=True):
        self.bias = bias

    def make_node(self, y, g):
        y, g = variables(self, ('y', 'g'), (y, g), (4, 4))
        return Apply(self, [y, g], [images(y.dtype, y)]
                     + [T.vector(dtype=y.dtype)] * self.bias)

    def twin(self, y, g):
        check_shape('gradient', g, y.shape)
        return with_sums(slope(y) * g)

    def infer_shape(self, node, shapes):
        return [shapes[0]] + [(shapes[0][1],)] * self.bias


class BiasReLUPool(CompiledOp):
    """z (n, c, h, w), b (c) -> p and a mask, (n, c, h // 2, w // 2).

    p is the maximum of each window of ReLU(z + b). The mask, left out if
    not asked for, is what the gradient needs: bit k is set where the k-th
    of the window's four is a maximum and not negative; bit 4 + k besides
    where it is exactly 0, and alone where it is NaN.
    """

    __props__ = ('mask',)
    kernels = 'bias_relu'
    function = 'bias_relu_pool'
    results = 2

    def __init__(self, mask=True):
        self.mask = mask

    def make_node(self, z, b):
        z, b = variables(self, ('z', 'b'), (z, b), (4, 1))
        return Apply(self, [z, b], [images(z.dtype)]
                     + [images('uint8')] * self.mask)

    def twin(self, z, b):
        return pool(add_bias(z, b))

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, h // 2, w // 2)] * (1 + self.mask)

    def grad(self, inputs, gradients):
        mask = BiasReLUPool()(*inputs)[1]
        return BiasReLUPoolGrad()(mask, gradients[0], inputs[0].shape)


class BiasReLUPoolGrad(UnpoolOp):
    """Mask, g (n, c, h', w'), z's shape -> gradients of z and of b."""

    __props__ = ('bias',)
    kernels = 'bias_relu'
    function = 'bias_relu_pool_grad'
    results = 2
    saved = 'mask', 'mask of BiasReLUPool'

    def __init__(self, bias=True):
        self.bias = bias

    def twin(self, mask, g, z_shape):
        self.check(mask, g, z_shape)
        return with_sums(unpool(mask, g, z_shape[2:]))


def with_sums(gz):
    """gz, and its sum over n, h and w."""
    return gz, gz.sum(axis=(0, 2, 3), dtype=np.float64).astype(gz.dtype)
