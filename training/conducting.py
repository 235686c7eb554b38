"""What every training is led by: a bar, a signal, a last word in run.json."""

import os

from tqdm import tqdm

from errors import UserError
from training.checkpoint import Progress, load_checkpoint
from training.loop import Diverged, Interrupted, epoch_and_batch, fit
from training.stop import Stop


class Stopped(UserError):
    """A signal stopped the training, and its state is saved."""

    def __init__(self, run, place, number):
        super().__init__(
            'stopped by %s after %s, all saved: continue with python %s '
            '--resume %s' % (number.name, place, run.system.script, run.path))
        self.exit_code = 128 + number


def begin_or_resume(run, step, generator, place=epoch_and_batch):
    """A run's progress: where its checkpoint stands, or at the beginning.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    step : network.functions.TrainingStep
        Takes the checkpoint's arrays.
    generator : numpy.random.RandomState
        Shuffles the first epoch of a new run.
    place : callable
        See `training.loop.Task`.

    Returns
    -------
    training.checkpoint.Progress
    """
    if not os.path.exists(run.checkpoint):
        return Progress(shuffling=generator.get_state())
    progress = load_checkpoint(run.checkpoint, step)
    print('resumed after %s' % place(progress), flush=True)
    return progress


def conduct(run, progress, epochs, batches, make_task):
    """Fit, and note in run.json how it ended if not well.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    progress : training.checkpoint.Progress
    epochs, batches : int
        In all; of an epoch.
    make_task : callable
        (bar, stop) -> training.loop.Task, whose `tick` moves the bar.

    Raises
    ------
    Stopped, training.loop.Diverged
    """
    run.update(status='running')
    with Stop() as stop, progress_bar(progress, epochs, batches) as bar:
        task = make_task(bar, stop)
        try:
            fit(task, progress)
        except Interrupted:
            run.update(status='interrupted')
            raise Stopped(run, task.place(progress), stop.signal) from None
        except Diverged:
            run.update(status='diverged')
            raise


def progress_bar(progress, epochs, batches):
    """A bar over the batches of all epochs; none where nobody watches."""
    return tqdm(total=batches * epochs, unit='batch',
                initial=batches * progress.epoch + progress.batch,
                disable=None, dynamic_ncols=True)
