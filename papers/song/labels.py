"""Distilled labels: made by a teacher, saved beside the student.

Three recipes (docs/song.md, deviation 4): the paper, Papernot et al. and the
published script disagree on what the teacher says.
"""

import os

import numpy as np
import theano

import data
from errors import UserError
from metrics.classification import probabilities
from network.functions import logits_function, outputs_of
from papers.song.network import load_network
from papers.song.run_format import LABELS
from storage.atomic import write_npz
from storage.model_file import checksum, read_npz

#: recipe -> (temperature the teacher was trained at, dropout on)
#: None stands for the student's own temperature.
RECIPES = {'soft': (None, False), 'paper': (1., False), 'script': (None, True)}


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


def read_labels(run):
    """The distilled labels of a run in floatX, (n, 10); None if it trains on
    hard ones."""
    if 'distillation' not in run.description:
        return None
    path = run.file(LABELS)
    expected = run.description['distillation']['labels_sha256']
    if not os.path.exists(path) or checksum(path) != expected:
        raise UserError('%s: expected the labels of SHA-256 %s, got %s: '
                        'restore the file or start anew' % (
                            path, expected, 'others' if os.path.exists(path)
                            else 'no file'))
    return read_npz(path)['labels'].astype(theano.config.floatX)
