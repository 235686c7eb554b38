"""Stamps: what a step was made of, and whether its results still stand."""

import itertools
import os
from typing import Any, Dict, NamedTuple, Optional

from errors import UserError
from storage.atomic import read_json, write_json
from storage.model_file import WEIGHTS, checksum

FORMAT = 'song2017-step/1'
STAMPS, OLD = 'stamps', 'old'
#: What every stamp says. Later ones also say who `made_by`: commit and
#: versions, and of a published step (see `study.published`) which files were
#: copied.
ENTRIES = ('step', 'key', 'code', 'versions', 'arguments', 'status',
           'outcome', 'results', 'parents', 'seconds', 'resumed', 'kind',
           'units')


class Standing(NamedTuple):
    """How a step stands."""

    #: 'done', 'stale', 'partial', 'missing' or 'no model'; what was tried to
    #: no avail may be 'failed', 'waiting' or 'stopped'.
    state: str
    why: str = ''    # what is not done is so
    stamp: Optional[Dict[str, Any]] = None

    @property
    def settled(self):
        """Whether there is nothing to do."""
        return self.state in ('done', 'no model')

    @property
    def has_model(self):
        """Whether there is something for the children to work on."""
        return self.state == 'done' and self.stamp['outcome'] == 'finished'


def stamp_path(study, name):
    """Where a step's stamp lies."""
    return os.path.join(study, STAMPS, name + '.json')


def read_stamp(study, name):
    """A step's stamp, checked to be ours and its; None without one."""
    path = stamp_path(study, name)
    try:
        stamp = read_json(path)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UserError('%s: expected the stamp of a step, got no JSON (%s): '
                        'restore it, or set it and its results aside with '
                        '--redo %s' % (path, error, name)) from None
    if (not isinstance(stamp, dict) or stamp.get('format') != FORMAT
            or stamp.get('step') != name
            or any(entry not in stamp for entry in ENTRIES)):
        raise UserError('%s: expected the stamp of %s in format %s, got '
                        'something else: restore it, or set it and its '
                        'results aside with --redo %s'
                        % (path, name, FORMAT, name))
    return stamp


def read_stamps(study, steps):
    """The stamps of the steps that have one, by name.

    One that says published, without a folder, is of a copy that was killed.
    """
    found = {step.name: read_stamp(study, step.name) for step in steps}
    return {name: stamp for name, stamp in found.items()
            if stamp and not (stamp.get('published') and not os.path.isdir(
                os.path.join(study, name)))}


def standing(stamp, parts, parents):
    """How a step stands, its parents, Standings by name, standing as they do.

    `parts` are the step's of `step.keys_of`; `stamp` is None without one.
    """
    if any(parent.settled and not parent.has_model
           for parent in parents.values()):
        return Standing('no model')
    if stamp is None:
        return Standing('missing')
    # The key of what is published says nothing: others made its parents.
    for name in ('code', 'versions', 'arguments') + (
            () if stamp.get('published') else ('key',)):
        if stamp[name] != parts[name]:
            return Standing('stale', 'other %s' % (
                'parents' if name == 'key' else name), stamp)
    for name, parent in parents.items():
        if parent.state != 'done':
            return Standing('stale', '%s is %s' % (name, parent.state),
                            stamp)
        if stamp['parents'].get(name) != essence(parent.stamp):
            return Standing('stale', '%s has other results' % name, stamp)
    return Standing('done' if stamp['status'] == 'done' else 'partial', '',
                    stamp)


def survey(steps, keys, stamps, left_out):
    """The Standing of every step, parents before children, by name.

    See `step.keys_of` and `read_stamps`; `left_out` says why a stamp of some
    steps does not count.
    """
    found = {}
    for step in steps:
        found[step.name] = standing(
            stamps.get(step.name), keys[step.name],
            {name: found[name] for name in step.parents})
        if step.name in left_out:
            found[step.name] = Standing('missing', left_out[step.name])
    return found


def essence(stamp):
    """The part of a step's results that its children's depend on."""
    return {name: value for name, value in stamp['results'].items()
            if name.endswith('.npz')}


def check_results(study, name, stamp):
    """Refuse results of a done step that are not those that it left."""
    there = stamp.get('published') or list(stamp['results'])
    for file, expected in stamp['results'].items():
        path = os.path.join(study, name, file)
        found = checksum(path) if file in there else expected
        if found != expected:
            raise UserError(
                '%s: expected SHA-256 %s as its stamp says, got %s: the file '
                'was changed or damaged, restore it, or set it aside with '
                '--redo %s' % (path, expected, found, name))


def results_of(study, step):
    """Checksums of a finished step's files."""
    folder = os.path.join(study, step.name)
    names = step.products + ((WEIGHTS,) if os.path.exists(
        os.path.join(folder, WEIGHTS)) else ())
    return {name: checksum(os.path.join(folder, name)) for name in names}


def make_stamp(step, **content):
    """What a stamp of a step says."""
    return dict({'format': FORMAT, 'step': step.name, 'kind': step.kind,
                 'units': step.units}, **content)


def write_stamp(study, step, parts, **content):
    """Write a step's stamp, by rename."""
    write_json(stamp_path(study, step.name),
               make_stamp(step, **dict(parts, **content)))


def set_aside(study, name):
    """Move a step's stamp and folder to old/; where, or None of neither."""
    found = [(path, target) for path, target in (
        (os.path.join(study, name), 'results'),
        (stamp_path(study, name), 'stamp.json')) if os.path.exists(path)]
    if not found:
        return None
    places = (os.path.join(study, OLD, '%s-%d' % (name, number))
              for number in itertools.count(1))
    place = next(path for path in places if not os.path.exists(path))
    os.makedirs(place)
    for path, target in found:
        os.rename(path, os.path.join(place, target))
    return place
