"""One attack on a block of samples: check, map, craft, record; its maps."""

from functools import partial

import numpy as np

from attacks.batches import in_batches, predictions
from attacks.seeds import others
from errors import UserError
from saliency import maps
from saliency.arithmetic import log10_gradient
from saliency.crafting import craft, craft_rebuilding
from saliency.outcome import Outcome

#: By the algorithm of the gradient's map, by the variant of the probes'.
BY_GRADIENT = {1: maps.algorithm1, 3: maps.algorithm3}
BY_PROBES = {'paper': maps.algorithm2, 'script': maps.algorithm2_script}
LOG_ODDS_GRADIENT = 'gradient of log-odds'


def attack(model, x, y, index, algorithm, limit=100, variant='paper',
           log_odds=False, batch=1024):
    """Attack the correctly classified samples of a block.

    Memory grows with n (some 150 bytes a pixel and sample at most), so a
    large test set is given in blocks.

    Parameters
    ----------
    model : Callables
    x : (n, c, h, w) of the model's dtype
        Images in [0, 1].
    y : (n,) int
        Labels.
    index : (n,) int
        Of the samples in the test set.
    algorithm : 1, 2, 3 or 4
        The paper's numbering.
    limit : int
        Most pixels to overwrite, 1..P.
    variant : 'paper' or 'script'
        The text's protocol or the published loop's: see `crafting` and,
        for Algorithms 2 and 4, `maps.algorithm2_script`.
    log_odds : bool
        Maps in log-odds rather than in the model's floating point.
    batch : int
        Most images in one call of the model.

    Returns
    -------
    Outcome

    Raises
    ------
    UserError
        If an argument is out of range, or a map or a logit is NaN.
    """
    check_arguments(algorithm, limit, variant, x[0].size)
    if x.dtype != model.dtype:
        raise UserError('expected images of the model\'s %s, got %s'
                        % (model.dtype, x.dtype))
    z = in_batches(model.logits, batch, x)  # (n, classes)
    clean = predictions(z)  # (n,)
    slopes = [in_batches(function, batch, x, y) for function in
              (model.gradient, model.log_odds_gradient)]  # (n, c, h, w)
    outcome = Outcome(
        index, y, clean, *_magnitudes(model, z, y, slopes),
        nonzero=np.full(len(x), -1), success=np.zeros(len(x), bool),
        steps=np.zeros(len(x), int), changed=np.zeros(len(x), int),
        prediction=clean.copy(), adversarial=x.copy(),
        order=np.full((len(x), limit), -1, np.int32))
    correct = np.flatnonzero(clean == y)
    if len(correct):
        crafted = _craft(model, x[correct], y[correct], index[correct],
                         slopes[log_odds][correct], algorithm, limit, variant,
                         log_odds, batch)
        for name, array in crafted.items():
            getattr(outcome, name)[correct] = array
    return outcome._replace(
        changed=np.sum(outcome.adversarial != x, axis=(1, 2, 3)))


def check_arguments(algorithm, limit, variant, pixels):
    """A UserError for what no attack on images of `pixels` pixels can be."""
    if algorithm not in (1, 2, 3, 4):
        raise UserError('algorithm: expected 1, 2, 3 or 4, got %s'
                        % (algorithm,))
    if variant not in BY_PROBES:
        raise UserError('variant: expected paper or script, got %s'
                        % (variant,))
    if not 1 <= limit <= pixels:
        raise UserError('limit: expected 1 to %d pixels, got %s'
                        % (pixels, limit))


def shown_map(callables, x, y, plan, log_odds):
    """The map as it is drawn and printed, (n, P); see `quantity_of`."""
    algorithm, variant = plan['algorithm'], plan['variant']
    if algorithm in BY_GRADIENT:
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
    if algorithm in BY_GRADIENT:
        return (LOG_ODDS_GRADIENT if log_odds else 'gradient'), False
    if variant == 'paper':
        return (('log10 |change of loss|', True) if log_odds
                else ('|change of loss|', False))
    return ('change of log-odds' if log_odds else 'change of loss'), False


def _craft(model, x, y, index, slope, algorithm, limit, variant, log_odds,
           batch):
    if algorithm in BY_GRADIENT:
        saliency = BY_GRADIENT[algorithm](slope)
    else:
        build = partial(BY_PROBES[variant], model, log_odds=log_odds,
                        batch=batch)
        if algorithm == 4:
            return craft_rebuilding(model, x, y, index, build, limit,
                                    variant, batch)
        saliency = build(x, y)
    return craft(model, x, y, index, saliency, limit, variant, batch)


def _magnitudes(model, z, y, slopes):
    """margin, log-odds, log10 max|gradient|, max and mean: (n,) each."""
    u = model.log_odds_of(z, y).astype(np.float64)  # (n,)
    largest, slope = (np.max(np.abs(gradient), axis=(1, 2, 3))
                      for gradient in slopes)  # (n,)
    # In float64, where a float32 sum would lose subnormals.
    mean = slopes[0].mean(axis=(1, 2, 3), dtype=np.float64)  # (n,)
    z = z.astype(np.float64)  # (n, classes)
    margin = z[np.arange(len(z)), y] - others(z, y).max(axis=1)  # (n,)
    return margin, u, log10_gradient(u, slope), largest, mean
