"""A process of its own that records in one floating-point type.

    python -m explorer.worker --plan PLAN.json

`session` writes the plan and starts it, as `experiment.launch` does for
the attack scripts.
"""

import json
import os
import signal
import sys

import command_line
import environment
from experiment.worker import Orphaned, parser, terminate


def main(args, given):
    """Prepare Theano for the plan's floatX, and record."""
    with open(args.plan, encoding='utf-8') as stream:
        plan = json.load(stream)
    chosen = environment.prepare(plan['device'],
                                 plan['floatX'] == 'float64', plan['threads'],
                                 plan['ops'])
    print(chosen, flush=True)
    from explorer.computing import compute
    parent = os.getppid()

    def check_parent():
        if os.getppid() != parent:
            raise Orphaned('stopped, as the script that started this process '
                           'is gone: run it again to continue')

    compute(plan, chosen, check_parent)


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, terminate)
    sys.exit(command_line.run(main, parser()))
