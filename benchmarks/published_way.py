"""The attacks as the published scripts carry them out: image by image."""

import numpy as np


def publish(model, x, y, algorithm, limit, log_odds=False):
    """Attack one sample with one model call a probe and a pixel.

    Parameters
    ----------
    model : saliency.callables.Callables
    x : (1, 1, h, w) float
    y : (1,) int
    algorithm : 1, 2, 3 or 4
    limit : int
    log_odds : bool
        Algorithms 2 and 4 then rank by |u' - u|.

    Returns
    -------
    bool
        Whether the model was fooled.
    """
    image = x.copy()
    if model.predict(image) != y:
        return False
    used = np.zeros(image.size, bool)
    for step in range(limit):
        if step == 0 or algorithm == 4:
            priority, value = build(model, image, y, algorithm, log_odds)
        pixel = np.argmax(np.where(used, -np.inf, priority))
        used[pixel] = True
        image.flat[pixel] = value[pixel]
        if model.predict(image) != y:
            return True
    return False


def build(model, image, y, algorithm, log_odds):
    """Priorities and new values of all pixels, (P,) each."""
    if algorithm in (1, 3):
        ask = model.log_odds_gradient if log_odds else model.gradient
        gradient = ask(image, y).ravel()
        if algorithm == 1:
            return gradient, np.ones(gradient.shape)
        return np.abs(gradient), gradient > 0
    loss = model.log_odds if log_odds else model.loss
    before = loss(image, y)[0]
    change = np.empty((2, image.size))
    for value in (0, 1):
        for pixel in range(image.size):
            kept = image.flat[pixel]
            image.flat[pixel] = value
            change[value, pixel] = abs(loss(image, y)[0] - before)
            image.flat[pixel] = kept
    return change.max(axis=0), change[1] > change[0]
