"""A study of fake steps: a, then b and c, then d that reads both.

    python fake_study.py STUDY [ADD] [--scheduler ADDRESS]
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from study.engine import run_study
from study.session import conclude
from study.step import Step
from study.view import look

SCRIPT = os.path.join('tests', 'fake_step.py')
PARENTS = {'a': (), 'b': ('a',), 'c': ('a',), 'd': ('b', 'c')}


def make_steps(**adds):
    """The four steps; each adds 1 to its parents' sums unless told else."""
    return [Step(
        name, SCRIPT, ('--add', str(adds.get(name, 1)), '--read') + parents,
        parents, ('sum.npz',), 'fake', 1, 1., {}, needs=('sum.npz',))
        for name, parents in PARENTS.items()]


def options(**chosen):
    """What reproduce.py would have parsed."""
    return argparse.Namespace(**dict(
        {'only': (), 'skip': (), 'redo': (), 'accept': (), 'fresh': False,
         'scheduler': None, 'workers': 2, 'threads': 1, 'device': 'cpu',
         'data_dir': None}, **chosen))


def standings(study, steps, **chosen):
    """How the steps stand."""
    return look(study, steps, options(**chosen)).standings


def run(study, steps, scheduler=None):
    """Run the steps that are not done."""
    args = options(scheduler=scheduler)
    return run_study(study, steps, look(study, steps, args), args)


def parser():
    made = argparse.ArgumentParser(prog='fake_study.py')
    made.add_argument('study', nargs='?', default='.')
    made.add_argument('add', nargs='?', type=int, default=1)
    made.add_argument('--scheduler')
    return made


def main(args, given):
    conclude(run(os.path.abspath(args.study), make_steps(b=args.add),
                 args.scheduler))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
