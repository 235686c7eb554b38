"""Which samples a training sees when, and how its progress is counted."""

from typing import Callable, NamedTuple

import numpy as np


class Schedule(NamedTuple):
    """The order of a training's batches.

    Attributes
    ----------
    unit : {'epoch', 'iteration'}
        What its progress is counted in, in words.
    size, batch_size, epochs : int
        Samples an epoch; samples a batch; epochs in all. The rest that does
        not fill a batch is left out. An epoch ends with a validation.
    order : callable
        (epoch, numpy.random.RandomState) -> the epoch's samples, (size,)
        int.
    """

    unit: str
    size: int
    batch_size: int
    epochs: int
    order: Callable

    @property
    def batches(self):
        """Of an epoch."""
        return self.size // self.batch_size

    def done(self, progress):
        """The batches that a training has behind it."""
        return progress.epoch * self.batches + progress.batch

    def place(self, progress):
        """Where a training stands, in words."""
        if self.unit == 'iteration':
            return 'iteration %d' % self.done(progress)
        return 'epoch %d, batch %d' % (progress.epoch + 1, progress.batch)


def make_schedule(unit, arguments, samples):
    """The schedule of a run.

    Parameters
    ----------
    unit : {'epoch', 'iteration'}
        Epochs are passes over the samples, shuffled, with others left out
        every time. Iterations are batches in the order of the file, on and
        on, with a validation every so many: Caffe knows no epochs.
    arguments : dict
        With batch_size, and epochs or iterations and test_every.
    samples : int
        Of the training part.
    """
    batch_size = arguments['batch_size']
    if unit == 'epoch':
        return Schedule(unit, samples, batch_size, arguments['epochs'],
                        shuffled(samples))
    every = arguments['test_every']
    size = every * batch_size
    return Schedule(unit, size, batch_size, arguments['iterations'] // every,
                    in_turn(size, samples))


def shuffled(samples):
    """All samples in a random order, another one every epoch."""
    return lambda epoch, generator: generator.permutation(samples)


def in_turn(size, samples):
    """The samples one after the other, `size` an epoch.

    After the last one comes the first, in the middle of a batch, too.
    """
    return lambda epoch, generator: np.arange(
        epoch * size, (epoch + 1) * size) % samples
