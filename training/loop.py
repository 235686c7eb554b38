"""The training loop: full batches, checkpoints, no surprises."""

import math
import time
from typing import Callable, NamedTuple

import numpy as np

from errors import UserError
from training.checkpoint import is_finite
from training.schedule import Schedule


class Diverged(UserError):
    """A loss or a weight became NaN or infinite."""

    exit_code = 3


class Interrupted(Exception):
    """A signal came; the state has been saved."""


class Task(NamedTuple):
    """What `fit` needs besides its progress."""

    #: network.functions.TrainingStep
    step: object
    schedule: Schedule
    #: Batches between two checkpoints, beside the one after every epoch.
    checkpoint_every: int
    #: Progress -> None, before an epoch, or the rest of one.
    begin: Callable
    #: Indices (b,), progress -> the arguments of the step's update.
    batch: Callable
    #: Progress -> dict of the validation figures, after an epoch.
    validate: Callable
    #: Progress -> None: write a checkpoint; show a finished epoch; show a
    #: finished batch.
    save: Callable
    report: Callable
    tick: Callable
    #: training.stop.Stop
    stop: object


def fit(task, progress):
    """Train until all epochs are done, from wherever `progress` stands.

    Raises
    ------
    Diverged
        At the first NaN or infinity; an earlier checkpoint stays as it is.
    Interrupted
        After a signal, with the state saved.
    """
    generator, epochs = np.random.RandomState(), task.schedule.epochs
    while progress.epoch < epochs:
        generator.set_state(progress.shuffling)
        order = task.schedule.order(progress.epoch, generator)
        task.begin(progress)
        train_epoch(task, progress, order)
        close_epoch(task, progress)
        progress.shuffling = generator.get_state()
        task.save(progress)
        task.report(progress)
        if task.stop.signal and progress.epoch < epochs:
            raise Interrupted


def train_epoch(task, progress, order):
    """Run the batches of one epoch that `progress` has not yet behind it."""
    count, size = task.schedule.batches, task.schedule.batch_size
    while progress.batch < count:
        start = time.perf_counter()
        first = progress.batch * size
        objective, cross_entropy = map(float, task.step.update(
            *task.batch(order[first:first + size], progress)))
        if task.step.after:
            task.step.after()
        progress.batch += 1
        check(math.isfinite(objective), 'the loss', task, progress)
        progress.objective += objective
        progress.cross_entropy += cross_entropy
        progress.seconds += time.perf_counter() - start
        task.tick(progress)
        due = progress.batch % task.checkpoint_every == 0
        if progress.batch < count and (due or task.stop.signal):
            check(is_finite(task.step), 'a weight', task, progress)
            task.save(progress)
            if task.stop.signal:
                raise Interrupted


def close_epoch(task, progress):
    """Turn the epoch's sums into a record of the history, and start anew."""
    check(is_finite(task.step), 'a weight', task, progress)
    start = time.perf_counter()
    validation = task.validate(progress)
    check(all(map(math.isfinite, validation.values())),
          'the validation loss', task, progress)
    seconds = progress.seconds + time.perf_counter() - start
    record = {'epoch': progress.epoch + 1,
              'objective': progress.objective / progress.batch,
              'cross_entropy': progress.cross_entropy / progress.batch}
    record.update(validation, seconds=round(seconds, 3))
    progress.history.append(record)
    progress.epoch += 1
    progress.batch = 0
    progress.objective = progress.cross_entropy = progress.seconds = 0.


def check(finite, what, task, progress):
    """Stop a training whose numbers are no longer numbers."""
    if not finite:
        raise Diverged(
            '%s became NaN or infinite in %s: nothing is saved since the '
            'last checkpoint; train anew with a smaller learning rate'
            % (what, task.schedule.place(progress)))
