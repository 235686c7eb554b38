"""Recorded attacks as compact JSON for the page's explorer.

Arrays are base64 of little-endian bytes. A map is a uint8 a pixel: places
0..254 on its colour scale, 255 for no effect. Logits stay float32, so the
page can form probabilities and log-odds itself.
"""

import base64

import numpy as np

import data
from papers.song.figures.sweep import limits_of_margin
from papers.song.rates import ARITHMETICS, model_name
from plotting import SymLogNorm, colormaps
from saliency.attack import quantity_of
from saliency.pictures import SMALLEST

#: Of the page's bytes, what the attacks may take.
BUDGET = 3300000
NOTHING, PLACES = 255, 254
PALETTES = {'signed': 'PuOr_r', 'logarithmic': 'cividis'}


def embed(explorer):
    """What the page's script reads, JSON-ready; None without an explorer.

    Samples beyond BUDGET are left out, one of every class first.
    """
    if explorer is None:
        return None
    about = explorer.about
    outcomes = {key: explorer.outcome(*key) for key in explorer.runs()}
    samples, used = [], 0
    for row in in_turn(about['labels']):
        sample = encode_sample(explorer, outcomes, row)
        used += sum(size(run) for run in sample['runs'].values())
        if samples and used > BUDGET:
            break
        samples.append(sample)
    return {
        'dataset': data.LABELS[about['dataset']], 'limit': about['limit'],
        'models': [[name, model_name(name)] for name in about['models']],
        'algorithms': about['algorithms'],
        'limits': [[-nats, text] for nats, _, text in limits_of_margin()],
        'arithmetics': [[name, ARITHMETICS[name]]
                        for name in about['arithmetics']],
        'palettes': {name: encode(palette(colours), 'u1')
                     for name, colours in PALETTES.items()},
        'kinds': {'%s/%d' % (arithmetic, algorithm): list(quantity_of(
            algorithm, about['variant'], arithmetic))
            for arithmetic in about['arithmetics']
            for algorithm in about['algorithms']},
        'samples': sorted(samples, key=lambda sample: (sample['label'],
                                                       sample['index']))}


def in_turn(labels):
    """Rows: the first of every class, then the second ones, and so on."""
    return sorted(range(len(labels)), key=lambda row: (
        labels[:row].count(labels[row]), labels[row]))


def encode_sample(explorer, outcomes, row):
    """One test sample and all attacks on it."""
    about = explorer.about
    return {
        'index': about['test_indices'][row], 'label': about['labels'][row],
        'image': encode(explorer.arrays['images'][row], 'u1'),
        'runs': {'/'.join(map(str, key)): encode_run(
            explorer.run(*key), outcome, row, quantity_of(
                key[2], about['variant'], key[1])[1])
            for key, outcome in outcomes.items()}}


def encode_run(run, outcome, row, logarithmic):
    """One attack on one sample, of as many steps as it took."""
    steps = int(outcome.steps[row])
    maps = [encode_map(run['map'][row, k], float(run['scale'][row, k]),
                       logarithmic, int(step))
            for k, step in enumerate(run['step'][row]) if step >= 0]
    return {'steps': steps, 'success': bool(outcome.success[row]),
            'attacked': bool(outcome.clean_correct[row]),
            'order': encode(run['order'][row, :steps], '<u2'),
            'written': encode(run['written'][row, :steps], 'u1'),
            'logits': encode(run['logits'][row, :steps + 1], '<f4'),
            'answers': run['answers'][row, :steps + 1].tolist(),
            'maps': maps}


def encode_map(relative, scale, logarithmic, step):
    """A map's places on its colour scale, and the ends of that."""
    values = relative.astype(np.float64)                    # (784,)
    finite = np.isfinite(values)
    if not finite.any() or not logarithmic and scale == 0:
        return {'step': step, 'empty': True}
    if logarithmic:
        low = values[finite].min()
        places = (values - low) / -low if low else np.ones(values.shape)
        ends = ['%.2f' % (low + scale), '', '%.2f' % scale]
    else:
        places = SymLogNorm(SMALLEST, vmin=-1, vmax=1)(values).data
        ends = ['−%.3g' % scale, '0', '%.3g' % scale]
    coded = np.where(finite, np.round(np.where(finite, places, 0) * PLACES),
                     NOTHING)
    return {'step': step, 'ends': ends, 'places': encode(coded, 'u1')}


def palette(name):
    """(255, 3) colours of a colour map, 0..255."""
    colours = colormaps[name](np.linspace(0, 1, PLACES + 1))
    return np.round(255 * colours[:, :3])


def encode(array, dtype):
    """Base64 of an array's bytes."""
    array = np.ascontiguousarray(np.asarray(array).astype(dtype))
    return base64.b64encode(array.tobytes()).decode('ascii')


def size(run):
    """Bytes that a run takes in the page, but for its names."""
    return (len(run['order']) + len(run['written']) + len(run['logits'])
            + 3 * len(run['answers'])
            + sum(len(part.get('places', '')) + 80 for part in run['maps'])
            + 120)
