"""PGD, projected gradient descent (Madry et al. 2018): many small steps.

From a random point of the ball, sign steps up the loss, each followed by the
projection onto the ball and the box of valid pixels, several times over.
Where single steps fail and this does not, the loss is curved within the
ball, and what held was not robustness.
"""

import numpy as np

from attacks.batches import in_batches, predictions
from attacks.seeds import log_odds
from attacks.sign_steps import generators, signs, unless_blank
from attacks.strength import PIXELS, Moved

#: All steps together, in radii of the ball: 2 would just cross it.
REACH = 2.5


def projected_ascent(logits, gradient, ball, y, steps, restarts=1,
                     reach=REACH, seed=0, places=None, batch=1024):
    """The worst of several ascents from random points of the ball.

    Worst is the first whose last image is not classified as y, else that of
    the largest log-odds against y, which never saturate. An image whose
    class has changed is not attacked again.

    Parameters
    ----------
    logits : x -> (b, classes)
        Of the classifier that is to be fooled.
    gradient : x, y -> (b, c, h, w)
        What rises: see `attacks.sign_steps`.
    ball : attacks.strength.Ball
    y : (n,) int
        Classes to get away from.
    steps, restarts : int
        Steps of an ascent, and ascents, both at least 1.
    reach : float
        Each step moves a pixel by ball.step · reach / steps.
    seed : int
    places : (n,) int or None
        The images' places in the data. Where an ascent starts depends on
        the seed, the place and the number of the restart alone. None: 0 to
        n - 1.
    batch : int
        Most images in one call.

    Returns
    -------
    attacks.strength.Moved
        An ascent whose gradient was 0 at every step ends at the original;
        an image is blank if all of its ascents did.
    """
    if steps < 1 or restarts < 1 or not reach > 0:
        raise ValueError('expected at least one step, one restart and a '
                         'reach above 0, got %s, %s and %s'
                         % (steps, restarts, reach))
    places = np.arange(len(ball.x)) if places is None else np.asarray(places)
    images, blank = ball.x.copy(), np.ones(len(ball.x), bool)
    highest = np.full(len(ball.x), -np.inf)
    left = np.arange(len(ball.x))            # rows whose class holds
    for restart in range(restarts):
        if not len(left):
            break
        part, label = ball.rows(left), y[left]
        moved = _ascend(gradient, part, label, steps, reach, batch,
                        _random_points(part, seed, places[left], restart))
        z = in_batches(logits, batch, moved.images)
        changed = predictions(z) != label
        height = log_odds(z, label)
        worse = changed | (height >= highest[left])
        images[left[worse]] = moved.images[worse]
        highest[left[worse]] = height[worse]
        blank[left] &= moved.blank
        left = left[~changed]
    return Moved(images, blank)


def _random_points(ball, seed, places, restart):
    """Uniformly drawn points of the ball, cut to the box."""
    shape = ball.x.shape[1:]
    noise = np.stack([generator.uniform(-1, 1, shape) for generator
                      in generators(seed, places, restart)])
    return ball.along(noise.astype(ball.x.dtype))


def _ascend(gradient, ball, y, steps, reach, batch, images):
    """One ascent from `images`, (n, c, h, w)."""
    blank = np.ones(len(images), bool)
    for _ in range(steps):
        direction = signs(gradient, images, y, batch)
        blank &= ~direction.any(axis=PIXELS)
        images = ball.project(
            images + reach / steps * ball.step * direction)
    return unless_blank(ball, images, blank)
