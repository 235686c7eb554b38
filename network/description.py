"""run.json: what a run is, how it was made and what came of it.

Imports neither NumPy nor Theano, since it also says how the environment has
to be prepared for a run.
"""

import json
import os

from errors import UserError

DESCRIPTION = 'run.json'
FORMAT = 'song2017-run/1'
ARCHITECTURE = 'song2017-cnn'
#: What every run.json says, by part.
ENTRIES = {
    'arguments': ('temperature', 'epochs', 'batch_size', 'learning_rate',
                  'momentum', 'penalty', 'seed', 'split', 'limit_train',
                  'checkpoint_every', 'float64'),
    'data': ('name', 'checksum'),
    'machine': ('device', 'threads'),
}


def read_description(folder):
    """The run.json of a folder, checked to be one of ours."""
    path = os.path.join(folder, DESCRIPTION)
    try:
        with open(path, encoding='utf-8') as stream:
            description = json.load(stream)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError('%s: expected a run folder with a %s in it, found '
                        'none: train a model with python mnist_cnn.py first'
                        % (folder or '.', DESCRIPTION)) from None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file'
                        % (path, error)) from None
    if (not isinstance(description, dict)
            or description.get('format') != FORMAT):
        raise UserError('%s: expected a description of format %s, got '
                        'something else: is it a run of this project?'
                        % (path, FORMAT))
    check_entries(description, path)
    return description


def check_entries(description, path):
    """Refuse a description that lacks what others read in it."""
    if description.get('architecture') != ARCHITECTURE:
        raise UserError('%s: expected a model of architecture %s, got %s'
                        % (path, ARCHITECTURE,
                           description.get('architecture')))
    for part, names in ENTRIES.items():
        for name in names:
            if name not in (description.get(part) or {}):
                raise UserError('%s: expected %s in its %s, found none: '
                                'restore the file' % (path, name, part))


def describe_status(description, folder):
    """A run's status in words, and what to do about it, for error lines."""
    return {
        'plateau': 'still on the plateau ln 10: it learnt nothing; train it '
        'on with --resume %s and more --epochs, or anew' % folder,
        'diverged': 'stopped by NaN or infinity: train anew with a smaller '
        '--learning-rate',
    }.get(description.get('status'), 'unfinished: continue it with python '
          'mnist_cnn.py --resume %s' % folder)
