"""Step 3 of the algorithms: overwrite pixels until the model is fooled.

Algorithms 1-3 make their map once, so the pixels overwritten within a budget
are a prefix of one stable sort. The images of many budgets are therefore
known beforehand, are predicted in one batch, and the first fooled one wins.
Algorithm 4 rebuilds it after every pixel: many samples advance together, one
pixel a step, and a fooled one leaves. The maps see only pixels not yet used,
so a step costs less than the last.

Song 2017, section 3.2, step 3(c): success is a prediction that differs
from the label, within `limit` overwritten pixels. The published loop tests
the limit before the success, so that its last pixel is overwritten but
never counts (`variant='script'`); in the paper's text it counts
(`variant='paper'`).
"""

import numpy as np

from attacks.batches import in_batches
from saliency.maps import check_numbers


def may_succeed(step, limit, variant):
    """Whether a fooled prediction after so many pixels (int) counts."""
    return step <= limit if variant == 'paper' else step < limit


def craft(model, x, y, index, saliency, limit, variant='paper', batch=1024):
    """Overwrite pixels, highest priority first, until the model is fooled.

    Ties go to the lowest index, as with np.argmax one pixel at a time.

    Parameters
    ----------
    model, x, y, index, limit, variant, batch
        As in `attack.attack`; the model predicts y for x.
    saliency : SaliencyMap
        Of x.

    Returns
    -------
    dict
        Arrays of `outcome.Outcome` by name: success, steps, prediction,
        adversarial, order, nonzero.

    Raises
    ------
    UserError
        If a map holds NaN; it names the sample's index.
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
    order = np.where(np.arange(limit) < steps[:, None], order[:, :limit], -1)
    return {'success': success, 'steps': steps, 'prediction': prediction,
            'adversarial': overwritten(np.arange(len(x)), steps),
            'order': order.astype(np.int32), 'nonzero': saliency.nonzero}


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


def craft_rebuilding(model, x, y, index, build, limit, variant='paper',
                     batch=1024):
    """Overwrite the best pixel of a fresh map until the model is fooled.

    Parameters, result and errors are those of `craft`, but for

    Parameters
    ----------
    build : callable
        images (m, c, h, w), labels (m,), unused=(m, P) bool ->
        SaliencyMap, called once a step with the samples not yet fooled.
    """
    image = x.reshape(len(x), -1).copy()  # (n, P)
    unused = np.ones(image.shape, bool)
    order = np.full((len(x), limit), -1, np.int32)
    success = np.zeros(len(x), bool)
    steps = np.zeros(len(x), np.int64)
    prediction = np.empty(len(x), np.int64)
    running = np.arange(len(x))  # (m,)
    for step in range(1, limit + 1):
        images = image[running].reshape((-1,) + x.shape[1:])
        saliency = build(images, y[running], unused=unused[running])
        check_numbers(saliency, index[running])
        if step == 1:
            nonzero = saliency.nonzero  # (n,)
        ranked = saliency.order  # (m, P)
        first = np.argmax(np.take_along_axis(unused[running], ranked, axis=1),
                          axis=1)
        pixel = ranked[range(len(first)), first]  # (m,)
        image[running, pixel] = saliency.value[range(len(pixel)), pixel]
        unused[running, pixel] = False
        order[running, step - 1] = pixel
        steps[running] = step
        images = image[running].reshape((-1,) + x.shape[1:])
        prediction[running] = in_batches(model.predict, batch, images)
        success[running] = (may_succeed(step, limit, variant)
                            & (prediction[running] != y[running]))
        running = running[~success[running]]
        if not len(running):
            break
    return {'success': success, 'steps': steps, 'prediction': prediction,
            'adversarial': image.reshape(x.shape), 'order': order,
            'nonzero': nonzero}
