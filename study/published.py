"""Published results as done steps: a clone continues a published study.

--publish copies results of a study into the checkout. A manifest beside them
says of every step which command and which code made it, and the SHA-256 of
its files there. A step of the same script and arguments need not run again:
its files are copied into the study's folder, whatever today's code is, and
its stamp says so.
"""

import os
import shutil

from errors import UserError
from storage.atomic import atomic_file, atomic_folder, read_json, write_json
from storage.identity import digest
from storage.model_file import WEIGHTS, checksum
from storage.run_description import DESCRIPTION
from study.stamp import make_stamp, stamp_path

MANIFEST = 'manifest.json'
MODELS = 'weights'   # where a checkout has those
FORMAT = 'song2017-published/1'
#: What it says of a step; `files` are paths in the checkout with SHA-256,
#: the rest as in the step's stamp, of all files that the step had left.
ENTRIES = ('arguments', 'outcome', 'code', 'made_by', 'results', 'parents',
           'seconds', 'files')


def read_manifest(root, folder):
    """What is published, by step; nothing without a manifest.

    `folder` has a paper's results in the checkout, `root`. A UserError if the
    manifest is damaged.
    """
    path = os.path.join(root, folder, MANIFEST)
    try:
        content = read_json(path)
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


def publish(study, steps, standings, root, paper):
    """Copy what is done and was not published before into the checkout.

    The steps are added to its manifest. Returns the files written, relative
    to `root`, the checkout.

    Raises
    ------
    UserError
        If nothing is done.
    """
    copies = {step.name: targets(paper.options.folder, step) for step in steps
              if standings[step.name].has_model
              and not standings[step.name].stamp.get('published')}
    copies = {name: paths for name, paths in copies.items() if paths}
    if not copies:
        raise UserError('%s: expected finished steps to publish, found none '
                        'that are not yet: run it first' % study)
    entries = read_manifest(root, paper.options.folder)
    for name, paths in copies.items():
        for target in paths:
            with open(os.path.join(study, name, os.path.basename(target)),
                      'rb') as content, atomic_file(
                          os.path.join(root, target)) as stream:
                shutil.copyfileobj(content, stream)
        entries[name] = entry_of(standings[name].stamp, {
            target: checksum(os.path.join(root, target))
            for target in paths})
    manifest = os.path.join(paper.options.folder, MANIFEST)
    write_json(os.path.join(root, manifest), {
        'format': FORMAT, 'steps': dict(sorted(entries.items()))})
    return sorted(sum(copies.values(), [])) + [manifest]


def targets(folder, step):
    """Where copies of a step's files go: those in results, and its model.

    `folder` has the paper's results, both are relative to the checkout.
    """
    found = [os.path.join(folder, step.name, name) for name in step.published]
    if step.model is not None:
        found += [os.path.join(MODELS, step.model, name)
                  for name in (DESCRIPTION, WEIGHTS)]
    return found


def entry_of(stamp, files):
    """What the manifest says of a step: see `ENTRIES`."""
    # Stamps did not always say it.
    found = dict({'made_by': {'commit': None, 'versions': None}}, **stamp)
    return dict({name: found[name] for name in ENTRIES[:-1]}, files=files)


def offered(entries, steps, study):
    """Stamps, by name, of the published steps that a study may take for done.

    What the study has a folder of is its own.
    """
    stamps = {}
    for step in steps:
        entry = entries.get(step.name)
        if (entry and entry['arguments'] == step.words
                and not os.path.exists(os.path.join(study, step.name))):
            stamps[step.name] = make_stamp(
                step, key=None, status='done', resumed=False,
                versions=digest(entry['made_by']['versions']),
                published=sorted(set(map(os.path.basename, entry['files']))),
                **{name: entry[name] for name in ENTRIES[:-1]})
    return stamps


def wanted(steps, standings):
    """Published steps that must run, as others need what is not published.

    Why, by name, of the steps that the user chose and the Standings of all.
    """
    found = {}
    for step in steps:
        if standings[step.name].settled:
            continue
        for parent in step.parents:
            stamp = standings[parent].stamp or {}
            lacking = [name for name in step.needs if name
                       not in stamp.get('published', step.needs)]
            if standings[parent].has_model and lacking:
                found[parent] = 'not published: %s' % lacking[0]
    return found


def check_files(root, files):
    """Refuse published files that are not the manifest's: UserError."""
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
