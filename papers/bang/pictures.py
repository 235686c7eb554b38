"""The history of a training by iterations: a line, a picture."""

from training.pictures import learning_curve


def curve(history, title):
    """Loss and validation accuracy against iterations, a figure.

    Parameters
    ----------
    history : list of dict
        As `training.loop.close_epoch` makes them of
        `papers.bang.session.validate`.
    title : str
        Names the data set.
    """
    return learning_curve(history, title, 'cross-entropy (nats)',
                          'iteration', 'validation_loss')


def history_line(record, iterations):
    """A test during a training, in one line."""
    return ('iteration %d/%d: loss %.4f (objective %.4f), validation loss '
            '%.4f, accuracy %.2f %%, %.1f s'
            % (record['iteration'], iterations, record['cross_entropy'],
               record['objective'], record['validation_loss'],
               100 * record['validation_accuracy'], record['seconds']))
