"""The CNN of Song 2017, Table 1, with its two heads.

Both heads read the same last dense layer, so they share its W and b: one
applies softmax(z / T) and is trained, the other softmax(z / T') and is what
tests and attacks ask. The paper never says so, but its scripts test at
T' = 1, and its gradients of 1e-38 come from there.
"""

from typing import NamedTuple

import lasagne
import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import (
    Conv2DLayer,
    DenseLayer,
    DropoutLayer,
    InputLayer,
    MaxPool2DLayer,
    NonlinearityLayer,
)

from network.functions import set_arrays

IMAGE_SHAPE = (1, 28, 28)
CLASSES = 10


class Network(NamedTuple):
    """The layers that somebody asks for by name."""

    images: object         # the input variable (batch, 1, 28, 28)
    logits: object         # z, (batch, 10), the last dense layer
    training_head: object  # softmax(z / T), (batch, 10)
    test_head: object      # softmax(z / T'), (batch, 10)


def build_network(generator, temperature=1., test_temperature=1.):
    """A Network with Glorot-uniform weights, zero biases, T and T'.

    The generator, a numpy.random.RandomState, draws the weights, in the order
    of the layers, and the dropout's seeds. Both temperatures are above 0.
    """
    lasagne.random.set_rng(generator)
    images = T.tensor4('images')                  # (batch, 1, 28, 28)
    layer = InputLayer((None,) + IMAGE_SHAPE, input_var=images)
    layer = Conv2DLayer(layer, 32, (3, 3), name='conv1')   # (b, 32, 26, 26)
    layer = Conv2DLayer(layer, 32, (3, 3), name='conv2')   # (b, 32, 24, 24)
    layer = MaxPool2DLayer(layer, (2, 2), name='pool1')    # (b, 32, 12, 12)
    layer = Conv2DLayer(layer, 64, (3, 3), name='conv3')   # (b, 64, 10, 10)
    layer = Conv2DLayer(layer, 64, (3, 3), name='conv4')   # (b, 64, 8, 8)
    layer = MaxPool2DLayer(layer, (2, 2), name='pool2')    # (b, 64, 4, 4)
    layer = DropoutLayer(layer, 0.5, name='dropout1')
    layer = DenseLayer(layer, 200, name='dense1')          # (b, 200)
    layer = DropoutLayer(layer, 0.5, name='dropout2')
    layer = DenseLayer(layer, 200, name='dense2')          # (b, 200)
    layer = DropoutLayer(layer, 0.5, name='dropout3')
    logits = DenseLayer(layer, CLASSES, nonlinearity=None,
                        name='dense3')                     # (b, 10)
    return Network(images, logits,
                   NonlinearityLayer(logits, softmax_at(temperature)),
                   NonlinearityLayer(logits, softmax_at(test_temperature)))


def load_network(model, test_temperature=1., seed=0):
    """The Network of a model read from disk, its weights cast to floatX.

    `test_temperature` is T', `seed` that of the dropout.
    """
    network = build_network(np.random.RandomState(seed), model.temperature,
                            test_temperature)
    set_arrays(network, model.weights)
    return network


def softmax_at(temperature):
    """z (batch, n) -> exp(z_i / T) / sum_j exp(z_j / T) (section 4, eq. 2)."""
    scale = np.asarray(temperature, theano.config.floatX)

    def softmax(logits):
        return T.nnet.softmax(logits / scale)

    return softmax


def parameters(network):
    """The 14 shared variables, named 'conv1.W' … 'dense3.b', in order."""
    return lasagne.layers.get_all_params(network.logits)
