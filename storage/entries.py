"""What the entries of a run.json have to be, and a check of them.

A file that somebody edited is refused in one line, by the entry, instead of
failing wherever that is read.
"""

import json
import math
from typing import Any, Callable, NamedTuple

from errors import UserError

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
         'test': OBJECT, 'imported': OBJECT},
    'arguments': {'save_errors': whole(0)},
    'machine': {'ops': one_of('theano', 'c', 'onednn'), 'blas': TEXT,
                'blas_threads': whole(0), 'onednn_isa': TEXT,
                'variables': TEXTS},
    'test': {'accuracy': NUMBER, 'correct': whole(0), 'samples': whole(0)}}


def check_entries(description, path, entries, optional):
    """Refuse a description that lacks what others read in it, or says it
    otherwise.

    Parameters
    ----------
    description : dict
        What run.json says.
    path : str
        Of it, for errors.
    entries, optional : dict of str to dict of str to Kind
        What runs of the format have to say, and may say, by part. Of a
        model that was trained elsewhere, arguments may be null.
    """
    imported = 'imported' in description
    for part, kinds in dict({'': GENERAL}, **entries).items():
        for name, kind in kinds.items():
            if imported and part == 'arguments':
                kind = or_null(kind)
            _check(description, part, name, kind, path, needed=True)
    for part in {**OPTIONAL, **optional}:
        for name, kind in {**OPTIONAL.get(part, {}),
                           **optional.get(part, {})}.items():
            _check(description, part, name, kind, path, needed=False)


def check_machine(results, path):
    """Refuse results whose machine cannot be asked for once more.

    Parameters
    ----------
    results : dict
        With `machine`, or without; see `environment.bits.restore`.
    path : str
        Of their file, for errors.
    """
    if 'machine' not in results:
        return
    _check(results, '', 'machine', OBJECT, path, needed=True)
    _check(results, 'machine', 'threads', whole(1), path, needed=True)
    for name, kind in OPTIONAL['machine'].items():
        _check(results, 'machine', name, kind, path, needed=False)


def _check(description, part, name, kind, path, needed):
    where = description.get(part, {}) if part else description
    if name not in where:
        if needed:
            raise UserError('%s: expected %s in its %s, found none: restore '
                            'the file' % (path, name, part or 'entries'))
    elif not kind.holds(where[name]):
        raise UserError('%s: expected %s as %s in its %s, got %s: restore '
                        'the file' % (path, kind.words, name,
                                      part or 'entries',
                                      json.dumps(where[name])[:40]))
