"""run.json: what a run is, how it was made and what came of it.

Imports neither NumPy nor Theano, since it also says how the environment has
to be prepared for a run.
"""

import os
from typing import Dict, NamedTuple, Tuple

from errors import UserError
from storage.atomic import read_json
from storage.entries import Kind, check_entries

DESCRIPTION = 'run.json'


class RunFormat(NamedTuple):
    """What tells the runs of one paper from another's, on disk."""

    #: Trains such models, and continues their runs.
    script: str
    #: Marks their run.json.
    format: str
    #: What run.json has to say, by part.
    entries: Dict[str, Dict[str, Kind]]
    #: Of the arrays in weights.npz by name, by architecture.
    shapes: Dict[str, Dict[str, Tuple[int, ...]]]
    #: 'epoch' or 'iteration': what a training's length is counted in.
    unit: str = 'epoch'
    #: What run.json may say besides, by part; '' is the whole.
    optional: Dict[str, Dict[str, Kind]] = {}
    #: Files that are in a run's folder before its run.json.
    early: Tuple[str, ...] = ()

    @property
    def longer(self):
        """The argument that says how long a training is: 'epochs'."""
        return self.unit + 's'


def read_description(folder, form):
    """The run.json of a folder, checked to be of a format.

    Parameters
    ----------
    folder : str
    form : RunFormat
    """
    path = os.path.join(folder, DESCRIPTION)
    try:
        description = read_json(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError('%s: expected a run folder with a %s in it, found '
                        'none: train a model with python %s first'
                        % (folder or '.', DESCRIPTION, form.script)
                        ) from None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file'
                        % (path, error)) from None
    if (not isinstance(description, dict)
            or description.get('format') != form.format):
        raise UserError('%s: expected a description of format %s, got '
                        'something else: is it a run of this project\'s %s?'
                        % (path, form.format, form.script))
    if description.get('architecture') not in list(form.shapes):
        raise UserError('%s: expected a model of architecture %s, got %s'
                        % (path, ' or '.join(form.shapes),
                           description.get('architecture')))
    check_entries(description, path, form.entries, form.optional)
    return description


def describe_status(description, folder, form):
    """A run's status in words, and what to do about it, for error lines."""
    return {
        'plateau': 'still on the plateau of the uniform guess: it learnt '
        'nothing; train it on with --resume %s and more --%s, or anew'
        % (folder, form.longer),
        'diverged': 'stopped by NaN or infinity: train anew with a smaller '
        'learning rate',
    }.get(description.get('status'), 'unfinished: continue it with python '
          '%s --resume %s' % (form.script, folder))
