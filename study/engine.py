"""Runs the steps of a study on dask, and stands by them.

Dask gets no more steps at a time than its workers have threads. What it is
given beyond that it puts behind steps that run, by what it has seen them
last; of steps of minutes and hours it has seen none, so that one worker had
three of them to do while another had none.
"""

import asyncio
import contextlib
import os
import queue
import time
import uuid

from errors import UserError
from storage.atomic import atomic_file
from study.cluster import connect
from study.estimates import Progress
from study.runner import GRACE, RUNNING, Task, run_step
from study.stamp import Standing
from training.stop import Stop, Stopped

LOOK = 2.   # seconds: workers may have come meanwhile


class Lost(UserError):
    """Nobody is there any more to say what became of the steps."""

    def __init__(self, study):
        super().__init__('the scheduler is gone, finished steps are kept in '
                         '%s: start it again, and continue with the same '
                         'command' % study)


def run_study(study, steps, view, args):
    """Run all steps that are not done; what `run_step` returned, by name.

    Parameters
    ----------
    study : str
        The absolute path of its folder, which this process holds.
    steps : list of study.step.Step
        Those to run, parents before children.
    view : study.view.View
        How all steps stand.
    args : argparse.Namespace
        scheduler, workers, and what `machine_options` reads.

    Raises
    ------
    UserError
        If a signal stops it, or the scheduler goes.
    """
    todo = [step for step in steps if not view.standings[step.name].settled]
    if not todo:
        return {}
    run = uuid.uuid4().hex
    tasks = [Task(study, step, view.keys[step.name], view.codes[step.script],
                  machine_options(args, step), run) for step in todo]
    with running(study, run), Stop() as stop, connect(
            args.scheduler, args.workers) as client:
        return Pace(study, client, tasks, view.standings).follow(
            Progress(todo, view.standings), stop)


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


class Pace:
    """The steps that wait for their parents, or for a worker, those that
    run, and the results of those that have ended.

    The client is dask's, the tasks are parents before children, and the
    standings those of all steps of the study.
    """

    def __init__(self, study, client, tasks, standings):
        self.study, self.client = study, client
        self.standings = standings
        self.waiting = {task.step.name: task for task in tasks}
        self.running, self.results = set(), {}
        self.ended = queue.Queue()     # of names and futures

    def follow(self, progress, stop):
        """Start all steps and wait for them; their results."""
        due = 0.
        with progress:
            while self.waiting or self.running:
                if stop.signal is not None:
                    self.abandon()
                    raise Stopped(
                        stop.signal, ', finished steps are kept in %s: '
                        'continue with the same command' % self.study)
                if time.monotonic() >= due:
                    self.start()
                    due = time.monotonic() + LOOK
                with contextlib.suppress(queue.Empty):
                    name, future = self.ended.get(timeout=.2)
                    if future.cancelled():
                        raise Lost(self.study)
                    self.results[name] = result_of(future)
                    self.running.remove(name)
                    progress.show(name, self.results[name])
                    due = 0.
        return self.results

    def start(self):
        """Submit what can run now, in order."""
        ready = [name for name, task in self.waiting.items()
                 if not any(parent in self.waiting or parent in self.running
                            for parent in task.step.parents)]
        free = self.threads() - len(self.running) if ready else 0
        for name in ready[:max(0, free)]:
            task = self.waiting.pop(name)
            parents = [self.results.get(parent, self.standings[parent])
                       for parent in task.step.parents]
            self.running.add(name)
            self.client.submit(
                run_step, task, *parents, pure=False,
                key='%s-%s' % (name, task.run)).add_done_callback(
                    lambda future, name=name: self.ended.put((name, future)))

    def threads(self):
        """Of all workers, which come and go.

        Lost is raised if there is nobody to ask, and no step from which dask
        would hear so.
        """
        try:
            return sum(self.client.nthreads().values())
        except (OSError, asyncio.TimeoutError):
            if self.running:
                return 0      # dask will cancel them, and say so
            raise Lost(self.study) from None

    def abandon(self):
        """Tell the workers to stop their steps, and wait until they did."""
        os.unlink(os.path.join(self.study, RUNNING))
        end = time.monotonic() + GRACE + 5
        with contextlib.suppress(queue.Empty):
            for _ in self.running:
                self.ended.get(timeout=max(0, end - time.monotonic()))


def result_of(future):
    """A future's result; what dask could not do is a failed step."""
    error = future.exception()
    if error is not None:
        return Standing('failed', '%s: %s' % (
            type(error).__name__, (str(error) or 'lost').splitlines()[0]))
    return future.result()


def machine_options(args, step):
    """What a step's command is told, and no result depends on."""
    threads = args.threads or max(1, (os.cpu_count() or 1) // args.workers)
    words = ['--device', args.device, '--threads', str(threads)]
    return words + (['--data-dir', os.path.abspath(args.data_dir)]
                    if args.data_dir and step.data_dir else [])
