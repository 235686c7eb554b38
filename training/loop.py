"""The training loop: full batches, checkpoints, no surprises."""

import math
import time

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
