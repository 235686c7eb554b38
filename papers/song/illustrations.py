"""What pictures need of the model: maps, and the answers along the way."""

import numpy as np

import data
from attacks.batches import in_batches
from saliency.attack import BY_PROBES
from saliency.outcome import unpack

LOG_ODDS_GRADIENT = 'gradient of log-odds'


def illustrate(callables, samples, records, way, plan):
    """The first map and all answers of the first crafting runs.

    More than are drawn: not all need be classified correctly by all models.

    Parameters
    ----------
    callables, samples, way
        As in `attack.attack_block`.
    records : dict of str to array
        Of the samples; see `saliency.outcome.pack`.
    plan : dict
        algorithm, variant, batch, pictures.

    Returns
    -------
    dict of str to array
        index (n,), map (n, P) as `quantity_of` names it, and answers
        (n, limit + 1), the prediction after 0, 1, ... pixels, then -1.
        Nothing without pictures.
    """
    if not plan['pictures']:
        return {}
    few = slice(2 * plan['pictures'] + 4)
    x = data.scale(samples.images[few], callables.dtype)
    outcome = unpack({name: array[few] for name, array in records.items()}, x)
    answers = np.full((len(x), outcome.limit + 1), -1)
    for k, steps in enumerate(outcome.steps):
        answers[k, :steps + 1] = in_batches(
            callables.predict, plan['batch'], outcome.frames(k, x[k]))
    return {'index': outcome.index, 'map': shown_map(
        callables, x, outcome.label, plan, way == ('logodds',)),
        'answers': answers}


def shown_map(callables, x, y, plan, log_odds):
    """The map as it is drawn and printed, (n, P); see `quantity_of`."""
    algorithm, variant = plan['algorithm'], plan['variant']
    if algorithm in (1, 3):
        ask = (callables.log_odds_gradient if log_odds
               else callables.gradient)
        return in_batches(ask, plan['batch'], x, y).reshape(len(x), -1)
    saliency = BY_PROBES[variant](callables, x, y, log_odds, plan['batch'])
    if log_odds and variant == 'paper':
        return saliency.priority / np.log(10)
    return saliency.priority


def quantity_of(algorithm, variant, arithmetic):
    """What `shown_map` holds, in words, and whether it is a logarithm."""
    log_odds = arithmetic == 'logodds'
    if algorithm in (1, 3):
        return (LOG_ODDS_GRADIENT if log_odds else 'gradient'), False
    if variant == 'paper':
        return (('log10 |change of loss|', True) if log_odds
                else ('|change of loss|', False))
    return ('change of log-odds' if log_odds else 'change of loss'), False
