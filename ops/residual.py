"""Sums of images, as residual networks have them, in what makes one side.

A convolution, or the gradient of a batch norm or of products, adds other
images while its own are at hand, in whatever order they lie. Registered with
Theano's optimizer as 'residual', after what makes such operations.
"""

import theano.tensor as T
from theano.compile import optdb

from ops.batch_norm import BatchNormReLUGrad
from ops.compiled import images
from ops.convolution import ConvolutionBlock
from ops.fusion import POSITION
from ops.gram import GramGrad
from ops.patterns import Fusion


class FuseResidual(Fusion):
    """Where nobody asks for what it was before, a sum is part of its side.

    Of two sides that can add, the first gets what comes of the other.
    """

    def apply(self, fgraph):
        for node in fgraph.toposort():
            if node.op == T.add and len(node.inputs) == 2 and all(
                    variable.type == images(variable.dtype).type
                    for variable in node.inputs):
                fuse(fgraph, node)


def fuse(fgraph, node):
    """Replace a sum and the operation of one of its sides, if it can add."""
    for side, other in (node.inputs, node.inputs[::-1]):
        op = side.owner and adding(side.owner.op)
        if op and side is side.owner.outputs[0] and len(side.clients) == 1:
            results = op(*side.owner.inputs, other, return_list=True)
            return fgraph.replace_all_validate(
                [(node.outputs[0], results[0]),
                 *zip(side.owner.outputs[1:], results[1:])],
                reason='residual')
    return None


def adding(op):
    """The operation that adds images to its own; None if there is none."""
    if isinstance(op, (BatchNormReLUGrad, GramGrad)) and not op.added:
        return type(op)(added=True)
    if isinstance(op, ConvolutionBlock) and not (op.relu or op.added):
        return ConvolutionBlock(op.stride, op.pad, op.flip, relu=False,
                                bias=op.bias, added=True)
    return None


#: One operation of each library, to build it by.
OPERATIONS = ()

optdb.register('residual', FuseResidual(), POSITION + 0.03)
