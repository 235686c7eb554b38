#!/usr/bin/env python
"""Rerun the whole of Song 2017, and say number by number what held.

    python reproduce.py --quick             all of it, small, on digits
    python reproduce.py --dry-run           what there is to do, and how long
    python reproduce.py                     the full study, studies/paper
    python reproduce.py --workers 4 --threads 2
    python reproduce.py --scheduler tcp://host:8786
    python reproduce.py --only 'models/*'   these steps, and what they need
    python reproduce.py --tables            README's tables of the ledger
    python reproduce.py --render            the report of the ledger alone
    python reproduce.py --publish           its results, into the checkout

Steps that are done are skipped, killed ones continued, and those whose
code, arguments or parents have changed run again; what they left moves to
the study's folder old/. Ctrl-C and the same command again lose nothing.
Workers share the study's folder. Exit code 1: a step failed; others went on.
"""

import fnmatch
import os
import sys

import command_line
from errors import UserError

LEDGER, REPORT = 'results/ledger.json', 'report'


def parser():
    """The options of reproduce.py."""
    options = command_line.script_parser(__doc__)
    add_study(options.add_argument_group('study'))
    add_choice(options.add_argument_group('steps'))
    whole = command_line.whole
    group = options.add_argument_group('machine')
    group.add_argument('--workers', type=whole(1), default=1, metavar='N',
                       help='steps at a time on this machine')
    group.add_argument('--scheduler', metavar='ADDRESS', help='a dask '
                       'scheduler whose workers share --out and this '
                       'checkout, instead of workers here')
    group.add_argument('--threads', type=whole(1), metavar='N', help='CPU '
                       'threads a step (default: cores / workers)')
    command_line.add_device_option(group)
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the four MNIST files (default: '
                       '$MNIST_DIR, else the cache, else a download)')
    return options


def add_study(group):
    """What the results depend on; see `study.settings`."""
    whole = command_line.whole
    group.add_argument('--quick', action='store_true', help='the whole '
                       'study in minutes, on digits unless --dataset mnist; '
                       'no reproduction, as every product will say')
    group.add_argument('--dataset', choices=('mnist', 'digits'),
                       help='(default: mnist; with --quick digits)')
    group.add_argument('--out', metavar='STUDY', help='its folder (default: '
                       'studies/paper or studies/quick-DATASET)')
    for name, default, text in (
            ('seeds', 3, 'trainings of every model'),
            ('epochs', 50, 'of every training'),
            ('sweep-epochs', 'as --epochs', 'of those of the sweep'),
            ('samples', 1000, 'test samples of Algorithms 1 to 3'),
            ('samples4', 100, 'test samples of Algorithm 4'),
            ('sweep-samples', 200, 'the same, for the sweep\'s models'),
            ('sweep-samples4', 20, 'the same, for the sweep\'s models')):
        group.add_argument('--' + name, type=whole(1), metavar='N',
                           help='%s (default: %s; --quick: fewer)'
                           % (text, default))
    group.add_argument('--temperatures', nargs='+', metavar='T',
                       type=command_line.number(0, inclusive=False),
                       help='of the sweep (default: 1 2 5 10 20 30 40 50 70 '
                       '100 200; --quick: fewer)')


def add_choice(group):
    """Which steps to run, and what to do with them."""
    group.add_argument('--dry-run', action='store_true', help='list all '
                       'steps with their states and estimated times')
    for name, text in (
            ('only', 'run steps of these names, and those they need'),
            ('skip', 'do not run steps of these names'),
            ('redo', 'set the results of these aside, and run them again'),
            ('accept', 'take done steps of these names for today\'s, though '
             'made by another version of the code')):
        group.add_argument('--' + name, nargs='+', default=[],
                           metavar='PATTERN', help=text)
    group.add_argument('--ledger', metavar='FILE', help='where the ledger '
                       'goes (default: %s; of a --quick study, or one of '
                       'digits, ledger.json in its folder)' % LEDGER)
    group.add_argument('--tables', action='store_true', help='only make '
                       'README\'s tables of %s' % LEDGER)
    group.add_argument('--report', metavar='DIR', help='where the report '
                       'goes (default: %s; of a --quick study, or one of '
                       'digits, report in its folder)' % REPORT)
    group.add_argument('--render', action='store_true', help='only make the '
                       'report, of the ledger and what the study, or the '
                       'ledger\'s folder, has beside it')
    group.add_argument('--publish', action='store_true', help='only copy '
                       'what a clone of the checkout should have, into '
                       'results/ and weights/')


