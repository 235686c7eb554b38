"""The trainings of Song 2017: the CNN, on labels or on a teacher's words.

These are distilled labels, made by a teacher and saved beside the student, by
three recipes (docs/song.md, deviation 4): the paper, Papernot et al. and the
published script disagree on what the teacher says.
"""

import os

import lasagne
import numpy as np
import theano
import theano.tensor as T

import data
from errors import UserError
from metrics.classification import probabilities
from network.functions import (
    TrainingStep,
    dropout_states,
    floatX,
    logits_function,
    outputs_of,
)
from papers.song.network import build_network, load_network, parameters
from papers.song.run_format import LABELS
from storage.atomic import write_npz
from storage.model_file import checksum, read_npz
from training.system import Training

#: recipe -> (temperature the teacher was trained at, dropout on)
#: None stands for the student's own temperature.
RECIPES = {'soft': (None, False), 'paper': (1., False), 'script': (None, True)}


def training_step(network, learning_rate, momentum, penalty, soft=False):
    """Compile cross-entropy + penalty · Σ W² and its Nesterov update.

    The penalty counts the last layer's weights alone: the paper does not
    mention it, its scripts have it. Soft targets are distributions instead of
    labels. Returns a TrainingStep.
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


def distil(model, images, recipe, temperature, seed):
    """A teacher's distribution for every training image.

    Parameters
    ----------
    model : storage.model_file.Model
        The teacher; it must have been trained at the recipe's temperature.
    images : numpy.ndarray, uint8 (n, 1, 28, 28)
    recipe : {'soft', 'paper', 'script'}
        softmax(z / T) of a teacher trained at T, dropout off (Papernot et
        al. 2016); softmax(z) of M_std (section 4, definition 3); softmax(z /
        T) of a teacher trained at T, dropout left on.
    temperature : float
        The student's T.
    seed : int
        Of the dropout.

    Returns
    -------
    numpy.ndarray, float64 (n, 10)

    Raises
    ------
    UserError
        If the teacher was trained at another temperature.
    """
    wanted, stochastic = RECIPES[recipe]
    wanted = temperature if wanted is None else wanted
    if model.temperature != wanted:
        raise UserError('--labels %s: expected a teacher trained at T = %g, '
                        '%s was trained at T = %g: choose another --teacher, '
                        '--temperature or --labels'
                        % (recipe, wanted, model.folder, model.temperature))
    logits = logits_function(load_network(model, seed=seed), stochastic)
    return probabilities(outputs_of(logits, images, data.scale), wanted)


def write_labels(run, labels):
    """Save distilled labels in a run's folder and note their checksum."""
    write_npz(run.file(LABELS), {'labels': labels, 'about': np.asarray(
        run.description['title'])})
    run.description['distillation']['labels_sha256'] = checksum(
        run.file(LABELS))


def targets(run, labels):
    """Labels, int32 (n,), or a run's distilled ones in floatX, (n, 10)."""
    if 'distillation' not in run.description:
        return labels.astype('int32')
    path = run.file(LABELS)
    expected = run.description['distillation']['labels_sha256']
    if not os.path.exists(path) or checksum(path) != expected:
        raise UserError('%s: expected the labels of SHA-256 %s, got %s: '
                        'restore the file or start anew' % (
                            path, expected, 'others' if os.path.exists(path)
                            else 'no file'))
    return read_npz(path)['labels'].astype(theano.config.floatX)


def compile_step(run, network):
    """The step of the run's rates, on labels or on distributions."""
    arguments = run.description['arguments']
    return training_step(network, arguments['learning_rate'],
                         arguments['momentum'], arguments['penalty'],
                         soft='distillation' in run.description)


TRAINING = Training(
    lambda run, dataset, generator: build_network(
        generator, run.description['arguments']['temperature']),
    compile_step, data.scale, targets,
    temperature=lambda arguments: arguments['temperature'],
    advice=', or try a smaller --batch-size')
