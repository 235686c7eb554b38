"""The options of a study, whichever paper it reruns."""

import os

import command_line
from errors import UserError
from storage.identity import ROOT

#: What says which steps run, and on what.
RUNNING = {'only', 'skip', 'redo', 'fresh', 'workers', 'scheduler',
           'threads', 'device', 'data_dir'}
REPORT = 'report'


def add_options(parser, options):
    """All options of a study of a paper, by its study.settings.Options."""
    add_size(parser, options)
    add_choice(parser, options)
    add_machine(parser, options)


def add_size(parser, options):
    """What a study's results depend on, and where they go."""
    group = parser.add_argument_group('study')
    own, small = options.datasets
    group.add_argument('--quick', action='store_true', help='the whole '
                       'study, small%s; no reproduction, as every product '
                       'will say' % (
                           ', on %s unless --dataset %s' % (small, own)
                           if small != own else ''))
    group.add_argument('--dataset', choices=sorted({own, small}),
                       help='(default: %s%s)' % (
                           own, '; with --quick %s' % small
                           if small != own else ''))
    group.add_argument('--out', metavar='STUDY', help='its folder (default: '
                       'studies/%s or studies/%squick-DATASET)'
                       % (options.study, options.prefix))
    for name, default, text in options.counts:
        group.add_argument('--' + name.replace('_', '-'), metavar='N',
                           type=command_line.whole(1), help='%s (default: '
                           '%s; --quick: fewer)' % (text, default))
    for name, kind, metavar, text in options.lists:
        group.add_argument('--' + name.replace('_', '-'), nargs='+',
                           type=kind, metavar=metavar, help=text)


def add_choice(parser, options):
    """Which steps to run, and what to do with them."""
    group = parser.add_argument_group('steps')
    instead = group.add_mutually_exclusive_group()
    instead.add_argument('--dry-run', action='store_true', help='list the '
                         'steps with their states and estimated times')
    for name, text in (
            ('only', 'run steps of these names, and those they need'),
            ('skip', 'do not run steps of these names'),
            ('redo', 'set the results of these aside, and run them again'),
            ('accept', 'let done steps of these names stand, though another '
             'version of the code made them')):
        group.add_argument('--' + name, nargs='+', default=[],
                           metavar='PATTERN', help=text)
    group.add_argument('--fresh', action='store_true', help='run the steps '
                       'whose results are published in %s/ and weights/, '
                       'too, in place of copying these' % options.folder)
    group.add_argument('--ledger', metavar='FILE', help='where the ledger '
                       'goes (default: %s; of a --quick study, or one of '
                       'other settings, ledger.json in its folder)'
                       % options.ledger)
    instead.add_argument('--tables', action='store_true', help='only make '
                         'what README and docs/ have of %s'
                         % options.ledger)
    group.add_argument('--report', metavar='DIR', help='where the report '
                       'goes (default: %s; of a --quick study, or one of '
                       'other settings, report in its folder)' % REPORT)
    instead.add_argument('--render', action='store_true', help='only make '
                         'the report, of the ledger and what the study, or '
                         'the ledger\'s folder, has beside it')
    instead.add_argument('--publish', action='store_true', help='only copy '
                         'what a clone of the checkout should have, into '
                         'results/ and weights/')


def check_alone(args, given):
    """Refuse options, by name, that mean nothing where no step is run."""
    idle = {'tables': set(vars(args)) - {'paper', 'tables', 'ledger'},
            'render': RUNNING | {'accept'},
            'publish': RUNNING | {'ledger', 'report'}}
    for mode, names in idle.items():
        foreign = sorted(given & names) if getattr(args, mode) else ()
        if foreign:
            raise UserError('--%s runs no step: --%s means nothing beside it'
                            % (mode, foreign[0].replace('_', '-')))


def add_machine(parser, options):
    """What computes the steps."""
    whole = command_line.whole
    group = parser.add_argument_group('machine')
    group.add_argument('--workers', type=whole(1), default=1, metavar='N',
                       help='steps at a time on this machine')
    group.add_argument('--scheduler', metavar='ADDRESS', help='a dask '
                       'scheduler whose workers share --out and this '
                       'checkout, instead of workers here')
    group.add_argument('--threads', type=whole(1), metavar='N', help='CPU '
                       'threads a step (default: cores / workers)')
    command_line.add_device_option(group)
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of %s, else the cache, else a download)'
                       % options.files)


def place(chosen, usual, folder, why):
    """Where a product goes: into the checkout, or into the study's folder.

    Where the user has chosen, there; else to the `usual` place, relative to
    the checkout, unless `why` says why that stays as it is: see
    `study.ledger.why_kept`.
    """
    return chosen or (os.path.join(folder, os.path.basename(usual))
                      if why else os.path.join(ROOT, usual))
