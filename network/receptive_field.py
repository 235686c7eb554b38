"""The geometry of a Lasagne network, for probing by receptive field."""

import lasagne.layers
import theano.tensor.nnet
from lasagne.nonlinearities import identity, rectify

from errors import UserError
from ops import probing


def receptive_field(logits, test_temperature=1.):
    """`probe_logits` of `saliency.callables.Callables`, for a network.

    Parameters
    ----------
    logits : lasagne.layers.Layer
        z; its stack is described by `stack_of`.
    test_temperature : float
        T', by which z is divided.

    Returns
    -------
    callable
        Sees later changes of the network's weights.

    Raises
    ------
    UserError
        If the network has another geometry.
    """
    stack = stack_of(logits)
    layers = probing.measure(stack)
    widest = probing.widest_patch(layers)
    # The C++ code holds no wider patches, and no empty layers.
    if (widest > probing.WIDEST
            or min(layers[-1]['height'], layers[-1]['width']) < 1):
        raise UserError(
            'expected a network in which one pixel reaches patches of at '
            'most %d places before a convolution, got %d: probe by brute '
            'force' % (probing.WIDEST, widest))

    def probe_logits(x, owners, pixels, values):
        z = probing.probe_logits(stack_of(logits), x, owners, pixels, values)
        return z / x.dtype.type(test_temperature)

    return probe_logits


def stack_of(logits):
    """Describe a network down to its input, as an ops.probing.Stack.

    Valid 3 × 3 convolutions of stride 1, with ReLU or without, and 2 × 2
    max-pools, the first of them a convolution; then dense layers. Dropout
    is off. A UserError names the first layer, from the input, that is
    something else.
    """
    layers, dense, shape = [], [], None
    for layer in lasagne.layers.get_all_layers(logits):
        if type(layer) is lasagne.layers.InputLayer:
            if (shape is not None or len(layer.shape) != 4
                    or None in layer.shape[1:]):
                raise unlike(layer, 'one input of images of known size')
            shape = tuple(layer.shape[1:])
        elif type(layer) is lasagne.layers.DropoutLayer:
            continue
        elif type(layer) is lasagne.layers.DenseLayer:
            dense.append(probing.Dense(layer.W.get_value(borrow=True),
                                       bias_of(layer), rectified(layer)))
        elif dense:
            raise unlike(layer, 'only dense layers after a dense one')
        else:
            layers.append(before_dense(layer, first=not layers))
    if not layers or not dense:
        raise unlike(logits, 'convolutions, then dense layers')
    return probing.Stack(shape, layers, dense)


def before_dense(layer, first):
    """A convolution or a pool as `ops.probing.Layer`."""
    if type(layer) is lasagne.layers.MaxPool2DLayer and not first:
        if (layer.pool_size, layer.stride, layer.pad,
                layer.ignore_border) != ((2, 2), (2, 2), (0, 0), True):
            raise unlike(layer, 'max-pools of 2 x 2 places, without borders')
        return probing.Layer(probing.POOL)
    if type(layer) is not lasagne.layers.Conv2DLayer:
        raise unlike(layer, 'convolutions, the first layer one of them, and '
                     'max-pools')
    if (layer.filter_size, layer.stride, layer.pad, layer.untie_biases,
            layer.convolution) != ((3, 3), (1, 1), (0, 0), False,
                                   theano.tensor.nnet.conv2d):
        raise unlike(layer, 'convolutions valid, 3 x 3, of stride 1, one '
                     'bias a channel')
    # Lasagne 0.1 convolves: it turns the filters, a correlation does not.
    weights = layer.W.get_value(borrow=True)[:, :, ::-1, ::-1]
    kind = (probing.RECTIFIED_CONVOLUTION if rectified(layer)
            else probing.CONVOLUTION)
    return probing.Layer(kind, weights, bias_of(layer))


def bias_of(layer):
    """(units,) array; every layer of ours has one."""
    if layer.b is None:
        raise unlike(layer, 'a bias in every layer')
    return layer.b.get_value(borrow=True)


def rectified(layer):
    """Whether a layer ends in a ReLU; the identity is the alternative."""
    if layer.nonlinearity not in (rectify, identity):
        raise unlike(layer, 'rectifiers or no nonlinearity')
    return layer.nonlinearity is rectify


def unlike(layer, expected):
    """The refusal of a layer."""
    return UserError('probing by receptive field: expected %s, got the layer '
                     '%s: probe by brute force' % (
                         expected, layer.name or type(layer).__name__))
