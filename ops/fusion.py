"""Puts the operations of `bias_relu` into graphs that do not know them.

Registered with Theano's optimizer database as 'bias_relu', which
Theano's flag optimizer_including chooses; `environment.prepare` sets it. It
comes before all that rewrites a graph, when a graph is still what Lasagne and
`theano.grad` have made.
"""

import functools
from types import SimpleNamespace

import theano.tensor as T
from theano.compile import optdb
from theano.tensor.signal.pool import pool_2d

from ops.bias_relu import (
    BiasReLU,
    BiasReLUGrad,
    BiasReLUPool,
    BiasReLUPoolGrad,
)
from ops.compiled import images
from ops.patterns import Fusion, gradients, matches

#: The merger of equal nodes is at 0, the first rewriting at 0.1.
POSITION = 0.05


@functools.lru_cache(maxsize=None)
def pattern(dtype, pooled):
    """ReLU(z + b), pooled or not, and its gradients, as Theano's graphs.

    z, b, result; inner: what lies between; gradient, that of the result,
    and what comes of it, gz and gb.
    """
    z, b = images(dtype), T.vector(dtype=dtype)
    total = z + b.dimshuffle('x', 0, 'x', 'x')
    result = T.nnet.relu(total)
    inner = (total,)
    if pooled:
        inner = (total, result)
        result = pool_2d(result, (2, 2), ignore_border=True, stride=(2, 2),
                         pad=(0, 0))
    gradient, (gz, gb) = gradients(result, (z, b))
    return SimpleNamespace(z=z, b=b, result=result, inner=inner,
                           gradient=gradient, gz=gz, gb=gb)


class FuseBiasReLU(Fusion):
    """Bias, ReLU and 2x2 max-pool, and their gradients, become one each.

    A block of which something else uses the inside is left as it is, or
    fused without its pool.
    """

    def apply(self, fgraph):
        for pooled in (True, False):
            for dtype in ('float32', 'float64'):
                block = pattern(dtype, pooled)
                for found in list(matches(block.result, fgraph)):
                    fuse(fgraph, block, found, pooled)


def fuse(fgraph, block, found, pooled):
    """Replace one block and its gradients, if nobody sees its inside.

    Parameters
    ----------
    block : SimpleNamespace
        As `pattern` makes it.
    found : dict
        What its variables stand for.
    pooled : bool
    """
    backward = list(matches(block.gz, fgraph, found))
    for bound in backward:
        # There may be none: attacks ask for no gradient of a bias.
        bound.update(next(matches(block.gb, fgraph, bound), {}))
    ends = (block.result, block.gz, block.gb)
    if not together(block, found, backward, ends):
        return
    z, b = found[block.z], found[block.b]
    forward = BiasReLUPool(mask=bool(backward)) if pooled else BiasReLU()
    outputs = forward(z, b, return_list=True)
    back = BiasReLUPoolGrad if pooled else BiasReLUGrad
    shape = [z.shape] if pooled else []
    pairs = [(found[block.result], outputs[0])]
    for bound in backward:
        results = back(block.gb in bound)(
            outputs[-1], bound[block.gradient], *shape, return_list=True)
        pairs += zip([bound[block.gz], bound.get(block.gb)], results)
    fgraph.replace_all_validate(pairs, reason='bias_relu')


def together(block, found, backward, ends):
    """Whether all that lies between a block's ends goes with them.

    The bias's reshaping, which other blocks may share, may stay.
    """
    computed = [(key, variable) for bound in [found] + backward
                for key, variable in bound.items() if key.owner is not None]
    replaced = {variable for key, variable in computed if key in ends}
    going = {variable.owner for _, variable in computed}

    def stays(node):
        return any(client not in going
                   for variable in node.outputs if variable not in replaced
                   for client, _ in variable.clients)

    staying = True
    while staying:
        staying = {node for node in going if stays(node)}
        going -= staying
    return all(found[key].owner in going for key in block.inner)


#: One operation of each library, to build it by.
OPERATIONS = (BiasReLU(),)

optdb.register('bias_relu', FuseBiasReLU(), POSITION)
