"""Starts the workers and stands by them: signals, exit codes, endings."""

import os
import signal
import subprocess
import sys

from errors import UserError
from storage.atomic import write_json
from storage.attack_file import SCRIPT_VARIABLE
from storage.identity import ROOT
from training.stop import Stop, Stopped, ending

WORKER = 'attacking.worker'
AGAIN = 'run the same command again to continue'


class Died(UserError):
    """A worker was ended by a signal that was not for us."""

    def __init__(self, floatX, code):
        super().__init__('the process that computes in %s %s%s: %s' % (
            floatX, ending(code), ', --batch bounds its memory'
            if code == -signal.SIGKILL else '', AGAIN))
        if code > 0:
            self.exit_code = code


def run_workers(plan, ways, script):
    """Run one worker a floatX, one after the other.

    The plan is of `session.make_plan`, the ways are by floatX; complaints
    name the script. Returns 0, or the exit code of a worker that has said
    what is wrong.
    """
    for floatX in ways:
        path = os.path.join(plan['folder'], 'plan-%s.json' % floatX)
        write_json(path, dict(plan, floatX=floatX, ways=ways[floatX]))
        code = run_worker(path, script)
        if ending(code):
            raise Died(floatX, code)
        if code:
            return code
    return 0


def run_worker(path, script):
    """Run a worker to its end; its exit code, negative for a signal."""
    worker = os.path.join(ROOT, *WORKER.split('.')) + '.py'
    with Stop() as stop:
        # A session of its own, so that Ctrl-C reaches it through us alone.
        process = subprocess.Popen(
            [sys.executable, worker, '--plan', path],
            env={**os.environ, SCRIPT_VARIABLE: script},
            start_new_session=True)
        try:
            return wait(process, stop, os.path.dirname(path))
        finally:
            process.kill()
            process.wait()


def wait(process, stop, folder):
    """Wait for a worker, or end it where a signal asks for that."""
    while True:
        try:
            return process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            if stop.signal is not None:
                process.terminate()
                process.wait()
                raise Stopped(
                    stop.signal, ', all finished blocks are kept in %s: %s'
                    % (folder, AGAIN)) from None
