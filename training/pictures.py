"""Pictures of a training: learning curve, confusion, mistaken images.

Figures are made without pyplot, so nothing here depends on a display.
"""

import numpy as np

from metrics.classification import guessing
from plotting import Figure, FigureCanvasAgg, verbatim
from storage.atomic import atomic_file
from training.checkpoint import validation_loss

BLUE, ORANGE, GREY = '#0072b2', '#d55e00', '#777777'
#: The most classes that a confusion matrix shows by numbers.
SHOWN = 20


def save_figure(figure, path, title):
    """Write a figure as PNG, whole or not at all.

    The title, which names the data set, also goes into the file's metadata.
    """
    FigureCanvasAgg(figure)
    with atomic_file(path) as stream:
        figure.savefig(stream, format='png', dpi=120,
                       metadata={'Title': title})


def learning_curve(history, title, unit, classes, temperature=None):
    """Loss and validation accuracy against the unit: epochs or iterations.

    The plateau is a uniform guess among the classes. With a temperature, the
    losses are those at T. The title names the data set.
    """
    figure = Figure(figsize=(8, 3.6), layout='constrained')
    loss, accuracy = figure.subplots(1, 2)
    times = [record[unit] for record in history]
    for losses, label, colour in (
            ([record['cross_entropy'] for record in history],
             'training, dropout on', BLUE),
            (list(map(validation_loss, history)), 'validation', ORANGE)):
        loss.plot(times, losses, marker='.', color=colour, label=label)
    loss.axhline(guessing(classes), color=GREY, linestyle=':',
                 label='plateau ln %d' % classes)
    loss.set(xlabel=unit, yscale='log', ylabel='cross-entropy%s (nats)' % (
        '' if temperature is None else ' at T = %g' % temperature))
    loss.legend(frameon=False, loc='lower left')
    accuracy.plot(times, [100 * record['validation_accuracy']
                           for record in history], marker='.', color=ORANGE)
    accuracy.set(xlabel=unit, ylabel='validation accuracy (%)')
    for axes in (loss, accuracy):
        axes.grid(alpha=.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(verbatim(title))
    return figure


def confusion(counts, title):
    """The confusion matrix; mistakes are coloured, the diagonal is not.

    Of more than `SHOWN` classes there are colours, but no numbers.
    """
    counts = np.asarray(counts)                        # (classes, classes)
    mistakes = counts * (1 - np.eye(len(counts), dtype=int))
    figure = Figure(figsize=(6, 5.4), layout='constrained')
    axes = figure.subplots()
    axes.imshow(mistakes, cmap='Oranges', vmin=0, vmax=max(1, mistakes.max()))
    for (row, column), count in np.ndenumerate(counts):
        if count and len(counts) <= SHOWN:
            dark = mistakes[row, column] > .6 * mistakes.max()
            axes.text(column, row, str(count), ha='center', va='center',
                      fontsize=8, color='white' if dark else 'black',
                      weight='bold' if row == column else 'normal')
    ticks = range(0, len(counts), -(-len(counts) // SHOWN))
    axes.set(xlabel='predicted', ylabel='actual', title=verbatim(title),
             xticks=ticks, yticks=ticks)
    return figure


def mistaken(images, labels, predictions, indices, title):
    """A sheet of misclassified images, titled actual/predicted.

    Parameters
    ----------
    images : numpy.ndarray, uint8 (n, 1 or 3, h, w)
        Grey, shown black on white, or red, green and blue.
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
            show(axes, images[place])
            axes.set_title('actual %d, predicted %d\ntest image %d' % (
                labels[place], predictions[place], indices[place]),
                fontsize=6.5)
    return figure


def show(axes, image):
    """An image (1 or 3, h, w): grey as black on white, or in its colours."""
    if len(image) == 1:
        axes.imshow(image[0], cmap='gray_r')
    else:
        axes.imshow(np.moveaxis(image, 0, -1))
