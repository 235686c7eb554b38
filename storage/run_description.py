"""run.json: what a run is, how it was made and what came of it.

Imports neither NumPy nor Theano, since it also says how the environment has
to be prepared for a run.
"""

import json
import os
from typing import Dict, NamedTuple, Tuple

from errors import UserError
from storage.entries import (
    FLAG,
    NUMBER,
    POSITIVE,
    TEXT,
    Kind,
    check_entries,
    one_of,
    or_null,
    whole,
)

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
    'arguments': {
        'temperature': POSITIVE, 'epochs': whole(1), 'batch_size': whole(1),
        'learning_rate': POSITIVE, 'momentum': NUMBER, 'penalty': NUMBER,
        'seed': whole(0), 'split': one_of('paper', 'script'),
        'limit_train': or_null(whole(1)), 'checkpoint_every': whole(1),
        'float64': FLAG},
    'data': {'name': one_of('mnist', 'digits'), 'checksum': TEXT},
    'machine': {'device': TEXT, 'threads': whole(1)},
}


class System(NamedTuple):
    """What tells the runs of one reproduced system from another's.

    `script` trains its models, `format` marks its run.json, `entries` are
    what that says by part, `shapes` those of the arrays by architecture.
    """

    script: str
    format: str
    entries: Dict[str, Dict[str, Kind]]
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
    if description.get('architecture') not in list(system.shapes):
        raise UserError('%s: expected a model of architecture %s, got %s'
                        % (path, ' or '.join(system.shapes),
                           description.get('architecture')))
    check_entries(description, path, system.entries)
    return description


def describe_status(description, folder, script):
    """A run's status in words, and what to do about it, for error lines."""
    return {
        'plateau': 'still on the plateau ln 10: it learnt nothing; train it '
        'on with --resume %s and more --epochs, or anew' % folder,
        'diverged': 'stopped by NaN or infinity: train anew with a smaller '
        'learning rate',
    }.get(description.get('status'), 'unfinished: continue it with python '
          '%s --resume %s' % (script, folder))
