"""The science of the tests' paper: a small network, trained on its attacks."""

from typing import NamedTuple

import lasagne
import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import (
    Conv2DLayer,
    DenseLayer,
    FlattenLayer,
    InputLayer,
    Layer,
    MaxPool2DLayer,
    get_all_params,
    get_output,
)
from lasagne.nonlinearities import tanh

from network.functions import TrainingStep, floatX
from training.loop import Phase
from training.system import Training


class Network(NamedTuple):
    """Its input variable, the layer that is centred, and z, (b, 5)."""

    images: object
    centre: object
    logits: object


class CentreLayer(Layer):
    """Subtracts the batch's mean; in tests a running one instead.

    No gradient trains the running mean, but it is part of the model.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, **kwargs)
        self.mean = self.add_param(
            lasagne.init.Constant(0.), self.input_shape[1:], name='mean',
            trainable=False, regularizable=False)

    def get_output_for(self, input, deterministic=False, **kwargs):
        return input - (self.mean if deterministic else input.mean(axis=0))


def build(run, dataset, generator):
    """A convolution, a centred layer of 36 units, and a dense one."""
    lasagne.random.set_rng(generator)
    images = T.tensor4('images')                          # (b, 3, 8, 8)
    layer = InputLayer((None, 3, 8, 8), input_var=images)
    layer = Conv2DLayer(layer, 4, 3, nonlinearity=tanh,
                        name='conv1')                     # (b, 4, 6, 6)
    layer = MaxPool2DLayer(layer, 2)                      # (b, 4, 3, 3)
    centre = CentreLayer(FlattenLayer(layer), name='centre')      # (b, 36)
    return Network(images, centre, DenseLayer(
        centre, 5, nonlinearity=None, name='dense1'))


def compile_step(run, network):
    """Two passes a batch: what raises the loss, then a step on that."""
    images, labels = network.images, T.ivector('labels')
    loss = lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(get_output(network.logits)), labels).mean()
    weights = get_all_params(network.logits, trainable=True)
    rate = theano.shared(floatX(0), 'rate')     # each phase sets its own
    updates = lasagne.updates.nesterov_momentum(loss, weights, rate, .9)
    velocities = [shared for shared in updates if shared not in weights]
    mean, last = network.centre.mean, network.logits.W
    updates[mean] = floatX(.9) * mean + floatX(.1) * get_output(
        network.centre.input_layer).mean(axis=0)
    gradient = theano.function([images, labels], theano.grad(loss, images))
    learn = theano.function([images, labels], [loss, loss], updates=updates)
    # After every step, no column of the last weights is longer than 1.
    project = theano.function([], updates=[(last, last / T.maximum(
        1, T.sqrt(T.sqr(last).sum(axis=0))))])

    def update(images, labels, noise):
        worse = images + .05 * np.sign(gradient(images, labels)) + noise
        return learn(worse.astype(images.dtype), labels)

    return TrainingStep(update, weights, velocities, [], state=[mean],
                        rate=rate, after=project, graph=learn)


def scale(images, dtype):
    """Grey levels as numbers from 0 to 1."""
    return images.astype(dtype) / np.asarray(255, dtype)


def batch(arguments, images, targets, generator):
    """Some images mirrored, and noise for all: from the batch's generator."""
    mirrored = generator.rand(len(images)) < .5
    images = np.where(mirrored[:, None, None, None], images[..., ::-1],
                      images)
    return images, targets, .05 * generator.randn(*images.shape)


def phases(arguments):
    """Two learning rates, each with velocities of its own."""
    return Phase(0, .03), Phase(2, .006)


TRAINING = Training(build, compile_step, scale, batch=batch, phases=phases,
                    tests_training=True)
