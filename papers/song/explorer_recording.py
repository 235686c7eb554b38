"""What explore.py's workers compute: records, and what the model said."""

import numpy as np

import data
from attacking.campaign import Work
from attacks.batches import in_batches, predictions
from papers.song.attack import prepare
from papers.song.run_format import SONG
from saliency.attack import attack, quantity_of, shown_map
from saliency.outcome import pack

#: Maps that are kept of a run of Algorithm 4, evenly spread.
MAPS = 8


def choose(functions, samples, plan):
    """The first samples of each class that all models classify correctly.

    As many as the plan's `digits`, else the first of the others as well:
    rows (n,) int, class by class. All samples where `digits` is None.
    """
    if plan['digits'] is None:
        return np.arange(len(samples.index))
    correct = np.all([in_batches(
        model.predict, plan['batch'], data.scale(samples.images, model.dtype)
    ) == samples.labels for model in functions.values()], axis=0)   # (c,)
    rows = []
    for digit in np.unique(samples.labels):
        own = np.flatnonzero(samples.labels == digit)
        rows.append(own[np.argsort(~correct[own], kind='stable')][
            :plan['digits']])
    return np.concatenate(rows)


def record(callables, samples, way, plan):
    """Attack samples, and keep maps, logits and answers of every step.

    The way is arithmetic and algorithm, the plan says limit, variant, batch;
    arrays by name, see `explorer_store`.
    """
    plan = dict(plan, algorithm=int(way[1]))
    log_odds, y = way[0] == 'logodds', samples.labels
    logarithmic = quantity_of(plan['algorithm'], plan['variant'], way[0])[1]
    x = data.scale(samples.images, callables.dtype)
    outcome = attack(callables, x, y, samples.index, plan['algorithm'],
                     plan['limit'], plan['variant'], log_odds, plan['batch'])
    count, limit = outcome.order.shape
    kept = MAPS if plan['algorithm'] == 4 else 1
    arrays = dict(
        pack(outcome), logits=np.full((count, limit + 1, 10), np.nan, 'f4'),
        answers=np.full((count, limit + 1), -1, 'i1'),
        step=np.full((count, kept), -1, 'i2'),
        map=np.zeros((count, kept, x[0].size), 'f2'),
        scale=np.zeros((count, kept)))
    for k, steps in enumerate(outcome.steps):
        frames = outcome.frames(k, x[k])
        z = in_batches(callables.logits, plan['batch'], frames)
        arrays['logits'][k, :steps + 1] = z
        arrays['answers'][k, :steps + 1] = predictions(z)
        for m, step in enumerate(map_steps(steps, kept)):
            arrays['step'][k, m] = step
            arrays['map'][k, m], arrays['scale'][k, m] = relative(
                shown_map(callables, frames[step:step + 1], y[k:k + 1], plan,
                          log_odds)[0], logarithmic)
    return arrays


def map_steps(steps, kept):
    """After how many pixels maps are kept: before the last one at most."""
    return np.unique(np.linspace(0, max(steps - 1, 0), kept).astype(int))


def relative(values, logarithmic):
    """A map (P,) as float16, and what it is relative to.

    A gradient of 1e-38 is next to nothing in float16; relative to the
    largest it keeps three digits. -inf, no effect, stays so.
    """
    values = values.astype(np.float64)
    if logarithmic:
        finite = values[np.isfinite(values)]
        scale = finite.max() if len(finite) else 0.
        return values - scale, scale
    scale = np.abs(values).max()
    return (values / scale if scale else values), scale


#: A block is all samples: they are few.
WORK = Work(SONG, prepare, record, choose=choose)
