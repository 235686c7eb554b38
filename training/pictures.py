"""Pictures of a training: learning curve, confusion, mistaken digits.

Figures are made without pyplot, so nothing here depends on a display.
"""

import numpy as np

from metrics.classification import GUESSING
from plotting import Figure, FigureCanvasAgg, verbatim
from storage.atomic import atomic_file

BLUE, ORANGE, GREY = '#0072b2', '#d55e00', '#777777'


def save_figure(figure, path, title):
    """Write a figure as PNG, whole or not at all.

    The title, which names the data set, also goes into the file's metadata.
    """
    FigureCanvasAgg(figure)
    with atomic_file(path) as stream:
        figure.savefig(stream, format='png', dpi=120,
                       metadata={'Title': title})


def learning_curve(history, title, unit, time='epoch',
                   validation='validation_loss_at_T'):
    """Loss and validation accuracy against epochs.

    Parameters
    ----------
    history : list of dict
        As `training.loop.close_epoch` makes them.
    title : str
        Names the data set.
    unit : str
        What the losses are.
    time, validation : str
        The records' entries of the time and of the validation loss.
    """
    figure = Figure(figsize=(8, 3.6), layout='constrained')
    loss, accuracy = figure.subplots(1, 2)
    times = [record[time] for record in history]
    for name, label, colour in (
            ('cross_entropy', 'training, dropout on', BLUE),
            (validation, 'validation', ORANGE)):
        loss.plot(times, [record[name] for record in history],
                  marker='.', color=colour, label=label)
    loss.axhline(GUESSING, color=GREY, linestyle=':', label='plateau ln 10')
    loss.set(xlabel=time, yscale='log', ylabel=unit)
    loss.legend(frameon=False, loc='lower left')
    accuracy.plot(times, [100 * record['validation_accuracy']
                           for record in history], marker='.', color=ORANGE)
    accuracy.set(xlabel=time, ylabel='validation accuracy (%)')
    for axes in (loss, accuracy):
        axes.grid(alpha=.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(verbatim(title))
    return figure


def confusion(counts, title):
    """The confusion matrix; mistakes are coloured, the diagonal is not."""
    counts = np.asarray(counts)                        # (classes, classes)
    mistakes = counts * (1 - np.eye(len(counts), dtype=int))
    figure = Figure(figsize=(6, 5.4), layout='constrained')
    axes = figure.subplots()
    axes.imshow(mistakes, cmap='Oranges', vmin=0, vmax=max(1, mistakes.max()))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = mistakes[row, column] > .6 * mistakes.max()
            axes.text(column, row, str(count), ha='center', va='center',
                      fontsize=8, color='white' if dark else 'black',
                      weight='bold' if row == column else 'normal')
    ticks = range(len(counts))
    axes.set(xlabel='predicted', ylabel='actual', title=verbatim(title),
             xticks=ticks, yticks=ticks)
    return figure


def mistaken(images, labels, predictions, indices, title):
    """A sheet of misclassified digits, titled actual/predicted.

    Parameters
    ----------
    images : numpy.ndarray (n, 1, 28, 28)
    labels, predictions, indices : numpy.ndarray, integer (n,)
        Indices are the places in the test set.
    title : str
    """
    columns = min(8, max(4, len(images)))
    rows = -(-len(images) // columns)
    figure = Figure(figsize=(1.25 * columns, 1.55 * rows + .5),
                    layout='constrained')
    figure.suptitle(verbatim(title))
    for place, axes in enumerate(
            figure.subplots(rows, columns, squeeze=False).flat):
        axes.axis('off')
        if place < len(images):
            axes.imshow(images[place, 0], cmap='gray_r')
            axes.set_title('actual %d, predicted %d\ntest image %d' % (
                labels[place], predictions[place], indices[place]),
                fontsize=6.5)
    return figure
