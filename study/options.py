"""The options that reproduce.py and reproduce_bang.py share."""

import os

import command_line
from errors import UserError

#: What says which steps run, and on what.
RUNNING = {'only', 'skip', 'redo', 'workers', 'scheduler', 'threads',
           'device', 'data_dir'}


def add_size(options, folders, counts):
    """What a study's results depend on, and where they go.

    Parameters
    ----------
    options : argparse.ArgumentParser
    folders : str
        Its folder, by default.
    counts : tuple of (str, default, str)
        Options that take whole numbers, and what they are of.

    Returns
    -------
    argparse's group
    """
    group = options.add_argument_group('study')
    group.add_argument('--quick', action='store_true', help='the whole '
                       'study, small, on digits unless --dataset mnist; no '
                       'reproduction, as every product will say')
    group.add_argument('--dataset', choices=('mnist', 'digits'),
                       help='(default: mnist; with --quick digits)')
    group.add_argument('--out', metavar='STUDY', help='its folder (default: '
                       '%s)' % folders)
    for name, default, text in counts:
        group.add_argument('--' + name, type=command_line.whole(1),
                           metavar='N', help='%s (default: %s; --quick: '
                           'fewer)' % (text, default))
    return group


def add_choice(options, ledger, report):
    """Which steps to run, and what to do with them.

    Parameters
    ----------
    options : argparse.ArgumentParser
    ledger, report : str
        Where those of a full study go, relative to the checkout.

    Returns
    -------
    argparse's group of what is done instead of running them, one at a time
    """
    group = options.add_argument_group('steps')
    instead = group.add_mutually_exclusive_group()
    instead.add_argument('--dry-run', action='store_true', help='list the '
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
                       'other settings, ledger.json in its folder)' % ledger)
    instead.add_argument('--tables', action='store_true', help='only make '
                         'what README and docs/ have of %s' % ledger)
    group.add_argument('--report', metavar='DIR', help='where the report '
                       'goes (default: %s; of a --quick study, or one of '
                       'other settings, report in its folder)' % report)
    instead.add_argument('--publish', action='store_true', help='only copy '
                         'what a clone of the checkout should have, into '
                         'results/ and weights/')
    return instead


def check_alone(args, given):
    """Refuse options that mean nothing beside those that run no step.

    Parameters
    ----------
    args : argparse.Namespace
    given : set of str
        Names of the options that were typed.
    """
    idle = {'tables': set(vars(args)) - {'tables', 'ledger'},
            'render': RUNNING | {'accept'},
            'publish': RUNNING | {'ledger', 'report'}}
    for mode, names in idle.items():
        foreign = sorted(given & names) if getattr(args, mode, False) else ()
        if foreign:
            raise UserError('--%s runs no step: --%s means nothing beside it'
                            % (mode, foreign[0].replace('_', '-')))


def add_machine(options):
    """What computes the steps."""
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


def place(chosen, usual, folder, aside):
    """Where a product goes: into the checkout, or aside.

    Parameters
    ----------
    chosen : str or None
        By the user.
    usual : str
        Relative to the checkout.
    folder : str
        The study's, for products that go aside.
    aside : str
        Why they do; '' where they do not: see `storage.ledger_file.aside`.
    """
    from storage.identity import ROOT
    return chosen or (os.path.join(folder, os.path.basename(usual))
                      if aside else os.path.join(ROOT, usual))
