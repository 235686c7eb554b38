"""The training loop: full batches, checkpoints, no surprises."""

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


def shuffled(task, epoch, generator):
    """An epoch's samples in a random order, (size,) int."""
    return generator.permutation(task.size)


def epoch_and_batch(progress):
    """Where a training stands, in words."""
    return 'epoch %d, batch %d' % (progress.epoch + 1, progress.batch)


class Task(NamedTuple):
    """What `fit` needs besides its progress.

    Attributes
    ----------
    step : network.functions.TrainingStep
    batches : callable
        indices (b,) -> (images (b, 1, 28, 28), targets (b, ...)).
    size, batch_size, epochs : int
        Samples an epoch; samples a batch; epochs in all. The rest that does
        not fill a batch is left out, other samples every epoch, as in the
        published scripts.
    checkpoint_every : int
        Batches between two checkpoints, beside the one after every epoch.
    validate : callable
        () -> dict of the validation figures, after an epoch.
    save, report, tick : callable
        (progress) -> None: write a checkpoint; show a finished epoch; show
        a finished batch.
    stop : training.stop.Stop
    order : callable
        (task, epoch, generator) -> indices of its samples, (size,) int.
    place : callable
        (progress) -> where it stands, in words.
    """

    step: object
    batches: Callable
    size: int
    batch_size: int
    epochs: int
    checkpoint_every: int
    validate: Callable
    save: Callable
    report: Callable
    tick: Callable
    stop: object
    order: Callable = shuffled
    place: Callable = epoch_and_batch


def fit(task, progress):
    """Train until `task.epochs` are done, from wherever `progress` stands.

    Raises
    ------
    Diverged
        At the first NaN or infinity; an earlier checkpoint stays as it is.
    Interrupted
        After a signal, with the state saved.
    """
    generator = np.random.RandomState()
    while progress.epoch < task.epochs:
        generator.set_state(progress.shuffling)
        order = task.order(task, progress.epoch, generator)
        train_epoch(task, progress, order)
        close_epoch(task, progress)
        progress.shuffling = generator.get_state()
        task.save(progress)
        task.report(progress)
        if task.stop.signal and progress.epoch < task.epochs:
            raise Interrupted


def train_epoch(task, progress, order):
    """Run the batches of one epoch that `progress` has not yet behind it."""
    count = task.size // task.batch_size
    while progress.batch < count:
        start = time.perf_counter()
        first = progress.batch * task.batch_size
        images, targets = task.batches(order[first:first + task.batch_size])
        objective, cross_entropy = map(float,
                                       task.step.update(images, targets))
        progress.batch += 1
        check(math.isfinite(objective), 'the loss', task.place(progress))
        progress.objective += objective
        progress.cross_entropy += cross_entropy
        progress.seconds += time.perf_counter() - start
        task.tick(progress)
        due = progress.batch % task.checkpoint_every == 0
        if progress.batch < count and (due or task.stop.signal):
            check(is_finite(task.step), 'a weight', task.place(progress))
            task.save(progress)
            if task.stop.signal:
                raise Interrupted


def close_epoch(task, progress):
    """Turn the epoch's sums into a record of the history, and start anew."""
    check(is_finite(task.step), 'a weight', task.place(progress))
    start = time.perf_counter()
    validation = task.validate()
    check(all(map(math.isfinite, validation.values())),
          'the validation loss', task.place(progress))
    seconds = progress.seconds + time.perf_counter() - start
    record = {'epoch': progress.epoch + 1,
              'objective': progress.objective / progress.batch,
              'cross_entropy': progress.cross_entropy / progress.batch}
    record.update(validation, seconds=round(seconds, 3))
    progress.history.append(record)
    progress.epoch += 1
    progress.batch = 0
    progress.objective = progress.cross_entropy = progress.seconds = 0.


def check(finite, what, place):
    """Stop a training whose numbers are no longer numbers."""
    if not finite:
        raise Diverged(
            '%s became NaN or infinite in %s: nothing is saved since the '
            'last checkpoint; train anew with a smaller learning rate'
            % (what, place))
