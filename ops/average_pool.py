"""Caffe's average-pool in C++: 3 x 3 windows, of which every second is taken.

They overlap, and are cut at the lower and right borders, where an average is
over the pixels that are there. Images may lie as (n, c, h, w) or, as oneDNN
leaves them, as (n, h, w, c); results lie as they do. Registered with Theano's
optimizer as 'average_pool'.
"""

import functools

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply
from theano.tensor.signal.pool import pool_2d

from ops.compiled import CompiledOp, images, variables
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches
from ops.twins import check_shape


class OverlapAveragePool(CompiledOp):
    """z (n, c, h, w) -> p (n, c, h // 2, w // 2), of a length of 1 one."""

    __props__ = ()
    kernels = 'pools'
    function = 'average_pool'

    def make_node(self, z):
        z, = variables(self, ('z',), (z,), (4,))
        return Apply(self, [z], [images(z.dtype)])

    def twin(self, z):
        p = np.zeros(z.shape[:2] + pooled_shape(z.shape), z.dtype)
        for i, j in np.ndindex(*p.shape[2:]):
            window = z[:, :, 2 * i:2 * i + 3, 2 * j:2 * j + 3]
            p[:, :, i, j] = sum(window[:, :, k, m] for k, m in np.ndindex(
                *window.shape[2:]))
            p[:, :, i, j] /= z.dtype.type(window.shape[2] * window.shape[3])
        return [p]

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, T.maximum(h // 2, 1), T.maximum(w // 2, 1))]


class OverlapAveragePoolGrad(CompiledOp):
    """g (n, c, h', w'), z -> the gradient of z, which lies as z does."""

    __props__ = ()
    kernels = 'pools'
    function = 'average_pool_grad'

    def make_node(self, g, z):
        g, z = variables(self, 'gz', (g, z), (4, 4))
        return Apply(self, [g, z], [images(z.dtype)])

    def twin(self, g, z):
        check_shape('gradient', g, z.shape[:2] + pooled_shape(z.shape))
        gz = np.zeros_like(z)
        for i, j in np.ndindex(*g.shape[2:]):
            window = gz[:, :, 2 * i:2 * i + 3, 2 * j:2 * j + 3]
            share = g.dtype.type(1) / g.dtype.type(
                window.shape[2] * window.shape[3])
            window += g[:, :, i:i + 1, j:j + 1] * share
        return [gz]

    def infer_shape(self, node, shapes):
        return shapes[1:]


def pooled_shape(shape):
    """The height and width of a pool; raises as the C++ does."""
    if min(shape[2:]) < 1:
        raise ValueError('average-pool: expected a height and a width of 1 or '
                         'more, got %d and %d' % tuple(shape[2:]))
    return tuple(max(1, length // 2) for length in shape[2:])


@functools.lru_cache(maxsize=None)
def pattern(dtype):
    """z, p, the gradient of p and what comes of it, as Theano's graphs."""
    z = images(dtype)
    p = pool_2d(z, (3, 3), ignore_border=False, stride=(2, 2), pad=(0, 0),
                mode='average_exc_pad')
    gradient, (gz,) = gradients(p, (z,))
    return z, p, gradient, gz


class FuseAveragePool(Fusion):
    """Theano's pools, and their gradients, as operations."""

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            z, p, gradient, gz = pattern(dtype)
            found = [(match[gz], OverlapAveragePoolGrad()(
                match[gradient], match[z])) for match in matches(gz, fgraph)]
            found += [(match[p], OverlapAveragePool()(match[z]))
                      for match in matches(p, fgraph)]
            fgraph.replace_all_validate(found, reason='average_pool')


#: One operation of each library, to build it by.
OPERATIONS = (OverlapAveragePool(),)

optdb.register('average_pool', FuseAveragePool(), POSITION + 0.02)
