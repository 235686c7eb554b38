"""run.json: what a run is, how it was made and what came of it.

Imports neither NumPy nor Theano, since it also says how the environment has
to be prepared for a run.
"""

import json
import os

from errors import UserError

DESCRIPTION = 'run.json'
FORMAT = 'song2017-run/1'


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
    return description


def describe_status(description):
    """A run's status in words, for error lines."""
    return {'running': 'unfinished', 'interrupted': 'unfinished',
            'plateau': 'still on the plateau ln 10: it learnt nothing',
            'diverged': 'stopped by NaN or infinity',
            }.get(description.get('status'), 'in an unknown state')
