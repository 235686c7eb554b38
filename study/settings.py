"""The options of a study that its steps depend on, kept in its folder."""

import json
import os

from errors import UserError
from storage.atomic import write_json

SETTINGS = 'study.json'
FORMAT = 'song2017-study/1'
HOT = 20
TEMPERATURES = (1, 2, 5, 10, 20, 30, 40, 50, 70, 100, 200)
#: The paper's, and what --quick makes of them.
FULL = {'dataset': 'mnist', 'seeds': 3, 'epochs': 50, 'sweep_epochs': 50,
        'samples': 1000, 'samples4': 100, 'sweep_samples': 200,
        'sweep_samples4': 20, 'temperatures': TEMPERATURES,
        'student_rate': 0.05}
#: At a rate of 0.05 a student of the digits would need 50 epochs.
QUICK = {'digits': {'dataset': 'digits', 'seeds': 1, 'epochs': 20,
                    'sweep_epochs': 20, 'samples': 24, 'samples4': 4,
                    'sweep_samples': 12, 'sweep_samples4': 2,
                    'temperatures': (1, 5, 20), 'student_rate': 0.1},
         'mnist': {'dataset': 'mnist', 'seeds': 1, 'epochs': 2,
                   'sweep_epochs': 2, 'samples': 24, 'samples4': 4,
                   'sweep_samples': 12, 'sweep_samples4': 2,
                   'temperatures': (1, 5, 20), 'student_rate': 0.1}}
#: What makes a study another one than the paper's: trainings of any other
#: length, and fewer of these; and how many test images MNIST has.
LENGTH, AT_LEAST, MNIST_TEST = 'epochs', ('samples',), 10000
#: The entry that says which paper a study reruns, and what it is without.
PAPER, NAME = 'paper', 'song2017'
#: More of these adds steps to a study and changes none.
MAY_CHANGE = ('seeds', 'temperatures')


def settle(args, given):
    """The settings that the options ask for, a JSON-ready dict."""
    if args.quick:
        settings = dict(QUICK[args.dataset or 'digits'])
    else:
        settings = dict(FULL, dataset=args.dataset or 'mnist')
    settings['quick'] = args.quick
    for name in set(FULL) & given - {'dataset'}:
        settings[name] = getattr(args, name)
    if 'epochs' in given and 'sweep_epochs' not in given:
        settings['sweep_epochs'] = settings['epochs']
    settings['temperatures'] = sorted(set(settings['temperatures']))
    return settings


def check_settings(folder, settings, may_change):
    """Refuse to go on with a study that was begun otherwise."""
    this = {PAPER: NAME}
    now = dict(this, **settings)
    before = dict(this, **read_settings(folder) or settings)
    for name in [PAPER] + sorted(set(before) - set(may_change)):
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
        with open(path, encoding='utf-8') as stream:
            content = json.load(stream)
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


def notice(settings):
    """What every product of a study of other settings has to say, else ''."""
    return notice_of(settings, FULL, LENGTH, AT_LEAST)


def notice_of(settings, full, length, at_least):
    """The notice of a study that is not its paper's; '' of one that is.

    Parameters
    ----------
    settings, full : dict
        Of the study; of the paper's.
    length : str
        The setting that says how long models are trained, and of what.
    at_least : tuple of str
        Settings of which more is no departure; None is all test images.
    """
    less = [name for name in at_least if (settings[name] or MNIST_TEST)
            < (full[name] or MNIST_TEST)]
    alike = all(settings[name] == full[name] for name in ('dataset', length))
    if alike and not (less or settings['quick']):
        return ''
    return '%s STUDY, NO REPRODUCTION: %s, %d %s, %s samples, %d seed(s)' % (
        'QUICK' if settings['quick'] else 'OTHER'
        if settings[length] > full[length] and not less else 'SMALL',
        {'mnist': 'MNIST',
         'digits': 'digits (8x8, not MNIST)'}[settings['dataset']],
        settings[length], length, settings['samples'] or 'all',
        settings['seeds'])
