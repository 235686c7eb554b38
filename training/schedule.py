"""Which samples a training sees when, at which rate; how it is counted."""

from typing import Callable, NamedTuple

import numpy as np


class Schedule(NamedTuple):
    """The order of a training's batches."""

    #: 'epoch' or 'iteration': what its progress is counted in.
    unit: str
    #: Samples an epoch, which ends with a validation. The rest that does not
    #: fill a batch is left out.
    size: int
    batch_size: int
    epochs: int
    #: Epoch, numpy.random.RandomState -> its samples, (size,) int.
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
        every time. Iterations take the samples in turn, on and on, in the
        middle of a batch, too, as Caffe does; what is an epoch here are
        those between two validations.
    arguments : dict
        With batch_size, and epochs or iterations and test_every.
    samples : int
        Of the training part.
    """
    batch_size = arguments['batch_size']
    if unit == 'epoch':
        return Schedule(unit, samples, batch_size, arguments['epochs'],
                        lambda epoch, generator:
                        generator.permutation(samples))
    every = arguments['test_every']
    size = every * batch_size
    return Schedule(unit, size, batch_size, arguments['iterations'] // every,
                    lambda epoch, generator: np.arange(
                        epoch * size, (epoch + 1) * size) % samples)


class Phase(NamedTuple):
    """A learning rate, from an epoch on, which is counted from 0."""

    first: int
    rate: float


def enter(phases, step, progress):
    """Before an epoch, or the rest of one: give the step its phase's rate.

    At the start of a phase, all that the optimiser keeps is 0 again. Without
    phases, nothing is done.
    """
    begun = [phase for phase in phases if phase.first <= progress.epoch]
    if not begun:
        return
    step.rate.set_value(np.asarray(begun[-1].rate, step.rate.dtype))
    if (progress.epoch, progress.batch) == (begun[-1].first, 0):
        for shared in step.velocities:
            shared.set_value(np.zeros_like(shared.get_value(borrow=True)))
