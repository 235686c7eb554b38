"""Norms and factors of a batch's elements, in C++, however they lie.

BANG asks for them at every layer: Theano would write the squares of all
errors to memory, in double precision, and put what lies as (n, h, w, c) into
another order. Registered with Theano's optimizer as 'elements'.
"""

import functools

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply

from ops.compiled import CompiledOp, images
from ops.fusion import POSITION
from ops.patterns import Fusion, matches
from ops.twins import check_shape


class ElementNorms(CompiledOp):
    """values (n, ...) -> their L2 norms, float64 (n,)."""

    __props__ = ()
    kernels = 'elements'
    function = 'element_norms'

    def make_node(self, values):
        return Apply(self, [values], [T.dvector()])

    def twin(self, values):
        squares = np.square(values.astype(np.float64))
        return [np.sqrt(squares.sum(axis=tuple(range(1, values.ndim))))]

    def infer_shape(self, node, shapes):
        return [shapes[0][:1]]


class ScaleElements(CompiledOp):
    """values (n, ...), factors (n,) -> each element times its factor."""

    __props__ = ()
    kernels = 'elements'
    function = 'scale_elements'

    def make_node(self, values, factors):
        return Apply(self, [values, factors], [values.type()])

    def twin(self, values, factors):
        check_shape('factors', factors, values.shape[:1])
        return [values * factors.reshape((-1,) + (1,) * (values.ndim - 1))]

    def infer_shape(self, node, shapes):
        return shapes[:1]


def norms(values):
    """L2 norms of a batch's elements in double precision, as a graph."""
    squares = T.sqr(values.astype('float64'))
    return T.sqrt(squares.sum(axis=list(range(1, values.ndim))))


def scaled(values, factors):
    """Each element of a batch times its own factor, as a graph."""
    return values * factors.dimshuffle(0, *['x'] * (values.ndim - 1))


@functools.lru_cache(maxsize=None)
def pattern(dtype):
    """values, factors, and the two formulas of them, as Theano's graphs."""
    values, factors = images(dtype), T.vector(dtype=dtype)
    return values, factors, norms(values), scaled(values, factors)


class FuseElements(Fusion):
    """The formulas of `norms` and `scaled` become one operation each.

    Those of images: of dense layers' errors, there is little to be gained.
    """

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            values, factors, size, product = pattern(dtype)
            pairs = [(found[size], ElementNorms()(found[values]))
                     for found in matches(size, fgraph)]
            pairs += [(found[product], ScaleElements()(found[values],
                                                       found[factors]))
                      for found in matches(product, fgraph)]
            fgraph.replace_all_validate(pairs, reason='elements')


#: One operation of each library, to build it by.
OPERATIONS = (ElementNorms(),)

optdb.register('elements', FuseElements(), POSITION + 0.02)
