"""run.json: what a run is, how it was made and what came of it.

A file that somebody edited is refused in one line, by the entry, instead of
failing wherever that is read. Imports neither NumPy nor Theano, since it also
says how the environment has to be prepared for a run.
"""

import json
import math
import os
from typing import Any, Callable, Dict, Mapping, NamedTuple, Tuple

from errors import UserError
from storage.atomic import read_json

DESCRIPTION = 'run.json'
LARGEST = 2 ** 32   # of whole numbers; seeds end just below


class Kind(NamedTuple):
    """What a value has to be, in words and as a test."""

    words: str
    holds: Callable[[Any], bool]


def whole(low):
    """A whole number of at least `low`."""
    return Kind('a whole number of %d or more' % low, lambda value:
                type(value) is int and low <= value <= LARGEST)


def one_of(*values):
    """One of some texts."""
    return Kind(' or '.join(values), lambda value: value in values)


def or_null(kind):
    """What is not needed."""
    if kind.holds(None):
        return kind
    return Kind(kind.words + ' or null', lambda value:
                value is None or kind.holds(value))


TEXT = Kind('a text', lambda value: isinstance(value, str))
FLAG = Kind('true or false', lambda value: isinstance(value, bool))
LIST = Kind('a list', lambda value: isinstance(value, list))
OBJECT = Kind('an object', lambda value: isinstance(value, dict))
TEXTS = Kind('an object of texts', lambda value: OBJECT.holds(value) and all(
    TEXT.holds(text) for text in value.values()))
NUMBER = Kind('a number of at least 0', lambda value:
              type(value) in (int, float) and 0 <= value < math.inf)
POSITIVE = Kind('a number above 0', lambda value:
                NUMBER.holds(value) and value > 0)
#: What every run.json says of itself, whichever paper's it is.
GENERAL = {'title': TEXT, 'status': TEXT, 'arguments': OBJECT,
           'data': OBJECT, 'machine': OBJECT}
#: What one may say besides, by part; '' is the whole.
OPTIONAL = {
    '': {'weights_sha256': TEXT, 'resumed': LIST, 'versions': OBJECT,
         'test': OBJECT, 'train': OBJECT, 'imported': OBJECT},
    'arguments': {'save_errors': whole(0)},
    'machine': {'ops': one_of('theano', 'c', 'onednn'), 'blas': TEXT,
                'blas_threads': whole(0), 'onednn_isa': TEXT,
                'variables': TEXTS},
    'test': {'accuracy': NUMBER, 'correct': whole(0), 'samples': whole(0)},
    'train': {'accuracy': NUMBER, 'correct': whole(0), 'samples': whole(0)}}


class RunFormat(NamedTuple):
    """What tells the runs of one paper from another's, on disk."""

    #: Trains such models, and continues their runs.
    script: str
    #: Marks their run.json.
    format: str
    #: What run.json has to say, by part.
    entries: Dict[str, Dict[str, Kind]]
    #: Of the arrays in weights.npz by name, by architecture.
    shapes: Mapping[str, Dict[str, Tuple[int, ...]]]
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
    """The run.json of a folder, a dict, checked to be of a RunFormat."""
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
    architecture = description.get('architecture')
    if not TEXT.holds(architecture) or architecture not in form.shapes:
        raise UserError('%s: expected a model of architecture %s, got %s'
                        % (path, ' or '.join(form.shapes), architecture))
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


def check_entries(description, path, entries, optional):
    """Refuse a run.json that lacks what others read, or says it otherwise.

    `entries` and `optional` are what runs of its format have to say, and may
    say, by part. Of a model that was trained elsewhere, arguments may be
    null.
    """
    imported = 'imported' in description
    for part, kinds in dict({'': GENERAL}, **entries).items():
        if imported and part == 'arguments':
            kinds = {name: or_null(kind) for name, kind in kinds.items()}
        _check(description, part, kinds, path, needed=True)
    for part in {**OPTIONAL, **optional}:
        _check(description, part, {**OPTIONAL.get(part, {}),
                                   **optional.get(part, {})}, path)


def check_machine(results, path):
    """Refuse results, of a file, whose machine cannot be asked for once more.

    They may be without; see `environment.bits.restore`.
    """
    if 'machine' in results:
        _check(results, '', {'machine': OBJECT}, path, needed=True)
        _check(results, 'machine', {'threads': whole(1)}, path, needed=True)
        _check(results, 'machine', OPTIONAL['machine'], path)


def _check(description, part, kinds, path, needed=False):
    where = description.get(part, {}) if part else description
    for name, kind in kinds.items():
        if name not in where:
            if needed:
                raise UserError('%s: expected %s in its %s, found none: '
                                'restore the file' % (path, name,
                                                      part or 'entries'))
        elif not kind.holds(where[name]):
            raise UserError('%s: expected %s as %s in its %s, got %s: '
                            'restore the file' % (
                                path, kind.words, name, part or 'entries',
                                json.dumps(where[name])[:40]))
