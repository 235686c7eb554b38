"""The training step of Song 2017, and its models' logits."""

import lasagne
import numpy as np
import theano
import theano.tensor as T

from network.functions import (
    TrainingStep,
    dropout_states,
    floatX,
    logits_function,
)
from papers.song.network import build_network, parameters


def training_step(network, learning_rate, momentum, penalty, soft=False):
    """Compile cross-entropy + penalty · Σ W² and its Nesterov update.

    The penalty counts the last layer's weights alone: the paper does not
    mention it, its scripts have it.

    Parameters
    ----------
    network : papers.song.network.Network
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
    return TrainingStep(update, weights, velocities,
                        dropout_states(network.logits))


def load_logits(model, stochastic=False, seed=0):
    """The logits function of a model read from disk.

    Parameters
    ----------
    model : storage.model_file.Model
    stochastic : bool
        Leave the dropout on, drawn from `seed`.
    """
    network = build_network(np.random.RandomState(seed), model.temperature)
    for shared in parameters(network):
        shared.set_value(model.weights[shared.name].astype(shared.dtype))
    return logits_function(network, stochastic)
