"""2x2 max-pool that no ReLU precedes, and its gradient, in C++.

Ties and NaN go as in Theano: every tied maximum gets the whole gradient, a
NaN wins where it comes first and gets none. Images may lie as (n, c, h, w)
or, as oneDNN leaves them, as (n, h, w, c); results lie as they do. Registered
with Theano's optimizer as 'max_pool', behind what `bias_relu` takes.
"""

import functools

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply, Optimizer
from theano.gof.toolbox import ReplaceValidate
from theano.tensor.signal.pool import pool_2d

from ops.compiled import CompiledOp, images, variables
from ops.fusion import POSITION
from ops.patterns import gradients, matches
from ops.twins import check_shape, corners


class MaxPool(CompiledOp):
    """z (n, c, h, w) -> p (n, c, h // 2, w // 2), mask uint8 of that shape.

    Bit k of the mask is whether the window's number k is its maximum.
    """

    __props__ = ('mask',)
    source = 'max_pool.cpp'
    arrays = 'max_pool_arrays.h'
    function = 'max_pool'

    def __init__(self, mask=True):
        self.mask = bool(mask)

    def arguments(self, inputs, outputs):
        return super().arguments(inputs, outputs) + ['NULL'] * (
            2 - len(outputs))

    def make_node(self, z):
        z, = variables(self, ('z',), (z,), (4,))
        return Apply(self, [z], [images(z.dtype)]
                     + [images('uint8')] * self.mask)

    def perform(self, node, inputs, storage):
        four = corners(inputs[0])
        p = four[0].copy()
        for corner in four[1:]:
            p = np.where(corner > p, corner, p)
        storage[0][0] = p
        if self.mask:
            storage[1][0] = sum((corner == p).astype(np.uint8) << k
                                for k, corner in enumerate(four)
                                ).astype(np.uint8)

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, h // 2, w // 2)] * (1 + self.mask)


class MaxPoolGrad(CompiledOp):
    """Mask, g (n, c, h', w'), z's shape -> the gradient of z."""

    __props__ = ()
    source = 'max_pool.cpp'
    arrays = 'max_pool_arrays.h'
    function = 'max_pool_grad'

    def make_node(self, mask, g, z_shape):
        g, = variables(self, ('g',), (g,), (4,))
        mask, z_shape = map(T.as_tensor_variable, (mask, z_shape))
        if (mask.ndim, mask.dtype, z_shape.ndim, z_shape.dtype) != (
                4, 'uint8', 1, 'int64'):
            raise TypeError('%s: expected the mask of MaxPool and the shape '
                            'of its z, got %s and %s'
                            % (self, mask.type, z_shape.type))
        return Apply(self, [mask, g, z_shape], [images(g.dtype)])

    def perform(self, node, inputs, storage):
        mask, g, z_shape = inputs
        n, c, h, w = z_shape
        for name, array in (('mask', mask), ('gradient', g)):
            check_shape(name, array, (n, c, h // 2, w // 2))
        gz = np.zeros((n, c, h, w), g.dtype)
        for k, corner in enumerate(corners(gz)):
            corner[...] = np.where(mask >> k & 1, g, 0)
        storage[0][0] = gz

    def infer_shape(self, node, shapes):
        return [[node.inputs[2][k] for k in range(4)]]


@functools.lru_cache(maxsize=None)
def pattern(dtype):
    """z, p, the gradient of p and what comes of it, as Theano's graphs."""
    z = images(dtype)
    p = pool_2d(z, (2, 2), ignore_border=True, stride=(2, 2), pad=(0, 0))
    gradient, (gz,) = gradients(p, (z,))
    return z, p, gradient, gz


class FuseMaxPool(Optimizer):
    """Theano's max-pools of 2 x 2, and their gradients, become ours."""

    def add_requirements(self, fgraph):
        fgraph.attach_feature(ReplaceValidate())

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            z, p, gradient, gz = pattern(dtype)
            for found in list(matches(p, fgraph)):
                backward = list(matches(gz, fgraph, found))
                outputs = MaxPool(bool(backward))(found[z], return_list=True)
                pairs = [(found[p], outputs[0])] + [
                    (bound[gz], MaxPoolGrad()(outputs[1], bound[gradient],
                                              found[z].shape))
                    for bound in backward]
                fgraph.replace_all_validate(pairs, reason='max_pool')


#: One operation of each library, to build it by.
OPERATIONS = (MaxPool(),)

optdb.register('max_pool', FuseMaxPool(), POSITION + 0.02)
