"""What pictures need of the model: maps, and the answers along the way."""

import numpy as np

from attacks.batches import in_batches
from saliency.attack import MAPS
from saliency.film import frames_of_run

LOG_ODDS_GRADIENT = 'gradient of log-odds'


def illustrate(callables, x, outcome, plan, log_odds):
    """The first map and all answers of a few crafting runs.

    Parameters
    ----------
    callables : saliency.callables.Callables
    x : (n, 1, h, w) float
        Originals.
    outcome : saliency.outcome.Outcome
        Of them.
    plan : dict
        algorithm, variant, batch.
    log_odds : bool

    Returns
    -------
    dict of str to array
        index (n,), map (n, P) as `quantity_of` names it, and answers
        (n, limit + 1), the prediction after 0, 1, ... pixels, then -1.
    """
    shown = shown_map(callables, x, outcome.label, plan, log_odds)
    answers = np.full((len(x), outcome.limit + 1), -1)
    for k, steps in enumerate(outcome.steps):
        frames = frames_of_run(x[k], outcome.adversarial[k],
                               outcome.order[k], range(steps + 1))
        answers[k, :steps + 1] = in_batches(callables.predict, plan['batch'],
                                            frames)
    return {'index': outcome.index, 'map': shown, 'answers': answers}


def shown_map(callables, x, y, plan, log_odds):
    """The map as it is drawn and printed, (n, P); see `quantity_of`."""
    algorithm, variant = plan['algorithm'], plan['variant']
    if algorithm in (1, 3):
        ask = (callables.log_odds_gradient if log_odds
               else callables.gradient)
        return in_batches(ask, plan['batch'], x, y).reshape(len(x), -1)
    saliency = MAPS[algorithm, variant](callables, x, y, log_odds,
                                        plan['batch'])
    if log_odds and variant == 'paper':
        return saliency.priority / np.log(10)
    return saliency.priority


def quantity_of(algorithm, variant, arithmetic):
    """What `shown_map` holds, and whether it is a logarithm.

    Returns
    -------
    quantity : str
    logarithmic : bool
    """
    log_odds = arithmetic == 'logodds'
    if algorithm in (1, 3):
        return (LOG_ODDS_GRADIENT if log_odds else 'gradient'), False
    if variant == 'paper':
        return (('log10 |change of loss|', True) if log_odds
                else ('|change of loss|', False))
    return ('change of log-odds' if log_odds else 'change of loss'), False
