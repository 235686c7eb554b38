"""run.json: what a run is, how it was made and what came of it.

Imports neither NumPy nor Theano, since it also says how the environment has
to be prepared for a run.
"""

import json
import os
from typing import Dict, NamedTuple, Tuple

from errors import UserError

DESCRIPTION = 'run.json'
FORMAT = 'song2017-run/1'
ARCHITECTURE = 'song2017-cnn'
SHAPES = {
    'conv1.W': (32, 1, 3, 3), 'conv1.b': (32,),
    'conv2.W': (32, 32, 3, 3), 'conv2.b': (32,),
    'conv3.W': (64, 32, 3, 3), 'conv3.b': (64,),
    'conv4.W': (64, 64, 3, 3), 'conv4.b': (64,),
    'dense1.W': (1024, 200), 'dense1.b': (200,),
    'dense2.W': (200, 200), 'dense2.b': (200,),
    'dense3.W': (200, 10), 'dense3.b': (10,),
}
#: What every run.json says, by part.
ENTRIES = {
    'arguments': ('temperature', 'epochs', 'batch_size', 'learning_rate',
                  'momentum', 'penalty', 'seed', 'split', 'limit_train',
                  'checkpoint_every', 'float64'),
    'data': ('name', 'checksum'),
    'machine': ('device', 'threads'),
}


class System(NamedTuple):
    """What tells the runs of one reproduced system from another's.

    `script` trains its models, `format` marks its run.json, `entries` are
    what that says by part, `shapes` those of the arrays by architecture.
    """

    script: str
    format: str
    entries: Dict[str, Tuple[str, ...]]
    shapes: Dict[str, Dict[str, Tuple[int, ...]]]


SONG = System('mnist_cnn.py', FORMAT, ENTRIES, {ARCHITECTURE: SHAPES})


def read_description(folder, system=SONG):
    """The run.json of a folder, checked to be one of a system's."""
    path = os.path.join(folder, DESCRIPTION)
    try:
        with open(path, encoding='utf-8') as stream:
            description = json.load(stream)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError('%s: expected a run folder with a %s in it, found '
                        'none: train a model with python %s first'
                        % (folder or '.', DESCRIPTION, system.script)
                        ) from None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file'
                        % (path, error)) from None
    if (not isinstance(description, dict)
            or description.get('format') != system.format):
        raise UserError('%s: expected a description of format %s, got '
                        'something else: is it a run of this project\'s %s?'
                        % (path, system.format, system.script))
    check_entries(description, path, system)
    return description


def check_entries(description, path, system):
    """Refuse a description that lacks what others read in it."""
    if description.get('architecture') not in system.shapes:
        raise UserError('%s: expected a model of architecture %s, got %s'
                        % (path, ' or '.join(system.shapes),
                           description.get('architecture')))
    for part, names in system.entries.items():
        for name in names:
            if name not in (description.get(part) or {}):
                raise UserError('%s: expected %s in its %s, found none: '
                                'restore the file' % (path, name, part))


def describe_status(description, folder, script):
    """A run's status in words, and what to do about it, for error lines."""
    return {
        'plateau': 'still on the plateau ln 10: it learnt nothing; train it '
        'on with --resume %s and more --epochs, or anew' % folder,
        'diverged': 'stopped by NaN or infinity: train anew with a smaller '
        'learning rate',
    }.get(description.get('status'), 'unfinished: continue it with python '
          '%s --resume %s' % (script, folder))
