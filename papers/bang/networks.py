"""Caffe's LeNet and "CIFAR-10 quick", each with the paper's dropout.

Both take pixels from 0 to 255 and do the rest themselves, so that gradients
are per grey level. A layer with weights has no nonlinearity of its own: its
output is the z that BANG asks for. Lasagne convolves, Caffe correlates:
weights of the one are those of the other turned by 180 degrees.
"""

from collections import OrderedDict
from functools import partial
from typing import Dict, NamedTuple

import lasagne
import numpy as np
import theano.tensor as T
from lasagne.init import Normal
from lasagne.layers import (
    DenseLayer,
    DropoutLayer,
    InputLayer,
    NonlinearityLayer,
    Pool2DLayer,
)
from lasagne.nonlinearities import rectify

from network.functions import set_arrays
from network.layers import FanIn, ZeroPaddedConv2DLayer
from papers.bang.layers import (
    FirstMaxPool2DLayer,
    MeanLayer,
    ScaleLayer,
)

CLASSES = 10
XAVIER = FanIn(3)   # Caffe's filler of that name
#: 5 × 5 filters and dense layers, without a nonlinearity.
convolution = partial(ZeroPaddedConv2DLayer, filter_size=5, pad=2,
                      nonlinearity=None)
dense = partial(DenseLayer, nonlinearity=None)
#: Caffe's average-pool of 3 × 3 pixels, every second one.
average = partial(Pool2DLayer, pool_size=3, stride=2, ignore_border=False,
                  mode='average_exc_pad')


class Network(NamedTuple):
    """A network's layers, as somebody asks for them."""

    #: 'lenet' or 'cifar-quick'.
    name: str
    #: The input variable (batch, channels, height, width): 0 to 255.
    pixels: object
    #: Lasagne's layers with weights, 'conv1' … 'dense2', in order; their
    #: outputs are the pre-activations.
    layers: Dict
    #: z, (batch, classes): the last of them.
    logits: object
    #: The mean image (channels, height, width) that is subtracted from the
    #: pixels, a shared variable, or None.
    mean: object


def lenet():
    """LeNet on pixels (b, 1, 28, 28); no ReLU after its convolutions."""
    layer = InputLayer((None, 1, 28, 28), T.tensor4('pixels'))
    layer = ScaleLayer(layer, 1 / 256, name='scale')
    layer = convolution(layer, 20, pad=0, W=XAVIER,
                        name='conv1')                      # (b, 20, 24, 24)
    layer = FirstMaxPool2DLayer(layer, 2, name='pool1')    # (b, 20, 12, 12)
    layer = convolution(layer, 50, pad=0, W=XAVIER,
                        name='conv2')                      # (b, 50, 8, 8)
    layer = FirstMaxPool2DLayer(layer, 2, name='pool2')    # (b, 50, 4, 4)
    layer = dense(layer, 500, W=XAVIER, name='dense1')   # (b, 500)
    layer = NonlinearityLayer(layer, rectify, name='relu1')
    layer = DropoutLayer(layer, 0.5, name='dropout1')
    return finish('lenet', dense(layer, CLASSES, W=XAVIER, name='dense2'))


def cifar_quick(classes=CLASSES):
    """CIFAR-10 quick on pixels (b, 3, 32, 32), R, G and B.

    Pools cover the border, as Caffe's do: an average is over the pixels that
    are there. Classes are 10, or 100 of CIFAR-100.
    """
    layer = InputLayer((None, 3, 32, 32), T.tensor4('pixels'))
    layer = MeanLayer(layer, name='mean')
    layer = convolution(layer, 32, W=Normal(1e-4),
                        name='conv1')                      # (b, 32, 32, 32)
    layer = FirstMaxPool2DLayer(layer, 3, stride=2, ignore_border=False,
                                name='pool1')              # (b, 32, 16, 16)
    layer = NonlinearityLayer(layer, rectify, name='relu1')
    layer = convolution(layer, 32, W=Normal(.01),
                        name='conv2')                      # (b, 32, 16, 16)
    layer = NonlinearityLayer(layer, rectify, name='relu2')
    layer = average(layer, name='pool2')                   # (b, 32, 8, 8)
    layer = convolution(layer, 64, W=Normal(.01),
                        name='conv3')                      # (b, 64, 8, 8)
    layer = NonlinearityLayer(layer, rectify, name='relu3')
    layer = average(layer, name='pool3')                   # (b, 64, 4, 4)
    layer = dense(layer, 64, W=Normal(.1), name='dense1')  # (b, 64)
    layer = DropoutLayer(layer, 0.5, name='dropout1')
    return finish('cifar-quick', dense(layer, classes, W=Normal(.1),
                                       name='dense2'))


NETWORKS = {'lenet': lenet, 'cifar-quick': cifar_quick,
            'cifar-quick-100': partial(cifar_quick, 100)}


def build_network(name, generator):
    """A Network of NETWORKS with fresh weights and zero biases.

    The generator, a numpy.random.RandomState, draws the weights, in the order
    of the layers, and the dropout's seeds.
    """
    lasagne.random.set_rng(generator)
    return NETWORKS[name]()


def load_network(model):
    """The Network of a storage.model_file.Model."""
    network = build_network(model.description['architecture'],
                            np.random.RandomState(0))
    set_arrays(network, model.weights)
    return network


def finish(name, logits):
    """The whole stack as a `Network`."""
    stack = lasagne.layers.get_all_layers(logits)
    weighted = OrderedDict((layer.name, layer) for layer in stack
                           if layer.get_params(trainable=True))
    mean = next((layer.mean for layer in stack
                 if isinstance(layer, MeanLayer)), None)
    return Network(name, stack[0].input_var, weighted, logits, mean)


def parameters(network):
    """The trained shared variables, 'conv1.W' … 'dense2.b', in order."""
    return lasagne.layers.get_all_params(network.logits, trainable=True)
