"""Starts the workers and stands by them: signals, exit codes, endings."""

import os
import signal
import subprocess
import sys

import numpy as np

from environment.operations import choose_ops
from errors import UserError
from storage.atomic import write_json
from storage.identity import ROOT
from training.stop import Stop, ending

#: Arithmetics by the floatX that they compute in. Log-odds needs no more
#: than float32.
FLOATX = {'float32': ('float32', 'logodds'), 'float64': ('float64',)}
AGAIN = 'run the same command again to continue'


class Interrupted(UserError):
    """A signal stopped the run; its finished blocks are kept."""

    def __init__(self, folder, number):
        super().__init__(
            'stopped by %s, all finished blocks are kept in %s: %s'
            % (number.name, folder, AGAIN))
        self.exit_code = 128 + number


class Died(UserError):
    """A worker was ended by a signal that was not for us."""

    def __init__(self, floatX, code):
        super().__init__('the process that computes in %s %s%s: %s' % (
            floatX, ending(code), ', --batch bounds its memory'
            if code == -signal.SIGKILL else '', AGAIN))
        if code > 0:
            self.exit_code = code


def check_arithmetics(args):
    """Refuse at once what a worker could not compute.

    Parameters
    ----------
    args : argparse.Namespace
        arithmetic, test_temperature, device and ops: see `options.parser`.
    """
    for floatX, arithmetics in FLOATX.items():
        if set(arithmetics) & set(args.arithmetic):
            choose_ops(args.ops, args.device, floatX == 'float64')
            low, high = np.finfo(floatX).tiny, np.finfo(floatX).max
            if not low <= args.test_temperature <= high:
                raise UserError(
                    '--test-temperature: expected a number that %s holds, '
                    '%.2g to %.2g, got %g' % (floatX, low, high,
                                              args.test_temperature))


def run_workers(plan, prog):
    """Run one worker a floatX, one after the other.

    Parameters
    ----------
    plan : dict
        compute (name of the module whose `compute` the worker calls),
        folder, device, threads, ops, arithmetics, and what that module
        needs: see `attacking.session.make_plan`, models (name to path),
        weights (name to SHA-256), keys (name to arithmetic to a part of a
        file name), algorithm, limit, variant, batch, probing,
        test_temperature, identity (a digest), count and candidates (of
        samples).
    prog : str
        The script that complaints name.

    Returns
    -------
    int
        0, or the exit code of a worker that has said what is wrong.
    """
    for floatX, arithmetics in FLOATX.items():
        wanted = [name for name in plan['arithmetics']
                  if name in arithmetics]
        if not wanted:
            continue
        path = os.path.join(plan['folder'], 'plan-%s.json' % floatX)
        write_json(path, dict(plan, floatX=floatX, arithmetics=wanted))
        code = run_worker(path, prog)
        if ending(code):
            raise Died(floatX, code)
        if code:
            return code
    return 0


def run_worker(path, prog):
    """Run a worker to its end; its exit code, negative for a signal."""
    worker = os.path.join(ROOT, 'attacking', 'worker.py')
    with Stop() as stop:
        # A session of its own, so that Ctrl-C reaches it through us alone.
        process = subprocess.Popen(
            [sys.executable, worker, '--plan', path],
            env=dict(os.environ, SONG2017_PROG=prog), start_new_session=True)
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
                raise Interrupted(folder, stop.signal) from None
