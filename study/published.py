"""Published results as done steps: a clone continues a published study.

A manifest beside the published results says of every step which command and
which code made it, and the SHA-256 of its files in the checkout. A step of
the same script and arguments need not run again: its files are copied into
the study's folder, whatever today's code is, and its stamp says so.
"""

import json
import os
import shutil

from errors import UserError
from storage.atomic import atomic_folder, write_json
from storage.identity import digest
from storage.model_file import checksum
from study.stamp import FORMAT as STAMP
from study.stamp import stamp_path

MANIFEST = 'manifest.json'
FORMAT = 'song2017-published/1'
#: What it says of a step; `files` are paths in the checkout with SHA-256,
#: the rest as in the step's stamp, of all files that the step had left.
ENTRIES = ('arguments', 'outcome', 'code', 'made_by', 'results', 'parents',
           'seconds', 'files')


def read_manifest(root, folder):
    """What is published, by step; nothing without a manifest.

    Parameters
    ----------
    root : str
        The checkout.
    folder : str
        Of a paper's results in it.

    Raises
    ------
    UserError
    """
    path = os.path.join(root, folder, MANIFEST)
    try:
        with open(path, encoding='utf-8') as stream:
            content = json.load(stream)
        if content['format'] != FORMAT:
            raise ValueError('format %s' % content['format'])
        for entry in content['steps'].values():
            for name in ENTRIES:
                entry[name]
        return content['steps']
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError('%s: expected a manifest of format %s, got something '
                        'else (%s): restore it, or take nothing that is '
                        'published with --fresh' % (path, FORMAT, error)
                        ) from None


def write_manifest(root, folder, entries):
    """Write, or add to, the manifest of a paper's results; its path."""
    path = os.path.join(folder, MANIFEST)
    entries = dict(read_manifest(root, folder), **entries)
    write_json(os.path.join(root, path), {'format': FORMAT, 'steps': dict(
        sorted(entries.items()))})
    return path


def offered(entries, steps, study):
    """Stamps of the published steps that a study may take for done.

    Parameters
    ----------
    entries : dict
        See `read_manifest`.
    steps : list of study.step.Step
    study : str
        What it has a folder of is its own.

    Returns
    -------
    dict of str to dict
        By name.
    """
    return {step.name: stamp_of(step, entries[step.name]) for step in steps
            if step.name in entries
            and entries[step.name]['arguments'] == step.words
            and not os.path.exists(os.path.join(study, step.name))}


def stamp_of(step, entry):
    """The stamp of a published step."""
    kept = {name: entry[name] for name in ENTRIES if name != 'files'}
    return dict(
        {'format': STAMP, 'step': step.name, 'kind': step.kind,
         'units': step.units, 'key': None, 'status': 'done',
         'resumed': False, 'versions': digest(entry['made_by']['versions']),
         'published': sorted(set(map(os.path.basename, entry['files'])))},
        **kept)


def wanted(steps, standings):
    """Published steps that must run, as others need what is not published.

    Parameters
    ----------
    steps : list of study.step.Step
        Those that the user chose.
    standings : dict of str to study.stamp.Standing
        Of all steps.

    Returns
    -------
    dict of str to str
        Why, by name.
    """
    found = {}
    for step in steps:
        if standings[step.name].state in ('done', 'no model'):
            continue
        for parent in step.parents:
            stamp = standings[parent].stamp or {}
            lacking = [name for name in step.needs if name
                       not in stamp.get('published', step.needs)]
            if standings[parent].has_model and lacking:
                found[parent] = 'not published: %s' % lacking[0]
    return found


def check_files(root, files):
    """Refuse published files that are not those of the manifest.

    Raises
    ------
    UserError
        Naming the first.
    """
    for name, expected in files.items():
        path = os.path.join(root, name)
        found = checksum(path) if os.path.exists(path) else 'no such file'
        if found != expected:
            raise UserError(
                '%s: expected SHA-256 %s as the manifest of published '
                'results says, got %s: restore the file, or take nothing '
                'that is published with --fresh' % (path, expected, found))


def take(study, root, files, stamp):
    """Copy a published step's files into a study, and leave its stamp.

    The stamp comes first, the folder by rename: a stamp without a folder
    counts for nothing, so that a kill in between loses nothing.
    """
    write_json(stamp_path(study, stamp['step']), stamp)
    with atomic_folder(os.path.join(study, stamp['step'])) as folder:
        for name in files:
            shutil.copyfile(os.path.join(root, name), os.path.join(
                folder, os.path.basename(name)))
