"""The training loop: which batches when, at which rate; no surprises."""

import math
import time
from typing import Callable, NamedTuple

import numpy as np

from errors import UserError
from training.checkpoint import is_finite


class Diverged(UserError):
    """A loss or a weight became NaN or infinite."""

    exit_code = 3


class Interrupted(Exception):
    """A signal came; the state has been saved."""


def fit(session, progress, stop):
    """Train until all epochs are done, from wherever `progress` stands.

    The session says what is done besides: see `training.session.Session`,
    whose methods are called here. `stop` is a training.stop.Stop.

    Raises
    ------
    Diverged
        At the first NaN or infinity; an earlier checkpoint stays as it is.
    Interrupted
        After a signal, with the state saved.
    """
    generator, epochs = np.random.RandomState(), session.schedule.epochs
    while progress.epoch < epochs:
        generator.set_state(progress.shuffling)
        order = session.schedule.order(progress.epoch, generator)
        session.begin(progress)
        train_epoch(session, progress, stop, order)
        close_epoch(session, progress)
        progress.shuffling = generator.get_state()
        session.save(progress)
        session.report(progress)
        if stop.signal and progress.epoch < epochs:
            raise Interrupted


def train_epoch(session, progress, stop, order):
    """Run the batches of one epoch that `progress` has not yet behind it."""
    count, size = session.schedule.batches, session.schedule.batch_size
    while progress.batch < count:
        start = time.perf_counter()
        first = progress.batch * size
        objective, cross_entropy = map(float, session.step.update(
            *session.batch(order[first:first + size], progress)))
        if session.step.after:
            session.step.after()
        progress.batch += 1
        check(math.isfinite(objective), 'the loss', session, progress)
        progress.objective += objective
        progress.cross_entropy += cross_entropy
        progress.seconds += time.perf_counter() - start
        session.tick(progress)
        due = progress.batch % session.arguments['checkpoint_every'] == 0
        if progress.batch < count and (due or stop.signal):
            check(is_finite(session.step), 'a weight', session, progress)
            session.save(progress)
            if stop.signal:
                raise Interrupted


def close_epoch(session, progress):
    """Turn the epoch's sums into a record of the history, and start anew."""
    check(is_finite(session.step), 'a weight', session, progress)
    start = time.perf_counter()
    validation = session.validate(progress)
    check(all(map(math.isfinite, validation.values())),
          'the validation loss', session, progress)
    seconds = progress.seconds + time.perf_counter() - start
    record = {'epoch': progress.epoch + 1,
              'objective': progress.objective / progress.batch,
              'cross_entropy': progress.cross_entropy / progress.batch}
    record.update(validation, seconds=round(seconds, 3))
    progress.history.append(record)
    progress.epoch += 1
    progress.batch = 0
    progress.objective = progress.cross_entropy = progress.seconds = 0.


def check(finite, what, session, progress):
    """Stop a training whose numbers are no longer numbers."""
    if not finite:
        raise Diverged(
            '%s became NaN or infinite in %s: nothing is saved since the '
            'last checkpoint; train anew with a smaller learning rate'
            % (what, session.schedule.place(progress)))


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
