"""The trainings of Song 2017: the CNN, on labels or on a teacher's words."""

import lasagne
import theano
import theano.tensor as T

import data
from network.functions import TrainingStep, dropout_states, floatX
from papers.song.labels import read_labels
from papers.song.network import build_network, parameters
from training.system import Training


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


def compile_step(run, network):
    """The step of the run's rates, on labels or on distributions."""
    arguments = run.description['arguments']
    return training_step(network, arguments['learning_rate'],
                         arguments['momentum'], arguments['penalty'],
                         soft='distillation' in run.description)


def targets(run, labels):
    """Labels, int32 (n,), or distributions, floatX (n, 10)."""
    soft = read_labels(run)
    return labels.astype('int32') if soft is None else soft


TRAINING = Training(
    lambda run, dataset, generator: build_network(
        generator, run.description['arguments']['temperature']),
    compile_step, data.scale, targets,
    temperature=lambda arguments: arguments['temperature'],
    advice=', or try a smaller --batch-size')
