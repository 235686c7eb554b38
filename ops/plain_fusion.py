"""Puts oneDNN's convolutions where no ReLU follows, so no block is.

Registered as 'plain_convolution', behind 'convolution'. The gradients of
images and of weights are replaced apart: BANG's are not of the same errors.
"""

import functools
from typing import NamedTuple

import theano.tensor as T
from theano.compile import optdb
from theano.gof import Optimizer
from theano.gof.toolbox import ReplaceValidate
from theano.tensor.nnet.abstract_conv import AbstractConv2d

from ops.block_fusion import geometry
from ops.compiled import images
from ops.convolution import ConvolutionBlock, ConvolutionBlockGrad
from ops.fusion import POSITION
from ops.patterns import gradients, matches


class PlainPattern(NamedTuple):
    """z = x * w + b and its gradients, as Theano's graphs."""

    x: object
    w: object
    b: object
    z: object
    gz: object            # the gradient of z, and what comes of it:
    gx: object
    gw: object
    gb: object


@functools.lru_cache(maxsize=None)
def pattern(convolution):
    """The pattern of one AbstractConv2d."""
    x, w, b = images('float32'), images('float32'), T.vector(dtype='float32')
    z = convolution(x, w) + b.dimshuffle('x', 0, 'x', 'x')
    gz, found = gradients(z, (x, w, b))
    return PlainPattern(x, w, b, z, gz, *found)


class FusePlainConvolution(Optimizer):
    """Convolution and bias become one operation, and so their gradients."""

    def add_requirements(self, fgraph):
        fgraph.attach_feature(ReplaceValidate())

    def apply(self, fgraph):
        operations = {node.op for node in fgraph.toposort()
                      if isinstance(node.op, AbstractConv2d)
                      and geometry(node.outputs[0]) is not None}
        for operation in sorted(operations, key=str):
            plain = pattern(operation)
            for found in list(matches(plain.z, fgraph)):
                settings = geometry(found[plain.z].owner.inputs[0])
                if settings is not None:
                    fuse(fgraph, plain, found, dict(settings, relu=False))


def fuse(fgraph, plain, found, settings):
    """Replace one convolution with its bias, and the gradients of it."""
    x, w = found[plain.x], found[plain.w]
    pairs = [(found[plain.z],
              ConvolutionBlock(**settings)(x, w, found[plain.b]))]
    known = {plain.x: x, plain.w: w}
    for bound in matches(plain.gx, fgraph, known):
        g = bound[plain.gz]
        pairs.append((bound[plain.gx], ConvolutionBlockGrad(
            weights=False, **settings)(x, w, g, g)))
    for bound in matches(plain.gw, fgraph, known):
        g = bound[plain.gz]
        gw, gb = ConvolutionBlockGrad(images=False, **settings)(
            x, w, g, g, return_list=True)
        pairs.append((bound[plain.gw], gw))
        pairs += [(sums[plain.gb], gb) for sums
                  in matches(plain.gb, fgraph, {plain.gz: g})]
    fgraph.replace_all_validate(pairs, reason='plain_convolution')


#: What it puts in is built with 'convolution'.
OPERATIONS = ()

optdb.register('plain_convolution', FusePlainConvolution(), POSITION + 0.02)
