"""Theano functions of the network: the training step and the logits."""

from typing import Callable, List, NamedTuple

import lasagne
import numpy as np
import theano
import theano.tensor as T

from network.architecture import (
    build_network,
    dropout_states,
    parameters,
)


class TrainingStep(NamedTuple):
    """One compiled update, and every variable that it changes.

    Attributes
    ----------
    update : callable
        (images (b, 1, 28, 28) floatX, targets) -> (objective, cross-entropy),
        both scalars, of the batch before its update. Targets are labels
        (b,) int32 or, for distillation, distributions (b, 10) floatX.
    parameters, velocities, generators : list of theano shared variables
        Weights and biases; Nesterov velocities; MRG states of the dropout.
    """

    update: Callable
    parameters: List
    velocities: List
    generators: List


def training_step(network, learning_rate, momentum, penalty, soft=False):
    """Compile cross-entropy + penalty · Σ W² and its Nesterov update.

    The penalty counts the last layer's weights alone: the paper does not
    mention it, its scripts have it.

    Parameters
    ----------
    network : network.architecture.Network
    learning_rate, momentum, penalty : float
    soft : bool
        Whether targets are distributions instead of labels.

    Returns
    -------
    TrainingStep
    """
    targets = T.matrix('targets') if soft else T.ivector('targets')
    probabilities = lasagne.layers.get_output(network.training_head)
    cross_entropy = lasagne.objectives.categorical_crossentropy(
        probabilities, targets).mean()
    objective = cross_entropy + floatX(penalty) * T.sqr(
        network.logits.W).sum()
    weights = parameters(network)
    updates = lasagne.updates.nesterov_momentum(
        objective, weights, floatX(learning_rate), floatX(momentum))
    update = theano.function([network.images, targets],
                             [objective, cross_entropy], updates=updates)
    velocities = [shared for shared in updates if shared not in weights]
    return TrainingStep(update, weights, velocities, dropout_states(network))


def logits_function(network, stochastic=False):
    """Compile images (b, 1, 28, 28) -> logits z (b, 10), floatX.

    Parameters
    ----------
    network : network.architecture.Network
    stochastic : bool
        Leave the dropout on, as the published distillation script does.
    """
    return theano.function([network.images], lasagne.layers.get_output(
        network.logits, deterministic=not stochastic))


def load_logits(model, stochastic=False, seed=0):
    """The logits function of a model read from disk.

    Parameters
    ----------
    model : network.model_file.Model
    stochastic : bool
        Leave the dropout on, drawn from `seed`.
    """
    network = build_network(np.random.RandomState(seed), model.temperature)
    for shared in parameters(network):
        shared.set_value(model.weights[shared.name].astype(shared.dtype))
    return logits_function(network, stochastic)


def in_batches(function, images, scale, batch=500):
    """Apply a compiled function to uint8 images, `batch` at a time.

    Parameters
    ----------
    function : callable
        (b, 1, 28, 28) -> (b, ...)
    images : numpy.ndarray, uint8 (n, 1, 28, 28)
    scale : callable
        (images, dtype) -> the same images as the network wants them.

    Returns
    -------
    numpy.ndarray (n, ...)
    """
    return np.concatenate([
        function(scale(images[start:start + batch], theano.config.floatX))
        for start in range(0, len(images), batch)])


def floatX(value):
    """A Python number in Theano's floatX, so that float32 stays float32."""
    return np.asarray(value, theano.config.floatX)
