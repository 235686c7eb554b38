"""Caffe's order of samples, and its count of iterations.

Caffe knows no epochs: batches are read in the order of the file, on and on.
The training loop's epochs are the iterations between two tests here.
"""

import numpy as np


def iterations(every):
    """`place` of `training.loop.Task`: the iterations done, in words."""
    def place(progress):
        return 'iteration %d' % (progress.epoch * every + progress.batch)
    return place


def in_turn(size):
    """`order` of `training.loop.Task`: the samples one after the other.

    After the last one comes the first, in the middle of a batch, too.

    Parameters
    ----------
    size : int
        Of the training part.
    """
    def order(task, epoch, generator):
        return np.arange(epoch * task.size, (epoch + 1) * task.size) % size
    return order


def done(step):
    """The iterations that a step has behind it."""
    return int(step.generators[-1].get_value())
