"""What explore.py's workers compute: records, and what the model said."""

import numpy as np

import data
from attacking.campaign import Work
from attacks.batches import in_batches, predictions
from papers.song.attack import prepare
from papers.song.explorer_choosing import choose
from papers.song.illustrations import quantity_of, shown_map
from papers.song.packing import pack
from papers.song.run_format import SONG
from saliency.attack import attack
from saliency.film import frames_of_run

#: Maps that are kept of a run of Algorithm 4, evenly spread.
MAPS = 8


def record_samples(callables, samples, way, plan):
    """`record` as a worker asks for it; the way is arithmetic, algorithm."""
    arithmetic, algorithm = way
    return record(callables, data.scale(samples.images, callables.dtype),
                  samples.labels, samples.index,
                  dict(plan, arithmetic=arithmetic, algorithm=int(algorithm)))


def record(callables, x, y, index, plan):
    """Attack samples, and keep maps, logits and answers of every step.

    Parameters
    ----------
    callables : saliency.callables.Callables
    x : (n, 1, 28, 28) of the callables' dtype
    y, index : (n,) int
    plan : dict
        algorithm, arithmetic, limit, variant, batch.

    Returns
    -------
    dict of str to array
        See `explorer_store`.
    """
    outcome = attack(callables, x, y, index, plan['algorithm'],
                     plan['limit'], plan['variant'],
                     plan['arithmetic'] == 'logodds', plan['batch'])
    count, limit = outcome.order.shape
    arrays = dict(
        pack(outcome), logits=np.full((count, limit + 1, 10), np.nan, 'f4'),
        answers=np.full((count, limit + 1), -1, 'i1'))
    kept = MAPS if plan['algorithm'] == 4 else 1
    arrays.update(step=np.full((count, kept), -1, 'i2'),
                  map=np.zeros((count, kept, x[0].size), 'f2'),
                  scale=np.zeros((count, kept)))
    for k in range(count):
        steps = int(outcome.steps[k])
        frames = frames_of_run(x[k], outcome.adversarial[k],
                               outcome.order[k], range(steps + 1))
        z = in_batches(callables.logits, plan['batch'], frames)
        arrays['logits'][k, :steps + 1] = z
        arrays['answers'][k, :steps + 1] = predictions(z)
        for m, step in enumerate(map_steps(steps, kept)):
            arrays['step'][k, m] = step
            arrays['map'][k, m], arrays['scale'][k, m] = relative(
                shown_map(callables, frames[step:step + 1], y[k:k + 1], plan,
                          plan['arithmetic'] == 'logodds')[0],
                is_logarithmic(plan))
    return arrays


def map_steps(steps, kept):
    """After how many pixels maps are kept: before the last one at most."""
    return np.unique(np.linspace(0, max(steps - 1, 0), kept).astype(int))


def is_logarithmic(plan):
    """Whether a plan's maps hold logarithms."""
    return quantity_of(plan['algorithm'], plan['variant'],
                       plan['arithmetic'])[1]


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
WORK = Work(SONG, prepare, record_samples, choose=choose)
