"""Runs the steps of a study on dask, and stands by them."""

import contextlib
import os
import queue
import time
import uuid

from errors import UserError
from storage.atomic import atomic_file
from study.cluster import connect
from study.estimates import duration
from study.pacing import Lost, Pace
from study.progress import Progress
from study.runner import GRACE, RUNNING, Task
from study.stamp import Standing
from training.stop import Stop

LOOK = 2.   # seconds: workers may have come meanwhile


class Interrupted(UserError):
    """A signal stopped the study; what is done stays done."""

    def __init__(self, study, number):
        super().__init__('stopped by %s, finished steps are kept in %s: '
                         'continue with the same command'
                         % (number.name, study))
        self.exit_code = 128 + number


def run_study(study, steps, keys, standings, codes, args):
    """Run all steps that are not done.

    Parameters
    ----------
    study : str
        The absolute path of its folder, which this process holds.
    steps : list of study.step.Step
        Those to run, parents before children.
    keys : dict
        See `step.keys_of`.
    standings : dict of str to study.stamp.Standing
        Of all steps of the study.
    codes : dict of str to str
        SHA-256 of the code, by script.
    args : argparse.Namespace
        scheduler, workers, and what `machine_options` reads.

    Returns
    -------
    dict of str to (Standing or dict)
        As `runner.run_step` gives them.

    Raises
    ------
    UserError
        If a signal stops it, or the scheduler goes.
    """
    todo = [step for step in steps if standings[step.name].state
            not in ('done', 'no model')]
    if not todo:
        return {}
    run = uuid.uuid4().hex
    tasks = [Task(study, step, keys[step.name], codes[step.script],
                  machine_options(args, step), run) for step in todo]
    with running(study, run), Stop() as stop, connect(
            args.scheduler, args.workers) as client:
        return follow(study, Pace(study, client, tasks, standings),
                      Progress(todo, standings), stop)


@contextlib.contextmanager
def running(study, run):
    """Let the workers know that somebody waits for them."""
    path = os.path.join(study, RUNNING)
    with atomic_file(path, 'w') as stream:
        stream.write(run)
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def follow(study, pace, progress, stop):
    """Start all steps and wait for them; their results."""
    ended = queue.Queue()
    results, due = {}, 0.
    with progress:
        while pace.waiting or pace.running:
            if stop.signal is not None:
                abandon(study, ended, len(pace.running))
                raise Interrupted(study, stop.signal)
            if time.monotonic() >= due:
                start(pace, results, ended)
                due = time.monotonic() + LOOK
            with contextlib.suppress(queue.Empty):
                name, future = ended.get(timeout=.2)
                if future.cancelled():
                    raise Lost(study)
                results[name] = result_of(future)
                pace.running.remove(name)
                progress.show(name, results[name])
                due = 0.
    return results


def start(pace, results, ended):
    """Start what can run; its end will be put into a queue."""
    for name, future in pace.start(results).items():
        future.add_done_callback(
            lambda future, name=name: ended.put((name, future)))


def result_of(future):
    """A future's result; what dask could not do is a failed step."""
    error = future.exception()
    if error is not None:
        return {'state': 'failed', 'line': '%s: %s' % (
            type(error).__name__, (str(error) or 'lost').splitlines()[0])}
    return future.result()


def abandon(study, ended, count):
    """Tell the workers to stop their steps, and wait until they did."""
    os.unlink(os.path.join(study, RUNNING))
    end = time.monotonic() + GRACE + 5
    with contextlib.suppress(queue.Empty):
        for _ in range(count):
            ended.get(timeout=max(0, end - time.monotonic()))


def machine_options(args, step):
    """What a step's command is told, and no result depends on."""
    threads = args.threads or max(1, (os.cpu_count() or 1) // args.workers)
    words = ['--device', args.device, '--threads', str(threads)]
    return words + (['--data-dir', os.path.abspath(args.data_dir)]
                    if args.data_dir and step.data_dir else [])


def conclude(results):
    """Raise where steps failed, in one line.

    Raises
    ------
    UserError
    """
    failed = {name: result for name, result in results.items()
              if not isinstance(result, Standing)}
    if failed:
        first = next((name for name in failed
                      if failed[name]['state'] == 'failed'), min(failed))
        raise UserError(
            '%d of %d steps are not done, first %s (%s): mend it, and '
            'continue with the same command' % (
                len(failed), len(results), first, failed[first]['line']))


def summary(results):
    """What was run, in one line."""
    done = [result for result in results.values()
            if isinstance(result, Standing) and result.state == 'done']
    return '%d steps done now, %s of computing' % (
        len(done), duration(sum(result.stamp['seconds'] or 0
                                for result in done)))
