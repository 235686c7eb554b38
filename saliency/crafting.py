"""Algorithms 1-3, step 3: overwrite pixels in the order of one map.

The map is made once, so the pixels overwritten within a budget are a
prefix of one stable sort. The images of many budgets are therefore known
beforehand, are predicted in one batch, and the first fooled one wins.
"""

import numpy as np

from attacks.batches import in_batches
from saliency.maps import check_numbers
from saliency.protocol import Crafted, changed_pixels, may_succeed


def craft(model, x, y, index, saliency, limit, variant='paper', batch=1024):
    """Overwrite pixels, highest priority first, until the model is fooled.

    Ties go to the lowest index, as with np.argmax one pixel at a time.

    Parameters
    ----------
    model : Callables
    x : (n, c, h, w) of the model's dtype
    y : (n,) int
        Labels, which the model predicts for x.
    index : (n,) int
        The samples' names in error messages.
    saliency : SaliencyMap
        Of x.
    limit : int
        Most pixels to overwrite, 1..P.
    variant : 'paper' or 'script'
        See `protocol`.
    batch : int
        Most images in one call of the model.

    Returns
    -------
    Crafted

    Raises
    ------
    UserError
        If a map holds NaN.
    """
    check_numbers(saliency, index)
    order = saliency.order  # (n, P)
    rank = np.argsort(order, axis=1)  # (n, P), the inverse permutation
    flat = x.reshape(len(x), -1)  # (n, P)

    def overwritten(samples, budgets):  # (b,), (b,) -> (b, c, h, w)
        early = rank[samples] < budgets[:, None]  # (b, P)
        images = np.where(early, saliency.value[samples], flat[samples])
        return images.reshape((-1,) + x.shape[1:])

    def predict(samples, budgets):  # (b,), (b,) -> (b,)
        return model.predict(overwritten(samples, budgets))

    success, steps, prediction = _first_fooled(
        predict, y, limit, variant, batch)
    adversarial = overwritten(np.arange(len(x)), steps)
    order = np.where(np.arange(limit) < steps[:, None], order[:, :limit], -1)
    return Crafted(success, steps, changed_pixels(adversarial, x),
                   prediction, adversarial, order.astype(np.int32),
                   saliency.nonzero)


def _first_fooled(predict, y, limit, variant, batch):
    """Smallest successful budget: success, steps, prediction, (n,) each.

    As many budgets are asked for at once as fill a batch with the samples
    that are left: fewer would waste time, more would ask beyond the first
    success.
    """
    success = np.zeros(len(y), bool)
    steps = np.full(len(y), limit)
    prediction = np.empty(len(y), np.int64)
    running = np.arange(len(y))  # (m,)
    start = 1
    while start <= limit and len(running):
        count = max(1, batch // len(running))
        budgets = np.arange(start, min(start + count, limit + 1))  # (k,)
        answers = in_batches(
            predict, batch, np.repeat(running, len(budgets)),
            np.tile(budgets, len(running))).reshape(-1, len(budgets))
        fooled = answers != y[running, None]  # (m, k)
        fooled &= may_succeed(budgets, limit, variant)
        hit = fooled.any(axis=1)  # (m,)
        last = np.where(hit, np.argmax(fooled, axis=1), -1)
        prediction[running] = answers[np.arange(len(running)), last]
        steps[running[hit]] = budgets[last[hit]]
        success[running[hit]] = True
        running = running[~hit]
        start += count
    return success, steps, prediction
