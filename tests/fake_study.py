"""A study of fake steps: a, then b and c, then d that reads both.

    python fake_study.py STUDY [ADD] [--scheduler ADDRESS]
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from storage.identity import code_digest
from study.acceptance import accepted_codes
from study.engine import conclude, run_study
from study.stamp import survey
from study.step import Step, keys_of

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'fake_step.py')
PARENTS = {'a': (), 'b': ('a',), 'c': ('a',), 'd': ('b', 'c')}


def make_steps(script=SCRIPT, **adds):
    """The four steps; each adds 1 to its parents' sums unless told else."""
    return [Step(
        name, script, ('--add', str(adds.get(name, 1)), '--read') + parents,
        parents, (script,), ('sum.npz',), 'fake', 1, False, {})
        for name, parents in PARENTS.items()]


def look(study, steps, accept=()):
    """Keys and standings, some steps accepted."""
    keys = keys_of(steps, accepted_codes(study, steps, accept.__contains__))
    return keys, survey(study, steps, keys)


def run(study, steps, scheduler=None, workers=2):
    """Run the steps that are not done."""
    keys, standings = look(study, steps)
    code = steps[0].code
    return run_study(study, steps, keys, standings,
                     {code: code_digest(code)}, argparse.Namespace(
                         scheduler=scheduler, workers=workers, threads=1,
                         device='cpu', data_dir=None))


def parser():
    options = argparse.ArgumentParser(prog='fake_study.py')
    options.add_argument('study', nargs='?', default='.')
    options.add_argument('add', nargs='?', type=int, default=1)
    options.add_argument('--scheduler')
    return options


def main(args, given):
    conclude(run(os.path.abspath(args.study), make_steps(b=args.add),
                 args.scheduler))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
