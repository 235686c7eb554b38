"""The end of a training: was anything learnt, and how well?"""

import numpy as np

import data
from errors import UserError
from metrics import classification
from metrics.classification import GUESSING
from papers.song.network import parameters
from storage.model_file import WEIGHTS, write_weights
from storage.run_folder import LAST_FILE
from training.pictures import confusion, mistaken, save_figure


class Plateau(UserError):
    """The training ended where it began, at the uniform guess."""

    exit_code = 3


def conclude(run, network, logits, dataset, history):
    """Test the trained network and write weights, pictures and run.json.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    network : papers.song.network.Network
    logits : numpy.ndarray (n, 10)
        z of the test images.
    dataset : data.Dataset
    history : list of dict

    Raises
    ------
    Plateau
        If the network still guesses; no weights are written then.
    """
    last = history[-1]
    if on_plateau(last['validation_loss_at_T'], last['validation_accuracy']):
        run.update(status='plateau')
        raise Plateau(
            '%s never left the plateau ln 10: validation loss %.4f at T = %g,'
            ' accuracy %.1f %% after %d epochs; no model is written, go on '
            'with --resume %s --epochs %d, or try a smaller --batch-size'
            % (run.path, last['validation_loss_at_T'],
               run.description['arguments']['temperature'],
               100 * last['validation_accuracy'], last['epoch'], run.path,
               2 * last['epoch']))
    figures = classification.describe(
        logits, dataset.test.labels,
        run.description['arguments']['temperature'])
    finish(run, {shared.name: shared.get_value()
                 for shared in parameters(network)}, figures,
           logits.argmax(axis=1), dataset, trained_epochs=last['epoch'])


def finish(run, weights, figures, predictions, dataset, **trained):
    """Write a run's weights, its figures and pictures: it is a model now.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    weights : dict of str to numpy.ndarray
    figures : dict
        As `metrics.classification.describe` makes them, of the test part.
    predictions : numpy.ndarray, integer (n,)
    dataset : data.Dataset
    **trained
        What run.json says besides, of the training's length.
    """
    title = run.description['title']
    digest = write_weights(run.file(WEIGHTS), weights, title)
    run.update(status='finished', weights_sha256=digest, test=figures,
               **trained)
    print(table(figures, dataset.name))
    draw_errors(run, predictions, dataset)
    save_figure(confusion(figures['confusion'], title),
                run.file(LAST_FILE), title)


def on_plateau(loss, accuracy):
    """Whether a validation is still that of the uniform guess.

    A loss of ln 10 is what guessing costs at any temperature; the accuracy
    keeps a network whose soft labels are nearly uniform from being accused.
    """
    return loss > .95 * GUESSING and accuracy < .5


def draw_errors(run, predictions, dataset):
    """Write errors.png, a sheet of the first misclassified test digits."""
    count = run.description['arguments'].get('save_errors', 0)
    wrong = np.flatnonzero(predictions != dataset.test.labels)[:count]
    if len(wrong):
        save_figure(mistaken(
            dataset.test.images[wrong], dataset.test.labels[wrong],
            predictions[wrong], wrong, run.description['title']),
            run.file('errors.png'), run.description['title'])


def table(figures, dataset):
    """Test accuracy with its interval, and the confusion matrix, as text."""
    low, high = figures['wilson_95']
    counts = np.asarray(figures['confusion'])
    lines = ['test accuracy on %s: %.2f %% (%d of %d), Wilson 95 %% interval '
             '%.2f to %.2f %%'
             % (data.LABELS[dataset], 100 * figures['accuracy'],
                figures['correct'], figures['samples'],
                100 * low, 100 * high),
             'confusion (row: actual, column: predicted)',
             '   ' + ''.join('%6d' % digit for digit in range(len(counts)))]
    lines += ['%3d' % digit + ''.join('%6d' % count for count in row)
              for digit, row in enumerate(counts)]
    return '\n'.join(lines)
