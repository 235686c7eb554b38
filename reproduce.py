#!/usr/bin/env python
"""Rerun the whole of Song 2017, and say number by number what held.

    python reproduce.py --quick             all of it, small, on digits
    python reproduce.py --dry-run           what there is to do, and how long
    python reproduce.py                     the full study, studies/paper
    python reproduce.py --workers 4 --threads 2
    python reproduce.py --scheduler tcp://host:8786
    python reproduce.py --only 'models/*'   these steps, and what they need
    python reproduce.py --tables            the ledger in README and docs/
    python reproduce.py --render            the report of the ledger alone
    python reproduce.py --publish           its results, into the checkout

Steps that are done are skipped, killed ones continued, and those whose
code, arguments or parents have changed run again; what they left moves to
the study's folder old/. Ctrl-C and the same command again lose nothing.
Workers share the study's folder. Exit code 1: a step failed; others went on.
"""

import os
import sys

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from study.options import (
    add_choice,
    add_machine,
    add_size,
    check_alone,
    place,
)

LEDGER, REPORT = 'results/ledger.json', 'report'


def parser():
    """The options of reproduce.py."""
    options = command_line.script_parser(__doc__)
    add_study(options)
    instead = add_choice(options, LEDGER, REPORT)
    instead.add_argument('--render', action='store_true', help='only make '
                         'the report, of the ledger and what the study, or '
                         'the ledger\'s folder, has beside it')
    add_machine(options)
    return options


def add_study(options):
    """What the results depend on; see `study.settings`."""
    group = add_size(options, 'studies/paper or studies/quick-DATASET', (
        ('seeds', 3, 'trainings of every model'),
        ('epochs', 50, 'of every training'),
        ('sweep-epochs', 'as --epochs', 'of those of the sweep'),
        ('samples', 1000, 'test samples of Algorithms 1 to 3'),
        ('samples4', 100, 'test samples of Algorithm 4'),
        ('sweep-samples', 200, 'the same, for the sweep\'s models'),
        ('sweep-samples4', 20, 'the same, for the sweep\'s models')))
    group.add_argument('--temperatures', nargs='+', metavar='T',
                       type=command_line.number(0, inclusive=False),
                       help='of the sweep (default: 1 2 5 10 20 30 40 50 70 '
                       '100 200; --quick: fewer)')


def main(args, given):
    """List, run, and write the ledger and the report."""
    check_alone(args, given)
    if args.tables:
        return tables(args)
    from papers.song import plan
    from study import publishing, session
    from study.settings import MAY_CHANGE, notice, settle
    settings = settle(args, given)
    folder = os.path.abspath(args.out or os.path.join(
        'studies', 'quick-%s' % settings['dataset'] if args.quick
        else 'paper' if settings['dataset'] == 'mnist' else 'digits'))
    if args.render:
        return render(folder, settings, args)
    paper = session.Paper(plan.make_plan, MAY_CHANGE, notice,
                          publishing.targets, report)
    return session.work(session.Study(paper, folder, settings, args))


def chapters():
    """Those of the report, in its order."""
    from papers.bang import chapter as bang
    from papers.song import chapter as song
    return [song.CHAPTER, bang.CHAPTER]


def tables(args, chapter=None):
    """The generated parts of README and docs/, made anew."""
    from reporting.chapters import parts
    from study.readme import write_parts
    chapter = chapter or chapters()[0]
    return write_parts(parts(chapter, chapter.read(place(
        args.ledger, os.path.join('results', chapter.ledger), '', ''))))


def render(folder, settings, args):
    """The report of a ledger that is there."""
    from study.settings import notice
    why = notice(settings)
    write(place(args.report, REPORT, folder, why), 'song',
          place(args.ledger, LEDGER, folder, why), folder)
    return 0


def write(report, name, ledger, study):
    """Write the report that has a ledger just made, of one chapter."""
    from reporting.writing import write_report
    from storage.identity import ROOT
    print('wrote %s' % write_report(
        report, chapters(), os.path.join(ROOT, 'results'),
        {name: (ledger, study)}))


def report(folder, settings, steps, states, args):
    """Write the ledger of the steps that are done, and the report of it."""
    from storage.atomic import write_json
    from storage.identity import ROOT, code_digest
    from storage.ledger_file import aside
    from study.ledger import make_ledger
    from study.settings import notice
    from study.step import ATTACK, TRAINING
    loud = notice(settings)
    why = aside(os.path.join(ROOT, LEDGER), states, loud, args.ledger)
    path = place(args.ledger, LEDGER, folder, why)
    write_json(path, make_ledger(
        {'name': os.path.basename(folder), 'dataset': settings['dataset'],
         'quick': settings['quick'], 'notice': loud, 'settings': settings,
         'code': code_digest(TRAINING + ATTACK)}, folder, steps, states))
    print('%swrote %s' % (why and why + ': ', path))
    write(place(args.report, REPORT, folder, why), 'song', path, folder)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
