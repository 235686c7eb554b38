"""The end of a training: was anything learnt, and how well?"""

import numpy as np

import data
from errors import UserError
from metrics import classification
from storage.model_file import WEIGHTS, write_weights
from storage.run_folder import LAST_FILE
from training.checkpoint import validation_loss
from training.pictures import SHOWN, confusion, mistaken, save_figure


class Plateau(UserError):
    """The training ended where it began, at the uniform guess."""

    exit_code = 3


def conclude(run, weights, logits, dataset, last, temperature=None,
             advice=''):
    """Write a trained network as a model, see `finish`, if it has learnt.

    `last` is the history's last record, `advice` what to try besides if it
    has not.

    Raises
    ------
    Plateau
        If the network still guesses; no weights are written then.
    """
    unit, longer = run.form.unit, run.form.longer
    loss, accuracy = validation_loss(last), last['validation_accuracy']
    if on_plateau(loss, accuracy, logits.shape[1]):
        run.update(status='plateau')
        raise Plateau(
            '%s never left the plateau ln %d: validation loss %.4f%s, '
            'accuracy %.1f %% after %d %s; no model is written, go on with '
            '--resume %s --%s %d%s'
            % (run.path, logits.shape[1], loss, '' if temperature is None
               else ' at T = %g' % temperature, 100 * accuracy, last[unit],
               longer, run.path, longer, 2 * last[unit], advice))
    finish(run, weights, logits, dataset, temperature or 1.,
           **{'trained_' + longer: last[unit]})


def finish(run, weights, logits, dataset, temperature=1., **trained):
    """Write a run's weights, its figures and pictures: it is a model now.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    weights : dict of str to numpy.ndarray
    logits : numpy.ndarray (n, classes)
        z of the test images.
    dataset : data.Dataset
    temperature : float
        T of the trained softmax.
    **trained
        What run.json says besides, of the training's length.
    """
    figures = classification.describe(logits, dataset.test.labels,
                                      temperature)
    title = run.description['title']
    digest = write_weights(run.file(WEIGHTS), weights, title)
    run.update(status='finished', weights_sha256=digest, test=figures,
               **trained)
    print(table(figures, dataset.name))
    draw_errors(run, logits.argmax(axis=1), dataset)
    save_figure(confusion(figures['confusion'], title),
                run.file(LAST_FILE), title)


def on_plateau(loss, accuracy, classes):
    """Whether a validation is still that of the uniform guess.

    A loss of ln classes is what guessing costs at any temperature; the
    accuracy keeps a network whose soft labels are nearly uniform from being
    accused.
    """
    return (loss > .95 * classification.guessing(classes)
            and accuracy < 1 / classes + .4)


def draw_errors(run, predictions, dataset):
    """Write errors.png, a sheet of the first misclassified test images."""
    count = run.description['arguments'].get('save_errors', 0)
    wrong = np.flatnonzero(predictions != dataset.test.labels)[:count]
    if len(wrong):
        save_figure(mistaken(
            dataset.test.images[wrong], dataset.test.labels[wrong],
            predictions[wrong], wrong, run.description['title']),
            run.file('errors.png'), run.description['title'])


def table(figures, dataset):
    """Test accuracy with its interval, and the confusion matrix, as text.

    Of more than `SHOWN` classes the matrix is in run.json alone.
    """
    low, high = figures['wilson_95']
    counts = np.asarray(figures['confusion'])
    lines = ['test accuracy on %s: %.2f %% (%d of %d), Wilson 95 %% interval '
             '%.2f to %.2f %%'
             % (data.LABELS[dataset], 100 * figures['accuracy'],
                figures['correct'], figures['samples'],
                100 * low, 100 * high)]
    if len(counts) <= SHOWN:
        lines += ['confusion (row: actual, column: predicted)', '   '
                  + ''.join('%6d' % label for label in range(len(counts)))]
        lines += ['%3d' % label + ''.join('%6d' % count for count in row)
                  for label, row in enumerate(counts)]
    return '\n'.join(lines)
