"""Products of all pairs of a batch's features, in whatever order they lie.

A graph on the features of a layer asks for these alone, whose order does not
matter: those of images that oneDNN has left as (n, h, w, c) are multiplied as
they are, by BLAS, which NumPy calls. Registered with Theano's optimizer as
'gram'.
"""

import functools
from types import SimpleNamespace

import numpy as np
import theano.tensor as T
from theano import gof
from theano.compile import optdb

from ops.compiled import images, variables
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches
from ops.twins import check_shape


def products(features):
    """The Gram matrix (n, n) of features (n, c, h, w), as a graph."""
    rows = features.flatten(2)
    return T.dot(rows, rows.T)


class Gram(gof.Op):
    """x (n, c, h, w) -> the products of all pairs of its images, (n, n)."""

    __props__ = ()

    def make_node(self, x):
        x, = variables(self, 'x', (x,), (4,))
        return gof.Apply(self, [x], [T.matrix(dtype=x.dtype)])

    def perform(self, node, inputs, storage, params=None):
        rows, _ = as_rows(inputs[0])
        storage[0][0] = np.dot(rows, rows.T)      # half the work: symmetric

    def infer_shape(self, node, shapes):
        return [(shapes[0][0],) * 2]


class GramGrad(gof.Op):
    """x (n, c, h, w), s (n, n), perhaps images -> s · x, with them added.

    With s = g + gᵀ, of the gradient g of the products, it is that of x.
    """

    __props__ = ('added',)

    def __init__(self, added=False):
        self.added = bool(added)

    def make_node(self, *inputs):
        inputs = variables(self, ('x', 's', 'added')[:2 + self.added],
                           inputs, (4, 2, 4)[:2 + self.added])
        return gof.Apply(self, inputs, [images(inputs[0].dtype)])

    def perform(self, node, inputs, storage, params=None):
        x, s, *added = inputs
        check_shape('s', s, (len(x),) * 2)
        rows, back = as_rows(x)
        storage[0][0] = found = back(np.dot(s, rows))
        for others in added:
            check_shape('added', others, x.shape)
            found += others

    def infer_shape(self, node, shapes):
        return shapes[:1]


def as_rows(x):
    """x (n, c, h, w) as (n, c·h·w), without a copy if it can be.

    Returns
    -------
    (n, c·h·w) array
        Of each image the pixels in the order in which they lie.
    callable
        An array so -> images that lie as x does.
    """
    n, c, h, w = x.shape
    if x.transpose(0, 2, 3, 1).flags.c_contiguous:
        return x.transpose(0, 2, 3, 1).reshape(n, -1), (
            lambda rows: rows.reshape(n, h, w, c).transpose(0, 3, 1, 2))
    return x.reshape(n, -1), lambda rows: rows.reshape(n, c, h, w)


@functools.lru_cache(maxsize=None)
def pattern(dtype):
    """The products and their gradient as Theano's graphs.

    x, result; gradient, that of the result, and gx, what comes of it.
    """
    x = images(dtype)
    result = products(x)
    gradient, (gx,) = gradients(result, (x,))
    return SimpleNamespace(x=x, result=result, gradient=gradient, gx=gx)


class FuseGram(Fusion):
    """Products, and their gradients, become one operation each."""

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            graphs = pattern(dtype)
            for found in list(matches(graphs.result, fgraph)):
                x = found[graphs.x]
                pairs = [(found[graphs.result], Gram()(x))]
                for bound in matches(graphs.gx, fgraph, found):
                    g = bound[graphs.gradient]
                    pairs.append((bound[graphs.gx], GramGrad()(x, g + g.T)))
                fgraph.replace_all_validate(pairs, reason='gram')


#: One operation of each library, to build it by: there is none.
OPERATIONS = ()

optdb.register('gram', FuseGram(), POSITION)
