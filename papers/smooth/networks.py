"""The report's pre-activation ResNet-18 (He et al. 2016), as its scripts'.

A 3 x 3 convolution; blocks of batch norm, ReLU, 3 x 3 convolution, twice,
whose shortcut is a 1 x 1 convolution of the first ReLU's output where the
shape changes, and the block's input elsewhere; a ReLU, without a batch norm
before it; the mean over all positions; a dense layer. So images may be of any
size. No convolution has biases.

Of a Parseval network, the output of every convolution is divided by
sqrt(2 · 9 + 1), or sqrt(2 + 1) in shortcuts, and a block's output is half of
the residual and half of the shortcut; the dense layer is as it was.

For Tiny ImageNet the report has "a max pool before layer 1" and does not say
which: here 2 x 2 pixels, every second one, right after the first convolution.

Lasagne convolves, PyTorch correlates: filters of the one are those of the
other turned by 180 degrees.
"""

from functools import partial
from typing import NamedTuple

import lasagne
import numpy as np
import theano.tensor as T
from lasagne.layers import (
    DenseLayer,
    ElemwiseSumLayer,
    GlobalPoolLayer,
    InputLayer,
    get_all_params,
    get_output,
)

from network.batch_norm import BatchNormLayer
from network.functions import set_arrays
from network.layers import FanIn, ZeroPaddedConv2DLayer
from papers.smooth.architecture import Architecture, parse
from papers.smooth.layers import (
    DividedConv2DLayer,
    HalvingMaxPool2DLayer,
    NormaliseLayer,
    ReLULayer,
)


class Network(NamedTuple):
    """A network's layers, as somebody asks for them."""

    architecture: Architecture
    #: The input variable (batch, channels, height, width): 0 to 1.
    pixels: object
    #: A `NormaliseLayer`, the layer of what attacks and norms are about.
    normalised: object
    #: The layers whose outputs are graphs: both ReLUs of each block and the
    #: last one, 17 of 8 blocks, 21 of 10.
    features: list
    #: z, (batch, classes).
    logits: object


def build_network(architecture, generator):
    """A Network of an Architecture, or of its name, with fresh weights.

    They are PyTorch's default ones, drawn by a numpy.random.RandomState in
    the order of the layers: uniform, the dense layer's biases, too.
    """
    if isinstance(architecture, str):
        architecture = parse(architecture)
    lasagne.random.set_rng(generator)
    convolution = partial(
        DividedConv2DLayer if architecture.parseval
        else ZeroPaddedConv2DLayer, W=FanIn(1), b=None, nonlinearity=None)
    pixels = T.tensor4('pixels')
    layer = InputLayer((None, architecture.channels, None, None), pixels)
    normalised = layer = NormaliseLayer(layer, name='normalise')
    layer = convolution(layer, architecture.width, 3, pad=1, name='conv')
    if architecture.pool:
        layer = HalvingMaxPool2DLayer(layer, name='pool')
    features = []
    for number, (_, channels, stride) in enumerate(
            architecture.channel_counts(), 1):
        layer, relus = block(layer, channels, stride, convolution,
                             .5 if architecture.parseval else 1,
                             'block%d.' % number)
        features += relus
    layer = ReLULayer(layer, name='relu')
    features.append(layer)
    layer = GlobalPoolLayer(layer, name='mean')
    logits = DenseLayer(
        layer, architecture.classes, nonlinearity=None, W=FanIn(1),
        b=lasagne.init.Uniform(1 / np.sqrt(layer.output_shape[1])),
        name='dense')
    return Network(architecture, pixels, normalised, features, logits)


def block(layer, channels, stride, convolution, share, name):
    """One block on a layer: its output, and the outputs of its ReLUs.

    `share` is what residual and shortcut are multiplied by.
    """
    shortcut = layer
    relus = []
    for part, step in (('1', stride), ('2', 1)):
        layer = BatchNormLayer(layer, name=name + 'bn' + part)
        layer = ReLULayer(layer, name=name + 'relu' + part)
        relus.append(layer)
        layer = convolution(layer, channels, 3, stride=step, pad=1,
                            name=name + 'conv' + part)
    if stride > 1:
        shortcut = convolution(relus[0], channels, 1, stride=stride, pad=0,
                               name=name + 'shortcut')
    return ElemwiseSumLayer([layer, shortcut], share,
                            name=name + 'sum'), relus


def apply(network, images, moved=None, deterministic=False):
    """The network on normalised images (b, c, h, w), a variable.

    As often in a graph as one likes: unless it is deterministic, each time
    with the batch's own statistics. `moved`, an OrderedDict, gets the running
    ones that result, see `network.batch_norm.BatchNormLayer`.

    Returns
    -------
    logits : theano variable (b, classes)
    features : list of theano variable (b, channels, height, width)
        17, or of ten blocks 21.
    """
    logits, *features = get_output(
        [network.logits, *network.features], {network.normalised: images},
        deterministic=deterministic, moved=moved)
    return logits, features


def normalise(network, pixels):
    """Pixels from 0 to 1, a variable, as `apply` takes them."""
    return get_output(network.normalised, pixels)


def parameters(network):
    """The trained shared variables, 'conv.W' … 'dense.b', in order."""
    return get_all_params(network.logits, trainable=True)


def load_network(model):
    """The Network of a storage.model_file.Model."""
    network = build_network(model.description['architecture'],
                            np.random.RandomState(0))
    set_arrays(network, model.weights)
    return network
