"""Gives dask no more steps at a time than its workers have threads.

What it is given beyond that it puts behind steps that run, by what it has
seen them last; of steps of minutes and hours it has seen none, so that one
worker had three of them to do while another had none.
"""

import asyncio

from errors import UserError
from study.runner import run_step


class Lost(UserError):
    """Nobody is there any more to say what became of the steps."""

    def __init__(self, study):
        super().__init__('the scheduler is gone, finished steps are kept in '
                         '%s: start it again, and continue with the same '
                         'command' % study)


class Pace:
    """The steps that wait for their parents, or for a worker, and those
    that run.

    Parameters
    ----------
    study : str
        Its folder.
    client : distributed.Client
    tasks : list of study.runner.Task
        Parents before children.
    standings : dict of str to Standing
        Of all steps of the study.
    """

    def __init__(self, study, client, tasks, standings):
        self.study, self.client = study, client
        self.standings = standings
        self.waiting = {task.step.name: task for task in tasks}
        self.running = set()

    def start(self, results):
        """Submit what can run now, in order.

        Parameters
        ----------
        results : dict
            Of the steps that have ended.

        Returns
        -------
        dict of str to distributed.Future
        """
        ready = [name for name, task in self.waiting.items()
                 if not any(parent in self.waiting or parent in self.running
                            for parent in task.step.parents)]
        free = self.threads() - len(self.running) if ready else 0
        started = {name: self.submit(self.waiting.pop(name), results)
                   for name in ready[:max(0, free)]}
        self.running.update(started)
        return started

    def threads(self):
        """Of all workers, which come and go.

        Raises
        ------
        UserError
            If there is nobody to ask, and no step from which dask would
            hear so.
        """
        try:
            return sum(self.client.nthreads().values())
        except (OSError, asyncio.TimeoutError):
            if self.running:
                return 0      # dask will cancel them, and say so
            raise Lost(self.study) from None

    def submit(self, task, results):
        """Hand one step to dask."""
        parents = [results.get(parent) or settled(self.standings[parent])
                   for parent in task.step.parents]
        return self.client.submit(
            run_step, task, *parents, pure=False,
            key='%s-%s' % (task.step.name, task.run))


def settled(standing):
    """What a step that is not run now means to its children."""
    if standing.state in ('done', 'no model'):
        return standing
    return {'state': 'waiting', 'line': 'it was left out'}
