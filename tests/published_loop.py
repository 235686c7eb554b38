"""The paper's loops as printed: one sample, one pixel, one call at a time.

Song 2017, section 3.2. The oracle of the batched crafting; slow, and free
of its ideas. `limit` and the order of its test follow `variant`.
"""

import numpy as np

from saliency.arithmetic import log_softplus_difference


def run(model, image, label, algorithm, limit, variant, log_odds):
    """Attack one (c, h, w) image; a dict of what happened."""
    c = image.copy()
    used, i = [], 1
    s1, s2 = saliency(model, c, label, algorithm, variant, log_odds)
    zero = (-np.inf, 0.) if log_odds and s2 is not None else 0.
    first = s1 if s2 is None else list(map(max, s1, s2))
    while True:
        k = pick(s1, s2, algorithm, used)
        c.flat[k] = new_value(s1, s2, k, algorithm)
        used.append(k)
        fooled = predict(model, c) != label
        if variant == 'script' and i >= limit:
            success = False
            break
        if fooled:
            success = True
            break
        i = i + 1
        if i > limit:
            i, success = limit, False
            break
        if algorithm == 4:
            s1, s2 = saliency(model, c, label, algorithm, variant, log_odds)
    return {'success': success, 'steps': i, 'order': used,
            'prediction': predict(model, c), 'adversarial': c,
            'changed': sum(a != b for a, b in zip(c.flat, image.flat)),
            'nonzero': sum(s != zero for s in first)}


def saliency(model, c, label, algorithm, variant, log_odds):
    """The map S, or S1 and S2, as lists over pixels."""
    if algorithm in (1, 3):
        gradient = model.log_odds_gradient if log_odds else model.gradient
        return list(gradient(c[None], np.array([label])).ravel()), None
    loss0 = loss(model, c, label, log_odds)
    s1, s2 = [], []
    for k in range(c.size):
        temp = c.flat[k]
        c.flat[k] = 1
        s1.append(change(loss(model, c, label, log_odds), loss0, variant,
                         log_odds))
        c.flat[k] = 0
        s2.append(change(loss(model, c, label, log_odds), loss0, variant,
                         log_odds))
        c.flat[k] = temp
    return s1, (None if variant == 'script' else s2)


def change(after, before, variant, log_odds):
    if variant == 'script':
        return after - before
    if log_odds:  # what |loss - loss0| cannot tell apart, |u - u0| can
        return (float(log_softplus_difference(after, before)),
                abs(after - before))
    return abs(after - before)


def pick(s1, s2, algorithm, used):
    """The first pixel of highest priority among those not yet used."""
    best, highest = None, None
    for k in range(len(s1)):
        if k in used:
            continue
        priority = abs(s1[k]) if algorithm == 3 else s1[k]
        if s2 is not None:
            priority = max(priority, s2[k])
        if best is None or priority > highest:
            best, highest = k, priority
    return best


def new_value(s1, s2, k, algorithm):
    value = 1
    if algorithm == 3 and not s1[k] > 0:
        value = 0
    if s2 is not None:
        m = max(s1[k], s2[k])
        if m == s1[k]:
            value = 1
        if m == s2[k]:
            value = 0
    return value


def loss(model, c, label, log_odds):
    function = model.log_odds if log_odds else model.loss
    return function(c[None], np.array([label]))[0]


def predict(model, c):
    return int(np.argmax(model.logits(c[None])[0]))
