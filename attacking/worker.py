"""A process of its own that computes in one floating-point type.

    python attacking/worker.py --plan PLAN.json

`session` writes the plan, which names the module with the work, and starts
it. Its results are files beside the plan; what goes wrong is one line on
stderr, under the script's own name.
"""

import argparse
import importlib
import os
import signal
import sys

# First of all: by -m, modules of whatever folder it is started in would come
# before those of this checkout.
sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
import environment
from environment.provenance import provenance
from errors import UserError
from storage.atomic import read_json
from storage.attack_file import MACHINE, SCRIPT_VARIABLE, note_machine
from storage.run_description import check_machine


def parser():
    """The options of the worker."""
    options = argparse.ArgumentParser(prog=os.environ.get(SCRIPT_VARIABLE))
    options.add_argument('--plan', metavar='FILE')
    return options


def main(args, given):
    """Prepare Theano for the plan's floatX, and compute."""
    plan = read_json(args.plan)
    chosen = prepare(plan)
    print(chosen, flush=True)
    from attacking.computing import compute  # and NumPy, once prepared
    work = importlib.import_module(plan['module']).WORK
    parent = os.getppid()

    def check_parent():
        if os.getppid() != parent:
            raise UserError('stopped, as the script that started this '
                            'process is gone: run it again to continue')

    compute(work, dict(plan, threads=chosen.threads), chosen, check_parent)


def prepare(plan):
    """Prepare as the process did that began this work, if there was one."""
    path = os.path.join(plan['folder'], MACHINE % plan['floatX'])
    before = read_machine(path)
    chosen = environment.prepare(
        plan['device'], plan['floatX'] == 'float64', plan['threads'],
        plan['ops'], before.get('machine'))
    note_machine(plan['results'], path, before, provenance(chosen))
    return chosen


def read_machine(path):
    """What the process that began this work left; {} without, or damaged.

    Blocks say themselves where they were made.
    """
    try:
        before = read_json(path)
        check_machine(dict(before), path)
        return before or {}
    except (FileNotFoundError, ValueError, TypeError, UserError):
        return {}


def terminate(number, frame):
    """Leave at once, but so that temporary files are taken away."""
    sys.exit(128 + number)


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, terminate)
    try:
        sys.exit(command_line.run(main, parser()))
    finally:
        # An exception in what Theano does at exit would be a traceback.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
