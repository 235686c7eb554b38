"""The folder of an attack: who may write to it, and what it holds."""

import contextlib
import json
import os

from environment import bits
from errors import UserError
from storage.atomic import write_json
from storage.identity import check_same
from storage.run_folder import check_foreign, locked

RESULTS = 'attack.json'
ARRAYS = 'attack.npz'
BLOCKS = 'blocks'
#: Of a worker, by floatX, among its blocks.
MACHINE = 'machine-%s.json'
FORMAT = 'song2017-attack/1'


@contextlib.contextmanager
def open_run(folder, identity, about, form=FORMAT):
    """Hold a folder for a new run, or for one of the same identity.

    Parameters
    ----------
    folder : str
    identity : dict
        See `identity.identify`.
    about : dict
        What else a new attack.json begins with.
    form : str
        The format that it names.

    Yields
    ------
    dict
        attack.json as it stands.
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


def read_results(folder, form=FORMAT):
    """The attack.json of a folder, checked to be ours; None without one."""
    path = os.path.join(folder, RESULTS)
    try:
        with open(path, encoding='utf-8') as stream:
            results = json.load(stream)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file or '
                        'choose another --out' % (path, error)) from None
    if (not isinstance(results, dict) or results.get('format') != form
            or not isinstance(results.get('identity'), dict)
            or results.get('status') not in ('running', 'finished')
            or results['status'] == 'finished' and 'report' not in results):
        raise UserError('%s: expected results of format %s, got something '
                        'else: choose another --out' % (path, form))
    return results


def note_machine(folder, path, before, now):
    """Keep what decides the bits of a run's blocks, before there are any.

    Parameters
    ----------
    folder : str
        The run's.
    path : str
        Of a JSON file.
    before, now : dict
        Its content, and what it is to have with the provenance of this
        process.
    """
    bits.warn(folder, before, now, 'what it had computed is computed again, '
              'so that all of it is of one machine')
    if before != now:
        write_json(path, now)
