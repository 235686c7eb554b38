"""Max-pools as Caffe's, in C++: the first maximum gets the gradient.

Windows are 2 x 2 side by side, or 3 x 3 of which every second one is taken,
so that they overlap, and that hang over the lower and right borders. No ReLU
precedes them, else `bias_relu` had it, whose ReLU may follow the second kind.
A NaN wins where it comes first.
Images may lie as (n, c, h, w) or, as oneDNN leaves them, as (n, h, w, c);
results lie as they do. Registered with Theano's optimizer as 'max_pool'.
"""

import functools
import itertools

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply

from ops.compiled import CompiledOp, UnpoolOp, images, variables
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches
from ops.twins import CORNERS, corners, relu

#: Places in a 3 x 3 window, row by row, and what of an image that has one
#: row or column more lies at each place of its windows.
NINE = tuple(itertools.product(range(3), repeat=2))
THREE = (slice(0, -2, 2), slice(1, -1, 2), slice(2, None, 2))


class FirstMaxPool(CompiledOp):
    """z (n, c, h, w) -> p (n, c, h // 2, w // 2), place uint8 of that shape.

    The place, 0 to 3, is where in its window the first maximum is.
    """

    __props__ = ('place',)
    kernels = 'pools'
    function = 'max_pool'
    results = 2
    side = 2
    views = staticmethod(corners)

    def __init__(self, place=True):
        self.place = bool(place)

    def settings(self):
        return [str(self.side), '0']

    def make_node(self, z):
        z, = variables(self, ('z',), (z,), (4,))
        return Apply(self, [z], [images(z.dtype)]
                     + [images('uint8')] * self.place)

    def twin(self, z):
        first, *others = self.views(z)
        p, place = first.copy(), np.zeros(first.shape, np.uint8)
        for k, values in enumerate(others, 1):
            better = values > p
            p[better], place[better] = values[better], k
        return p, place

    def infer_shape(self, node, shapes):
        n, c, h, w = shapes[0]
        return [(n, c, h // 2, w // 2)] * (1 + self.place)


class FirstMaxPoolGrad(UnpoolOp):
    """Place, g (n, c, h', w'), z's shape -> the gradient of z."""

    __props__ = ()
    kernels = 'pools'
    function = 'max_pool_grad'
    saved = 'place', 'places of FirstMaxPool'
    side = 2

    def settings(self):
        return [str(self.side)]

    def twin(self, place, g, z_shape):
        self.check(place, g, z_shape)
        gz = np.zeros(z_shape, g.dtype)
        for k, corner in enumerate(corners(gz)):
            corner[...] = np.where(place == k, g, 0)
        return [gz]


class OverlapMaxPool(FirstMaxPool):
    """The same of 3 x 3 windows, every second one; h and w are even.

    The place, 0 to 8, goes by the window's rows. At the lower and right
    borders windows are cut. With `relu`, p is max(p, 0), -0 where p < 0, and
    the place 255 where p < 0, 16 more where p is 0, 32 more where it is NaN.
    """

    __props__ = ('place', 'relu')
    side = 3

    def __init__(self, place=True, relu=False):
        super().__init__(place)
        self.relu = bool(relu)

    def settings(self):
        return [str(self.side), str(int(self.relu))]

    def twin(self, z):
        p, place = super().twin(z)
        if not self.relu:
            return p, place
        place += (16 * (p == 0) + 32 * np.isnan(p)).astype(np.uint8)
        place[p < 0] = 255
        return relu(p), place

    @staticmethod
    def views(z):
        check_even(z.shape)
        whole = np.pad(z, ((0, 0), (0, 0), (0, 1), (0, 1)),
                       constant_values=-np.inf)
        h, w = z.shape[2:]
        return [whole[:, :, i:i + h:2, j:j + w:2] for i, j in NINE]


class OverlapMaxPoolGrad(FirstMaxPoolGrad):
    """The same of `OverlapMaxPool`, whether a ReLU follows it or not."""

    side = 3

    def twin(self, place, g, z_shape):
        self.check(place, g, z_shape)
        check_even(z_shape)
        n, c, h, w = z_shape
        gz = np.zeros((n, c, h + 1, w + 1), g.dtype)
        g = np.where(place & 32, np.nan, np.where(place & 16, g / 2, g)
                     ).astype(g.dtype)
        for row in range(h // 2):            # in the order of the C++
            for k, (i, j) in enumerate(NINE):
                gz[:, :, 2 * row + i, j:j + w:2] += np.where(
                    place[:, :, row] & 15 == k, g[:, :, row], 0)
        return [gz[:, :, :h, :w]]


def check_even(shape):
    """Raise as the C++ does."""
    if shape[2] % 2 or shape[3] % 2:
        raise ValueError('overlapping windows: expected an even height and '
                         'width, got %d and %d' % tuple(shape[2:]))


def first_maximum(places):
    """The largest of some variables; its gradient goes to the first such."""
    best = places[0]
    for place in places[1:]:
        best = T.switch(T.gt(place, best), place, best)
    return best


def side_by_side(z):
    """`first_maximum` of whole 2 x 2 windows."""
    return first_maximum([z[:, :, i::2, j::2] for i, j in CORNERS])


def overlapping(z):
    """`first_maximum` of 3 x 3 windows, every second one, of even images."""
    for axis in (2, 3):                  # one more row, then column, of -inf
        edge = [1 if k == axis else z.shape[k] for k in range(4)]
        z = T.concatenate([z, T.alloc(np.asarray(-np.inf, z.dtype), *edge)],
                          axis)
    return first_maximum([z[:, :, THREE[i], THREE[j]] for i, j in NINE])


def overlapping_rectified(z):
    """Lasagne's and Theano's ReLU of that."""
    return T.nnet.relu(overlapping(z))


@functools.lru_cache(maxsize=None)
def pattern(formula, dtype):
    """z, p, the gradient of p and what comes of it, as Theano's graphs."""
    z = images(dtype)
    p = formula(z)
    gradient, (gz,) = gradients(p, (z,))
    return z, p, gradient, gz


class FuseMaxPool(Fusion):
    """The formulas' graphs, and their gradients, as operations."""

    def apply(self, fgraph):
        for (formula, (forward, back)), dtype in itertools.product(
                FORMULAS.items(), ('float32', 'float64')):
            z, p, gradient, gz = pattern(formula, dtype)
            for found in list(matches(p, fgraph)):
                backward = list(matches(gz, fgraph, found))
                outputs = forward(bool(backward))(found[z], return_list=True)
                pairs = [(found[p], outputs[0])] + [
                    (bound[gz], back()(outputs[1], bound[gradient],
                                       found[z].shape))
                    for bound in backward]
                fgraph.replace_all_validate(pairs, reason='max_pool')


#: What computes a formula, and its gradient; a whole one before its part.
FORMULAS = {side_by_side: (FirstMaxPool, FirstMaxPoolGrad),
            overlapping_rectified: (
                functools.partial(OverlapMaxPool, relu=True),
                OverlapMaxPoolGrad),
            overlapping: (OverlapMaxPool, OverlapMaxPoolGrad)}
#: One operation of each library, to build it by.
OPERATIONS = (FirstMaxPool(),)

optdb.register('max_pool', FuseMaxPool(), POSITION + 0.02)
