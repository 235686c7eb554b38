"""What the results of a study depend on, kept in its folder."""

import os
from typing import Any, Callable, Dict, NamedTuple, Tuple

from errors import UserError
from storage.atomic import read_json, write_json

SETTINGS, LEDGER = 'study.json', 'ledger.json'
FORMAT = 'song2017-study/1'
#: The entry that says which paper a study reruns. The format is called after
#: the paper that needs none.
PAPER = 'paper'
MNIST_TEST = 10000   # how many test images MNIST has
DATASETS = {'mnist': 'MNIST', 'digits': 'digits (8x8, not MNIST)',
            'cifar10': 'CIFAR-10'}


class Options(NamedTuple):
    """A paper's settings, and the options that choose them."""

    #: Folder of a full study, in studies/; what those of others begin with.
    study: str
    prefix: str
    #: Of the paper's published results, its ledger among them, in the
    #: checkout.
    folder: str
    #: The paper's own settings, and what --quick makes of them, by dataset.
    full: Dict[str, Any]
    quick: Dict[str, Dict[str, Any]]
    #: (str, default, str): options that take a whole number, as the setting,
    #: its default for --help, and what it is of.
    counts: Tuple
    #: (str, callable, str, str): options that take several numbers, as the
    #: setting, a type of argparse, what stands for a number in --help, and
    #: what they are.
    lists: Tuple
    #: Settings of which more add steps and change none.
    may_change: Tuple[str, ...]
    #: The setting that says how long models are trained, and in what.
    length: str
    #: Settings of which more is no departure from the paper; None is all
    #: test images.
    at_least: Tuple[str, ...]
    #: Settings that are as another one is, where only that is given.
    follows: Dict[str, str] = {}
    #: settings -> None; raises UserError where they do not fit together.
    check: Callable = lambda settings: None
    #: The data sets of the paper's own study and of --quick, keys of
    #: `DATASETS`, and what --data-dir is the folder of.
    datasets: Tuple[str, str] = ('mnist', 'digits')
    files: str = 'the four MNIST files (default: $MNIST_DIR'
    #: Settings that the notice of a small study names, too.
    noticed: Tuple[str, ...] = ()

    @property
    def ledger(self):
        """Where the ledger lies in the checkout."""
        return os.path.join(self.folder, LEDGER)

    @property
    def names(self):
        """The settings that an option of their name chooses."""
        return [count[0] for count in self.counts] + [
            several[0] for several in self.lists]


def settle(options, args, given):
    """The settings that the command line asks for, a JSON-ready dict.

    `given` are the names of the options that were typed.
    """
    dataset = args.dataset or options.datasets[args.quick]
    settings = dict(options.quick[dataset] if args.quick
                    else dict(options.full, dataset=dataset),
                    quick=args.quick)
    for name in set(options.names) & given:
        settings[name] = getattr(args, name)
    for name, other in options.follows.items():
        if other in given and name not in given:
            settings[name] = settings[other]
    for name, *_ in options.lists:
        settings[name] = sorted(set(settings[name]))
    options.check(settings)
    return settings


def check_settings(folder, settings, options):
    """Refuse to go on with a study that was begun otherwise."""
    this = {PAPER: FORMAT.split('-')[0]}
    now = dict(this, **settings)
    before = dict(this, **read_settings(folder) or settings)
    for name in [PAPER] + sorted(set(before) - set(options.may_change)):
        if before[name] != now.get(name):
            raise UserError(
                '%s: expected a new study or one of the same settings, but '
                'it was begun with %s %s, now %s: choose another --out' % (
                    folder, name.replace('_', '-'), before[name],
                    now.get(name)))


def read_settings(folder):
    """The settings of a study; None of a new one."""
    path = os.path.join(folder, SETTINGS)
    try:
        content = read_json(path)
        if content['format'] != FORMAT:
            raise ValueError('format %s' % content['format'])
        return dict(content['settings'])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError('%s: expected a study of format %s, got something '
                        'else (%s): choose another --out'
                        % (path, FORMAT, error)) from None


def write_settings(folder, settings):
    """Keep the settings in the study's folder."""
    write_json(os.path.join(folder, SETTINGS),
               {'format': FORMAT, 'settings': settings})


def notice(options, settings):
    """What every product of a study of other settings than the paper's has
    to say; '' of one of the paper's."""
    full, length = options.full, options.length
    less = [name for name in options.at_least
            if (settings[name] or MNIST_TEST) < (full[name] or MNIST_TEST)]
    alike = all(settings[name] == full[name] for name in ('dataset', length))
    if alike and not (less or settings['quick']):
        return ''
    return '%s STUDY, NO REPRODUCTION: %s, %d %s, %s samples, %d seed(s)%s' % (
        'QUICK' if settings['quick'] else 'OTHER'
        if settings[length] > full[length] and not less else 'SMALL',
        DATASETS[settings['dataset']], settings[length], length,
        settings['samples'] or 'all', settings['seeds'], ''.join(
            ', %s %s' % (name.replace('_', '-'), settings[name])
            for name in options.noticed))


def usual_name(options, quick, dataset):
    """The name of the folder of a study that is given none."""
    if not quick and dataset == options.datasets[0]:
        return options.study
    return options.prefix + ('quick-%s' % dataset if quick else dataset)


def command(paper, study):
    """What starts or continues the study of which a ledger says `study`."""
    options, settings = paper.options, study.get('settings') or {}
    quick, dataset = study['quick'], study['dataset']
    usual = options.quick[dataset] if quick else options.full
    words = ['python', paper.command] + ['--quick'] * quick
    if dataset != options.datasets[quick]:
        words.append('--dataset %s' % dataset)
    for name in sorted(options.names):
        value = settings.get(name, usual[name])
        if typed(value) == typed(usual[name]) or (
                name in options.follows
                and value == settings.get(options.follows[name])):
            continue
        words.append('--%s %s' % (name.replace('_', '-'), typed(value)))
    if study['name'] != usual_name(options, quick, dataset):
        words.append('--out studies/%s' % study['name'])
    return ' '.join(words)


def typed(value):
    """A setting's value as it is typed."""
    if isinstance(value, (list, tuple)):
        return ' '.join(item if isinstance(item, str) else '%g' % item
                        for item in value)
    return '%s' % value
