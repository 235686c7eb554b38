"""What a clone gets of a study: copies of its results in the checkout.

`--publish` makes them, beside the ledger, and the manifest that lets a clone
continue the study: see `study.published`.
"""

import os
import shutil

from errors import UserError
from storage.atomic import atomic_file
from storage.model_file import checksum
from study.published import write_manifest

MODELS = 'weights'   # where a checkout has those


def publish(study, steps, standings, root, paper):
    """Copy what is done and was not published before.

    Parameters
    ----------
    study : str
    steps : list of study.step.Step
    standings : dict of str to study.stamp.Standing
    root : str
        The checkout.
    paper : study.paper.Paper

    Returns
    -------
    list of str
        The files written, relative to the checkout.

    Raises
    ------
    UserError
        If nothing is done.
    """
    copies = {step.name: paper.targets(step) for step in steps
              if standings[step.name].has_model
              and not standings[step.name].stamp.get('published')}
    copies = {name: targets for name, targets in copies.items() if targets}
    if not copies:
        raise UserError('%s: expected finished steps to publish, found none '
                        'that are not yet: run it first' % study)
    entries = {}
    for name, targets in copies.items():
        for target in targets:
            copy(os.path.join(study, name, os.path.basename(target)),
                 os.path.join(root, target))
        entries[name] = entry(root, targets, standings[name].stamp)
    return sorted(sum(copies.values(), [])) + [
        write_manifest(root, paper.options.folder, entries)]


def copy(source, target):
    """Copy a file to a place that has either all of it or what it had."""
    with open(source, 'rb') as content, atomic_file(target) as stream:
        shutil.copyfileobj(content, stream)


def entry(root, targets, stamp):
    """What the manifest says of a step: see `published.ENTRIES`."""
    kept = {name: stamp[name] for name in (
        'arguments', 'outcome', 'code', 'results', 'parents', 'seconds')}
    # Stamps did not always say it.
    made_by = stamp.get('made_by') or {'commit': None, 'versions': None}
    return dict(kept, made_by=made_by, files={
        target: checksum(os.path.join(root, target)) for target in targets})
