"""Puts oneDNN's convolutions into graphs, with what follows them.

Blocks, where `fusion` has left its operations, as 'convolution', just behind
'bias_relu'; then, where no ReLU follows, convolutions with a bias or without
one, as 'plain_convolution'. What oneDNN does not do (float64, dilation,
groups, padding on one side) is left as it is.
"""

import functools
from types import SimpleNamespace

import theano.tensor as T
from theano.compile import optdb
from theano.tensor.nnet.abstract_conv import (
    AbstractConv2d,
    border_mode_to_pad,
)

from ops.bias_relu import (
    BiasReLU,
    BiasReLUGrad,
    BiasReLUPool,
    BiasReLUPoolGrad,
)
from ops.compiled import images
from ops.convolution import ConvolutionBlock, ConvolutionBlockGrad
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches


@functools.lru_cache(maxsize=None)
def pattern(convolution, bias=True):
    """A convolution, z = x * w + b, and its gradients, as graphs.

    Of an AbstractConv2d: x, w, b, z; gz, the gradient of z, and what comes
    of it, gx, gw and gb. Without a bias, b and gb are None.
    """
    x, w, b = images('float32'), images('float32'), None
    z = convolution(x, w)
    if bias:
        b = T.vector(dtype='float32')
        z = z + b.dimshuffle('x', 0, 'x', 'x')
    gz, (gx, gw, *gb) = gradients(z, (x, w) + (b,) * bias)
    return SimpleNamespace(x=x, w=w, b=b, z=z, gz=gz, gx=gx, gw=gw,
                           gb=gb[0] if bias else None)


def geometry(z):
    """A block's stride, pad and flip for a convolution; None if not ours."""
    op = z.owner and z.owner.op
    if (not isinstance(op, AbstractConv2d)
            or tuple(op.filter_dilation) != (1, 1) or op.num_groups != 1
            or op.unshared
            or any(variable.type != images('float32').type
                   for variable in z.owner.inputs + [z])):
        return None
    pad = padding(op.border_mode, op.kshp[2:])
    return pad and {'stride': tuple(op.subsample), 'pad': pad,
                    'flip': op.filter_flip}


def padding(mode, kernel):
    """Zeros added above and left, the same on the other sides; or None."""
    if mode in ('half', 'full') and None in kernel:
        return None
    pairs = border_mode_to_pad(mode, 2, kernel)
    return None if any(low != high for low, high in pairs) else tuple(
        low for low, _ in pairs)


class FuseConvolution(Fusion):
    """Convolution and what follows it become a block, forward and back."""

    def apply(self, fgraph):
        for node in fgraph.toposort():
            if isinstance(node.op, (BiasReLU, BiasReLUPool)):
                settings = geometry(node.inputs[0])
                if settings is not None:
                    fuse_block(fgraph, node, settings)


def fuse_block(fgraph, node, settings):
    """Replace a block and its gradients, as far as nobody sees its inside."""
    z, biases = node.inputs
    x, w = z.owner.inputs
    pool = isinstance(node.op, BiasReLUPool)
    mask = pool and node.op.mask
    # Its shape, which BiasReLUPoolGrad asks for, is not its value.
    if any(client != node and not isinstance(getattr(client, 'op', None),
                                             T.Shape)
           for client, _ in z.clients):
        return
    block = ConvolutionBlock(pool=pool, mask=mask, **settings)
    outputs = block(x, w, biases, return_list=True)
    graphs, pairs = pattern(z.owner.op), []
    for client, position in list(node.outputs[-1].clients):
        # As its first input; y may be its gradient, too.
        if position == 0 and isinstance(getattr(client, 'op', None),
                                        (BiasReLUGrad, BiasReLUPoolGrad)):
            pairs += backward(fgraph, graphs, client, (x, w), outputs[-1],
                              dict(settings, pool=pool))
    pairs = pairs or apart(fgraph, graphs, x, w, settings)
    fgraph.replace_all_validate(list(zip(node.outputs, outputs)) + pairs,
                                reason='convolution')


def backward(fgraph, convolution, node, inputs, saved, settings):
    """Pairs of a block's gradients and what replaces them; maybe none."""
    gz = node.outputs[0]
    bound = dict(zip((convolution.x, convolution.w, convolution.gz),
                     (*inputs, gz)))
    gx, gw = [next((found[wanted] for found in
                    matches(wanted, fgraph, bound)), None)
              for wanted in (convolution.gx, convolution.gw)]
    expected = {variable.owner for variable in (gx, gw)
                if variable is not None}
    if {client for client, _ in gz.clients} != expected:
        return []
    weights = gw is not None or len(node.outputs) > 1 and bool(
        node.outputs[1].clients)
    results = ConvolutionBlockGrad(
        weights=weights, images=gx is not None, **settings)(
            *inputs, saved, node.inputs[1], return_list=True)
    old = ([gw] + (node.outputs[1:] or [None])) * weights + [gx] * (
        gx is not None)
    return [pair for pair in zip(old, results) if pair[0] is not None]


def apart(fgraph, graphs, x, w, settings):
    """A convolution's own gradients, of images and weights, of one error.

    One operation for each error: BANG's for weights is another than that
    for images. With that of the bias, where there is one. Returns pairs of a
    gradient and what replaces it.
    """
    known, errors, pairs = {graphs.x: x, graphs.w: w}, {}, []
    for wanted in (graphs.gw, graphs.gx):
        for bound in matches(wanted, fgraph, known):
            errors.setdefault(bound[graphs.gz], {})[wanted] = bound[wanted]
    for g, found in errors.items():
        if graphs.gw in found and graphs.b is not None:
            found.update(next(matches(graphs.gb, fgraph, {graphs.gz: g}), {}))
        asked = [graph for graph in (graphs.gw, graphs.gb, graphs.gx)
                 if graph in found]
        results = ConvolutionBlockGrad(
            weights=graphs.gw in found, images=graphs.gx in found, relu=False,
            bias=graphs.gb in found, **settings)(x, w, g, g, return_list=True)
        pairs += zip([found[graph] for graph in asked], results)
    return pairs


class FusePlainConvolution(Fusion):
    """Convolutions, with a bias or without, and their gradients."""

    def apply(self, fgraph):
        operations = {node.op for node in fgraph.toposort()
                      if isinstance(node.op, AbstractConv2d)
                      and geometry(node.outputs[0]) is not None}
        for operation in sorted(operations, key=str):
            for bias in (True, False):
                plain = pattern(operation, bias)
                for found in list(matches(plain.z, fgraph)):
                    z = found[plain.z]
                    settings = geometry(
                        z.owner.inputs[0] if bias else z)
                    if settings is not None:
                        fuse_plain(fgraph, plain, found, settings)


def fuse_plain(fgraph, plain, found, settings):
    """Replace one convolution, its bias, and the gradients of it."""
    x, w = found[plain.x], found[plain.w]
    biases = [found[plain.b]] if plain.b else []
    pairs = [(found[plain.z], ConvolutionBlock(
        relu=False, bias=bool(biases), **settings)(x, w, *biases))]
    pairs += apart(fgraph, plain, x, w, settings)
    fgraph.replace_all_validate(pairs, reason='plain_convolution')


#: One operation of each library, to build it by.
OPERATIONS = (ConvolutionBlock(),)

optdb.register('convolution', FuseConvolution(), POSITION + 0.01)
optdb.register('plain_convolution', FusePlainConvolution(), POSITION + 0.02)
