"""How far along a direction the class changes: steps in whole grey levels.

A direction is (n, c, h, w), one an image; step s gives the discrete image
round(x + s · direction), kept in 0 to 255. Whether the class has changed is
all that a search asks, so it asks for many images and steps at once.
"""

from typing import NamedTuple

import numpy as np

from attacks.batches import in_batches, predictions

CHUNK = 16  # steps of one image in a call of the network


class Perturbed(NamedTuple):
    """An attack on n correctly classified images, with what it came to.

    Where it failed: step 0, the label, the original.
    """

    blank: np.ndarray        # (n,) bool: there was no direction to search
    step: np.ndarray         # (n,) int, in grey levels
    prediction: np.ndarray   # (n,) int, of the adversarial image
    adversarial: np.ndarray  # (n, c, h, w) uint8

    @property
    def success(self):
        """Whether the class has changed, (n,) bool."""
        return self.step > 0


def take_steps(logits, x, direction, step, batch):
    """The `Perturbed` of images, directions and the steps of a search."""
    images = perturb(x, direction, step)
    return Perturbed(~direction.any(axis=(1, 2, 3)), step,
                     predictions(in_batches(logits, batch, images)),
                     images.astype(np.uint8))


def perturb(x, direction, step):
    """Discrete images a step (n,) away, (n, c, h, w) of the dtype of x."""
    step = np.asarray(step, x.dtype).reshape(-1, 1, 1, 1)
    return np.clip(np.rint(x + step * direction), 0, 255)


def first_step(logits, x, y, direction, last=255, batch=1024):
    """The smallest whole step that changes the class, by trying them all.

    Class changes need not persist as steps grow, so nothing short of all
    smaller steps proves that one is the smallest.

    Parameters
    ----------
    logits : x -> (n, classes)
    x : (n, c, h, w) float
        Images in grey levels.
    y : (n,) int
        Classes to get away from.
    direction : (n, c, h, w)
        0 is no direction, and is not searched.
    last : int
        The largest step tried.
    batch : int
        Most images in one call.

    Returns
    -------
    (n,) int
        0 where no step from 1 to `last` does it.
    """
    found = np.zeros(len(x), int)
    waiting = np.flatnonzero(direction.any(axis=(1, 2, 3)))
    for start in range(1, last + 1, CHUNK):
        if not len(waiting):
            break
        steps = np.arange(start, min(start + CHUNK, last + 1))
        changed = _changed(
            logits, x, y, direction, np.repeat(waiting, len(steps)),
            np.tile(steps, len(waiting)), max(1, batch // CHUNK) * len(steps)
        ).reshape(-1, len(steps))                            # (w, steps)
        found[waiting] = np.where(changed.any(axis=1),
                                  steps[changed.argmax(axis=1)], 0)
        waiting = waiting[found[waiting] == 0]
    return found


def grown_step(logits, x, y, direction, last, batch=1024):
    """A step that changes the class while the next smaller does not.

    Steps double from 1 until the class changes or `last` is reached; then
    the interval to the step before is halved down to neighbours. Where
    class changes persist as steps grow, that is the smallest step.

    Parameters and result are those of `first_step`.
    """
    low, high, before = np.zeros(len(x), int), np.zeros(len(x), int), 0
    waiting = np.flatnonzero(direction.any(axis=(1, 2, 3)))
    for step in doubled(last):
        if not len(waiting):
            break
        changed = _changed(logits, x, y, direction, waiting,
                           np.full(len(waiting), step), batch)
        low[waiting[changed]], high[waiting[changed]] = before, step
        waiting, before = waiting[~changed], step
    return _bisect(logits, x, y, direction, low, high, batch)


def doubled(last):
    """1, 2, 4, ... below `last`, then `last`."""
    steps = [2 ** k for k in range(int(last).bit_length())]
    return steps if steps[-1] == last else steps + [last]


def _bisect(logits, x, y, direction, low, high, batch):
    """Narrow (low, high], each (n,), to the first change found, in place."""
    while True:
        wide = np.flatnonzero(high - low > 1)
        if not len(wide):
            return high
        middle = (low[wide] + high[wide]) // 2
        changed = _changed(logits, x, y, direction, wide, middle, batch)
        high[wide[changed]] = middle[changed]
        low[wide[~changed]] = middle[~changed]


def _changed(logits, x, y, direction, rows, steps, batch):
    """Whether the images `rows` change class at a step each, (r,) bool."""
    def classes(rows, steps):
        return predictions(logits(perturb(x[rows], direction[rows], steps)))

    return in_batches(classes, batch, rows, steps) != y[rows]
