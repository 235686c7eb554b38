"""2x2 max-pool as Caffe's, in C++: the first maximum gets the gradient.

No ReLU precedes it, else `bias_relu` had it. A NaN wins where it comes first.
Images may lie as (n, c, h, w) or, as oneDNN leaves them, as (n, h, w, c);
results lie as they do. Registered with Theano's optimizer as 'max_pool'.
"""

import functools

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply

from ops.compiled import CompiledOp, UnpoolOp, images, variables
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches
from ops.twins import CORNERS, corners


class FirstMaxPool(CompiledOp):
    """z (n, c, h, w) -> p (n, c, h // 2, w // 2), place uint8 of that shape.

    The place, 0 to 3, is where in its window the first maximum is.
    """

    __props__ = ('place',)
    source = 'max_pool.cpp'
    arrays = 'max_pool_arrays.h'
    function = 'max_pool'
    results = 2

    def __init__(self, place=True):
        self.place = bool(place)

    def make_node(self, z):
        z, = variables(self, ('z',), (z,), (4,))
        return Apply(self, [z], [images(z.dtype)]
                     + [images('uint8')] * self.place)

    def twin(self, z):
        four = corners(z)
        p, place = four[0].copy(), np.zeros(four[0].shape, np.uint8)
        for k, corner in enumerate(four[1:], 1):
            better = corner > p
            p[better], place[better] = corner[better], k
        return p, place

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, h // 2, w // 2)] * (1 + self.place)


class FirstMaxPoolGrad(UnpoolOp):
    """Place, g (n, c, h', w'), z's shape -> the gradient of z."""

    __props__ = ()
    source, arrays = FirstMaxPool.source, FirstMaxPool.arrays
    function = 'max_pool_grad'
    saved = 'place', 'places of FirstMaxPool'

    def twin(self, place, g, z_shape):
        self.check(place, g, z_shape)
        gz = np.zeros(z_shape, g.dtype)
        for k, corner in enumerate(corners(gz)):
            corner[...] = np.where(place == k, g, 0)
        return [gz]


def first_maximum(places):
    """The largest of some variables; its gradient goes to the first such."""
    best = places[0]
    for place in places[1:]:
        best = T.switch(T.gt(place, best), place, best)
    return best


@functools.lru_cache(maxsize=None)
def pattern(dtype):
    """z, p, the gradient of p and what comes of it, as Theano's graphs."""
    z = images(dtype)
    p = first_maximum([z[:, :, i::2, j::2] for i, j in CORNERS])
    gradient, (gz,) = gradients(p, (z,))
    return z, p, gradient, gz


class FuseMaxPool(Fusion):
    """`first_maximum` of whole 2 x 2 windows, and its gradients."""

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            z, p, gradient, gz = pattern(dtype)
            for found in list(matches(p, fgraph)):
                backward = list(matches(gz, fgraph, found))
                outputs = FirstMaxPool(bool(backward))(found[z],
                                                       return_list=True)
                pairs = [(found[p], outputs[0])] + [
                    (bound[gz], FirstMaxPoolGrad()(
                        outputs[1], bound[gradient], found[z].shape))
                    for bound in backward]
                fgraph.replace_all_validate(pairs, reason='max_pool')


#: One operation of each library, to build it by.
OPERATIONS = (FirstMaxPool(),)

optdb.register('max_pool', FuseMaxPool(), POSITION + 0.02)
