"""The folder of an attack: who may write to it, and what it holds.

While it is computed, its blocks and what workers are told lie in a folder of
their own below it, which goes when the results are written.
"""

import contextlib
import json
import os
import re

from environment import bits
from errors import UserError
from storage.atomic import read_json, write_json, write_npz
from storage.identity import check_same, digest
from storage.run_folder import check_foreign, locked

RESULTS = 'attack.json'
ARRAYS = 'attack.npz'
BLOCKS = 'blocks'
#: Among the blocks: what a worker says of its machine, by floatX; samples to
#: choose from; those of them that are attacked.
MACHINE = 'machine-%s.json'
OFFERED, TAKEN = 'offered.npz', 'taken.npz'
#: Tells a worker which script started it.
SCRIPT_VARIABLE = 'ATTACKING_SCRIPT'


def blocks_folder(folder, identity):
    """Where the blocks of a run of some identity go."""
    return os.path.join(os.path.abspath(folder), BLOCKS, digest(identity))


def part_file(plan, kind, name, way):
    """Where a worker leaves records, or what is shown, of a model's way."""
    number = str(list(plan['models']).index(name))
    return os.path.join(plan['folder'], '-'.join([kind, number, *way])
                        + '.npz')


@contextlib.contextmanager
def open_run(folder, identity, about, form):
    """Hold a folder for a new run, or for one of the same identity.

    Yields attack.json, a dict, as it stands; a new one begins with its format
    `form`, `about`, and the identity: see `identity.identify`.
    """
    with locked(folder):
        results = read_results(folder, form)
        if results is None:
            check_foreign(folder, ' or an attack to continue')
            results = dict(format=form, status='running', **about)
            results['identity'] = identity
            write_json(os.path.join(folder, RESULTS), results)
        # As JSON has it: tuples would be lists there.
        check_same(folder, results['identity'],
                   json.loads(json.dumps(identity)))
        yield results


def read_results(folder, form):
    """The attack.json of a folder, checked to be ours; None without one."""
    return read_ours(
        os.path.join(folder, RESULTS), 'results of format ' + form,
        lambda results: results['format'] == form
        and isinstance(results['identity'], dict)
        and (results['status'] == 'running'
             or results['status'] == 'finished' and 'report' in results),
        'choose another --out')


def read_ours(path, what, holds, mend):
    """A JSON file of an object, checked to be `what`; None without it.

    `holds` says of the object whether it is that; where an entry is missing,
    it is not. `mend` is what else than restoring the file would do.
    """
    try:
        found = read_json(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file or %s'
                        % (path, error, mend)) from None
    with contextlib.suppress(KeyError, TypeError):
        if holds(found):
            return found
    raise UserError('%s: expected %s, got something else: %s'
                    % (path, what, mend))


@contextlib.contextmanager
def open_recording(folder, identity, about, read, written, or_what):
    """`open_run` where the JSON file is there only when the run is done.

    `read` gives of the folder the identity, or a part of it, of the finished
    run there; None without one. For the rest see `check_stopped`.
    """
    with locked(folder):
        former = read(folder)
        if former is None:
            check_stopped(folder, blocks_folder(folder, identity), written,
                          or_what)
            yield dict(about, identity=identity)
        else:
            now = json.loads(json.dumps(identity))
            check_same(folder, former, {name: now[name] for name in former})
            yield {'status': 'finished'}


def check_stopped(folder, blocks, written, or_what):
    """Refuse a folder with anything but stopped runs of its kind in it.

    `written` is the file that is written before the JSON file, `or_what` is
    what else than an empty folder would have done, for the error.
    """
    parent = os.path.dirname(blocks)
    ours = os.path.isdir(parent) and all(
        re.fullmatch('[0-9a-f]{64}', name) for name in os.listdir(parent))
    check_foreign(folder, or_what, (BLOCKS,) * ours
                  # Where it was killed between the two files.
                  + (written,) * os.path.isdir(blocks))


def write_results(folder, results, arrays):
    """Write what a finished run amounts to, attack.json last."""
    write_npz(os.path.join(folder, ARRAYS), arrays)
    write_json(os.path.join(folder, RESULTS),
               dict(results, status='finished'))


def note_machine(folder, path, before, now):
    """Keep what decides the bits of a run's blocks, before there are any.

    `before` is the content of the JSON file at `path`, `now` what it is to
    have, with the provenance of this process.
    """
    bits.warn(folder, before, now, 'what it had computed is computed again, '
              'so that all of it is of one machine')
    if before != now:
        write_json(path, now)


def read_finished(folder, form):
    """The attack.json of a finished attack of a format; else a UserError."""
    results = read_results(folder, form)
    if results is None or results['status'] != 'finished':
        raise UserError('%s: expected a finished attack, found none: run the '
                        'study again' % os.path.join(folder, RESULTS))
    return results