def main(args, given):
    """List, run, and write the ledger and the report."""
    if args.tables:
        return tables(args)
    from study.settings import check_settings, notice, settle, write_settings
    settings = settle(args, given)
    folder = os.path.abspath(args.out or os.path.join(
        'studies', 'quick-%s' % settings['dataset'] if args.quick
        else 'paper' if settings['dataset'] == 'mnist' else 'digits'))
    if args.render:
        return render(folder, settings, args)
    check_settings(folder, settings)
    if notice(settings):
        print(notice(settings), flush=True)
    if args.dry_run:
        return dry_run(folder, settings, args)
    from training.run_folder import locked
    with locked(folder):
        if args.publish:
            return publish(folder, settings, args)
        write_settings(folder, settings)
        for variable in ('MNIST_DIR', 'XDG_CACHE_HOME'):
            if os.environ.get(variable):   # steps run in the study's folder
                os.environ[variable] = os.path.abspath(os.environ[variable])
        args.threads = args.threads or max(
            1, (os.cpu_count() or 1) // args.workers)
        return run(folder, settings, args)


def tables(args):
    """README's part between the markers, made anew."""
    from experiment.identity import ROOT
    from study.ledger import read_ledger
    from study.tables import update_readme
    update_readme(os.path.join(ROOT, 'README.md'), read_ledger(
        args.ledger or os.path.join(ROOT, LEDGER)))
    print('wrote README.md')
    return 0


def render(folder, settings, args):
    """The report of a ledger that is there."""
    from reporting.writing import write_report
    print('wrote %s' % write_report(report_folder(folder, settings, args),
                                    ledger_path(folder, settings, args),
                                    folder))
    return 0


def publish(folder, settings, args):
    """Copies of what is done, into the checkout."""
    from experiment.identity import ROOT
    from study.publishing import publish as copy
    steps, _, standings = survey(folder, settings, args)
    for name in copy(folder, steps, standings, ROOT):
        print('wrote %s' % name)
    return 0


def ledger_path(folder, settings, args):
    """Where the ledger of a study lies: README's is of the full one alone."""
    from experiment.identity import ROOT
    from study.settings import notice
    return args.ledger or (os.path.join(folder, 'ledger.json')
                           if notice(settings) else
                           os.path.join(ROOT, LEDGER))


def report_folder(folder, settings, args):
    """Where the report of a study goes, likewise."""
    from experiment.identity import ROOT
    from study.settings import notice
    return args.report or os.path.join(
        folder if notice(settings) else ROOT, REPORT)


def survey(folder, settings, args):
    """Steps, their keys, and how they stand."""
    from study.acceptance import accepted_codes
    from study.plan import make_plan
    from study.stamp import survey
    from study.step import keys_of
    steps = make_plan(settings)
    keys = keys_of(steps, accepted_codes(
        folder, steps, lambda name: matches(name, args.accept)))
    return steps, keys, survey(folder, steps, keys)


def dry_run(folder, settings, args):
    """List the steps; change nothing."""
    from study.estimates import listing
    steps, _, standings = survey(folder, settings, args)
    print(listing(steps, standings))
    return 0


def run(folder, settings, args):
    """Run what is chosen, then write the ledger of all that is done."""
    from experiment.identity import code_digest
    from study.acceptance import keep_accepted
    from study.engine import conclude, run_study, summary
    from study.plan import make_plan
    from study.stamp import set_aside
    keep_accepted(folder, make_plan(settings),
                  lambda name: matches(name, args.accept))
    for step in make_plan(settings):
        place = (matches(step.name, args.redo)
                 and set_aside(folder, step.name))
        if place:
            print('%s: set aside in %s' % (step.name, place))
    steps, keys, standings = survey(folder, settings, args)
    chosen = choose(steps, args)
    codes = {code: code_digest(code)
             for code in {step.code for step in steps}}
    results = run_study(folder, chosen, keys, standings, codes, args)
    print(summary(results))
    report(folder, settings, args)
    conclude(results)
    return 0


def choose(steps, args):
    """The steps that --only and --skip leave, parents of chosen included."""
    wanted = {step.name for step in steps
              if not args.only or matches(step.name, args.only)}
    if not wanted:
        raise UserError('--only: expected a pattern of the steps that '
                        '--dry-run lists, none matches %s'
                        % ' '.join(args.only))
    for step in reversed(steps):
        if step.name in wanted:
            wanted.update(step.parents)
    return [step for step in steps if step.name in wanted
            and not matches(step.name, args.skip)]


def report(folder, settings, args):
    """Write the ledger of the steps that are done, and the report of it."""
    from experiment.identity import code_digest
    from study.ledger import make_ledger, write_ledger
    from study.settings import notice
    from study.step import ATTACK, TRAINING
    steps, _, standings = survey(folder, settings, args)
    loud, path = notice(settings), ledger_path(folder, settings, args)
    write_ledger(path, make_ledger(
        {'name': os.path.basename(folder), 'dataset': settings['dataset'],
         'quick': settings['quick'], 'notice': loud, 'settings': settings,
         'code': code_digest(TRAINING + ATTACK)}, folder, steps,
        {name: standing.state for name, standing in standings.items()}))
    print('%swrote %s' % (loud and loud + ': ', path))
    render(folder, settings, args)


def matches(name, patterns):
    """Whether a step's name fits one of some patterns."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
