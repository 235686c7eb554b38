"""One step, on whatever machine the cluster chose for it.

The study's folder is on a file system that all workers share. The file
`running` in it holds the number of the run: where that is not ours any
more, nobody waits for the step, and it is stopped.
"""

import os
import subprocess
import sys
import time
from typing import Any, Dict, List, NamedTuple

from environment.provenance import git_commit, versions
from errors import UserError
from mishaps import os_error_line
from storage.atomic import read_json
from storage.identity import ROOT
from storage.run_description import DESCRIPTION
from study import stamp
from study.step import Step, script_digest
from training.stop import attend, ending

RUNNING, LOGS = 'running', 'logs'
NOTHING_LEARNT = 3
STOPPED = stamp.Standing('stopped', 'nobody waits for it any more')
GRACE = 30.   # seconds from SIGTERM to SIGKILL


class Task(NamedTuple):
    """A step, and what its command is told besides."""

    study: str               # the absolute path of its folder
    step: Step
    parts: Dict[str, Any]    # see `step.keys_of`
    code: str                # SHA-256 of the code that the worker must have
    machine: List[str]       # options on which results do not depend
    run: str                 # the content of the file `running`


def run_step(task, *parents):
    """Bring a step to its end, from wherever it stands.

    Returns its Standing; `parents` are those of the step's.
    """
    if not all(parent.settled for parent in parents):
        return stamp.Standing('waiting', 'a step before it has failed')
    try:
        if script_digest(task.step.script) != task.code:
            raise UserError('the checkout of this worker, %s, is of another '
                            'version than that of the study' % ROOT)
        return _advance(task, dict(zip(task.step.parents, parents)))
    except UserError as error:
        return stamp.Standing('failed', str(error))
    except OSError as error:
        return stamp.Standing('failed', os_error_line(error))


def _advance(task, parents):
    study, step = task.study, task.step
    before = stands(task, parents)
    if before.state == 'done':
        stamp.check_results(study, step.name, before.stamp)
    if before.settled:
        return before
    if not wanted(task):
        return STOPPED
    if before.state == 'stale':
        stamp.set_aside(study, step.name)
    begun = {'parents': {name: stamp.essence(parent.stamp)
                         for name, parent in parents.items()},
             'resumed': before.state == 'partial', 'outcome': None,
             'results': {}, 'seconds': None,
             'made_by': {'commit': git_commit(), 'versions': versions()}}
    stamp.write_stamp(study, step, task.parts, status='begun', **begun)
    start = time.monotonic()
    code, line = execute(task, command(task))
    if code is None:
        return STOPPED
    outcome = 'finished'
    if code == NOTHING_LEARNT and step.may_fail:
        outcome = read_json(
            os.path.join(study, step.name, DESCRIPTION))['status']
    elif code:
        return stamp.Standing('failed', line)
    begun.update(outcome=outcome, results=stamp.results_of(study, step),
                 seconds=round(time.monotonic() - start, 3))
    stamp.write_stamp(study, step, task.parts, status='done', **begun)
    return stands(task, parents)


def stands(task, parents):
    """How the step stands now, its parents standing as they do."""
    found = stamp.read_stamps(task.study, [task.step])
    return stamp.standing(found.get(task.step.name), task.parts, parents)


def command(task):
    """What to run: the step's command, or what resumes it."""
    step = task.step
    words = list(step.arguments) + ['--out', step.name]
    script = step.script
    if step.resume and os.path.exists(
            os.path.join(task.study, step.name, DESCRIPTION)):
        script, words = step.resume, ['--resume', step.name]
    return [os.path.join(ROOT, script)] + words + list(task.machine)


def execute(task, words):
    """Run a command: its exit code (None: stopped) and its complaint."""
    path = os.path.join(task.study, LOGS, task.step.name + '.log')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'a+', encoding='utf-8', errors='replace') as log:
        start = log.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            [sys.executable, os.path.join(ROOT, 'study', 'leash.py')]
            + words, cwd=task.study, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True)
        if not attend(process, lambda: not wanted(task), GRACE):
            return None, ''
        log.seek(start)
        return process.returncode, complaint(log.read(), process, path)


def complaint(text, process, path):
    """The last error line of a log, or what can be said without one."""
    lines = [line for line in text.splitlines() if ': error: ' in line]
    return lines[-1] if lines else '%s, see %s' % (
        ending(process.returncode) or 'exit code %d' % process.returncode,
        path)


def wanted(task):
    """Whether somebody still waits for the step."""
    try:
        with open(os.path.join(task.study, RUNNING)) as stream:
            return stream.read() == task.run
    except FileNotFoundError:
        return False
