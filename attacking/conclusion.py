"""The end of a run: what the workers left, joined, written and drawn."""

import json
import os
import shutil

import numpy as np

import data
from attacking.options import PIXELS
from errors import UserError
from papers.song.attack_pictures import draw_run
from papers.song.attack_results import assess
from papers.song.packing import unpack
from saliency.summary import jointly_correct
from storage.atomic import write_json, write_npz
from storage.attack_file import ARRAYS, MACHINE, RESULTS
from storage.model_file import read_npz


def conclude(folder, results, plan, dataset, indices):
    """Join what the workers left, and write, print and draw it.

    attack.json is written last: a run is finished or continued, never half.

    Parameters
    ----------
    folder : str
        The run's.
    results : dict
        What its attack.json says so far.
    plan : dict
        See `launch.run_workers`.
    dataset : data.dataset.Dataset
    indices : (n,) int
        Of the attacked test samples.

    Raises
    ------
    UserError
        If no model classified any sample correctly.
    """
    images = data.scale(dataset.test.images[indices], 'float32')
    packed = read_parts(plan, 'records')
    outcomes = {key: unpack(arrays, images)
                for key, arrays in packed.items()}
    if not any(outcome.clean_correct.any() for outcome in outcomes.values()):
        raise UserError('expected correctly classified samples, but no model '
                        'has one among the %d given: choose others '
                        '(--samples, --indices)' % len(indices))
    label = data.LABELS[dataset.name]
    numbers, report = assess(outcomes, plan['algorithm'], plan['limit'],
                             PIXELS, label, plan['device'])
    if plan['pictures']:
        draw_run(folder, outcomes, read_parts(plan, 'shown'), images,
                 jointly_correct(outcomes), plan, label)
    write_npz(os.path.join(folder, ARRAYS), dict(
        {'%s/%s/%s' % (key + (name,)): array for key, arrays in
         packed.items() for name, array in arrays.items()},
        about=np.asarray(results['title'])))
    results.update(status='finished', machine=machines(plan),
                   test_indices=indices.tolist(), report=report, **numbers)
    write_json(os.path.join(folder, RESULTS), results)
    shutil.rmtree(plan['folder'])
    print('\n%s\n\nwrote %s' % (report, folder))


def read_parts(plan, kind):
    """The workers' files of a kind by (model, arithmetic)."""
    return {(name, arithmetic): read_npz(os.path.join(
        plan['folder'], '%s-%s.npz' % (kind, key)))
        for name, keys in plan['keys'].items()
        for arithmetic, key in keys.items()}


def machines(plan):
    """Provenance by floatX, as the workers left it."""
    found = {}
    for floatX in ('float32', 'float64'):
        path = os.path.join(plan['folder'], MACHINE % floatX)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as stream:
                found[floatX] = json.load(stream)
    return found
