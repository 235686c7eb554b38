#!/usr/bin/env python
"""Rerun what BANG's paper says of LeNet, and say number by number what held.

    python reproduce_bang.py --quick            all of it, small, on digits
    python reproduce_bang.py --dry-run          what there is to do, how long
    python reproduce_bang.py                    the full study, studies/bang
    python reproduce_bang.py --only '*seed0*'   table 1, one training each
    python reproduce_bang.py --only 'grid/*'    figure 2, coarse before fine
    python reproduce_bang.py --betas 1 1.3 1.6 --epsilons .78 .81 .84
    python reproduce_bang.py --tables           the ledger in README and docs/
    python reproduce_bang.py --publish          its results, into the checkout

Table 1: R0, R1 and B0 to B5, every seed, attacked by FGS under three rules
of a blank gradient and by HC1, scored by PASS. Figure 3: random noise over
the trainings of R0 and B1. Figure 2: 169 models of other beta and epsilon.

Steps, workers, resuming and exit codes are those of reproduce.py. The report
that is written in the end is its report, with this study's chapter.
"""

import os
import sys

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
import reproduce
from study.options import (
    add_choice,
    add_machine,
    add_size,
    check_alone,
    place,
)

LEDGER, REPORT = 'results/bang/ledger.json', 'report'


def parser():
    """The options of reproduce_bang.py."""
    options = command_line.script_parser(__doc__)
    add_study(options)
    add_choice(options, LEDGER, REPORT)
    add_machine(options)
    return options


def add_study(options):
    """What the results depend on; see `papers.bang.settings`."""
    number = command_line.number
    group = add_size(options, 'studies/bang or studies/bang-quick-DATASET', (
        ('seeds', 3, 'trainings of every row of table 1'),
        ('iterations', 10000, 'batches of every training'),
        ('samples', 'all', 'test images attacked, of table 1\'s models'),
        ('grid-samples', 1000, 'the same, of figure 2\'s models'),
        ('noise-images', 100, 'test images a class under noise'),
        ('noise-repeats', 1000, 'distortions of each')))
    group.add_argument('--betas', nargs='+', type=number(0, inclusive=False),
                       metavar='B', help='of figure 2 (default: 1, 1.05, ... '
                       '1.6; --quick: 1 1.6)')
    group.add_argument('--epsilons', nargs='+', type=number(0), metavar='E',
                       help='of figure 2 (default: 0.78, 0.785, ... 0.84; '
                       '--quick: 0.78 0.84)')


def main(args, given):
    """List, run, and write the ledger and the report."""
    check_alone(args, given)
    if args.tables:
        return reproduce.tables(args, reproduce.chapters()[1])
    from papers.bang import plan, publishing, settings
    from study import session
    chosen = settings.settle(args, given)
    quick = 'quick-%s' % chosen['dataset'] if args.quick else (
        'digits' if chosen['dataset'] == 'digits' else None)
    folder = os.path.abspath(args.out or os.path.join(
        'studies', '-'.join(filter(None, ('bang', quick)))))
    paper = session.Paper(plan.make_plan, settings.MAY_CHANGE,
                          settings.notice, publishing.targets, report)
    return session.work(session.Study(paper, folder, chosen, args))


def report(folder, settings, steps, states, args):
    """Write the ledger of the steps that are done, and the report of it."""
    from papers.bang.ledger import make_ledger
    from papers.bang.plan import ATTACK, NOISE, TRAINING
    from papers.bang.settings import notice
    from storage.atomic import write_json
    from storage.identity import ROOT, code_digest
    from storage.ledger_file import aside
    loud = notice(settings)
    why = aside(os.path.join(ROOT, LEDGER), states, loud, args.ledger)
    path = place(args.ledger, LEDGER, folder, why)
    write_json(path, make_ledger(
        {'name': os.path.basename(folder), 'dataset': settings['dataset'],
         'quick': settings['quick'], 'notice': loud, 'settings': settings,
         'code': code_digest(TRAINING + ATTACK + NOISE)}, folder, steps,
        states))
    print('%swrote %s' % (why and why + ': ', path))
    reproduce.write(place(args.report, REPORT, folder, why), 'bang', path,
                    folder)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
