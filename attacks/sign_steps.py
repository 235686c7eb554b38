"""Steps by signs: every pixel up or down, along a gradient or at random.

FGSM, the fast gradient sign method (Goodfellow et al. 2015), moves every
pixel by one step in the direction in which the loss rises. Its kinds differ
in the gradient and in the label that it is asked for:

true label           signs(loss_gradient(model), x, y)
predicted label      signs(loss_gradient(model), x, predictions(z))
least likely class   signs(descent(loss_gradient(model)), x, least_likely(z)):
                     down the loss of the class of the smallest logit
                     (Kurakin et al. 2017)
log-odds             signs(log_odds_gradient(model), x, y): the same direction
                     as the loss's in exact arithmetic, and one that does not
                     round to 0 where the classifier is sure
transfer             signs(loss_gradient(other), x, y), applied to `model`

A gradient is any function x (b, c, h, w), y (b,) -> (b, c, h, w), so that a
classifier with a quicker one can bring its own. The predicted label gives
the true one's direction wherever the classifier is right: only images that
it mistakes tell whether adversarial training has taught it to read the label
off the direction ("label leaking").
"""

import numpy as np

from attacks.batches import in_batches, predictions
from attacks.seeds import log_odds_seed, loss_seed
from attacks.strength import PIXELS, Moved
from errors import UserError


def loss_gradient(classifier):
    """x, y -> gradient of the cross-entropy of y, in the classifier's dtype.

    It is exactly 0 where p_y and all other p_j have rounded to 1 and 0.
    """
    def gradient(x, y):
        return classifier.pull_back(x, loss_seed(classifier.logits(x), y)[0])
    return gradient


def log_odds_gradient(classifier):
    """x, y -> gradient of u = logsumexp_{j != y} z_j - z_y.

    It has the signs of the loss's gradient, but cannot round to 0; see
    `attacks.seeds.log_odds_seed`.
    """
    def gradient(x, y):
        return classifier.pull_back(x, log_odds_seed(classifier.logits(x), y))
    return gradient


def descent(gradient):
    """The gradient's opposite: towards a class instead of away from it."""
    return lambda x, y: -gradient(x, y)


def least_likely(z):
    """The classes of the smallest logits (n, classes), (n,) int64.

    Ties go to the lowest index. Raises UserError if a logit is NaN.
    """
    return predictions(-z)


def signs(gradient, x, y, batch=1024):
    """The signs of a gradient, (n, c, h, w) of its dtype: -1, 0 or 1.

    Parameters
    ----------
    gradient : x, y -> (b, c, h, w)
    x : (n, c, h, w) float
    y : (n,) int
        Labels to ask for: true, predicted or others.
    batch : int
        Most images in one call.

    Raises
    ------
    UserError
        If a gradient is NaN, which has no sign.
    """
    found = in_batches(gradient, batch, x, y)
    if np.isnan(found).any():
        raise UserError('expected gradients that are numbers, got NaN: check '
                        'the model (weights, statistics of its layers)')
    return np.sign(found)


def generators(seed, places, restart=0):
    """A generator an image, of its place in the data and not its batch's."""
    return [np.random.Generator(np.random.SFC64([seed, place, restart]))
            for place in places]


def random_signs(x, seed, places=None):
    """-1 or 1 for every pixel, each with probability 1/2.

    Parameters
    ----------
    x : (n, c, h, w) float
    seed : int
    places : (n,) int or None
        The images' places in the data: the signs depend on the seed and on
        the place, whichever images are attacked together. None: 0 to n - 1.

    Returns
    -------
    (n, c, h, w) of the dtype of x
    """
    places = np.arange(len(x)) if places is None else places
    return np.stack([
        2 * generator.integers(0, 2, x.shape[1:], np.int8) - 1
        for generator in generators(seed, places)]).astype(x.dtype)


def sign_step(ball, direction):
    """One step: FGSM, or noise of the same strength.

    Parameters
    ----------
    ball : attacks.strength.Ball
    direction : (n, c, h, w)
        Of `signs` or `random_signs`. The same serves all strengths.

    Returns
    -------
    attacks.strength.Moved
    """
    return Moved(ball.along(direction), ~direction.any(axis=PIXELS))


def random_then_sign(gradient, ball, y, seed, places=None, share=.5,
                     batch=1024):
    """R+FGSM (Tramèr et al. 2018): random signs first, then FGSM from there.

    It leaves the place where a classifier trained against single steps has
    flattened or bent its loss.

    Parameters
    ----------
    gradient : x, y -> (b, c, h, w)
    ball : attacks.strength.Ball
    y : (n,) int
    seed, places
        Of the signs: see `random_signs`, which draws the same.
    share : float
        The random step's part of the whole one, alpha / eps; the gradient
        gets the rest.
    batch : int

    Returns
    -------
    attacks.strength.Moved
        An image whose gradient is 0 where the random step has led is blank,
        and the random step is not taken.
    """
    if not 0 <= share <= 1:
        raise ValueError('expected a share from 0 to 1, got %s' % share)
    start = ball.project(
        ball.x + share * ball.step * random_signs(ball.x, seed, places))
    direction = signs(gradient, start, y, batch)
    images = ball.project(start + (1 - share) * ball.step * direction)
    return unless_blank(ball, images, ~direction.any(axis=PIXELS))


def unless_blank(ball, images, blank):
    """The `Moved` of images, but for those that are blank, (n,) bool."""
    return Moved(np.where(blank.reshape(-1, 1, 1, 1), ball.x, images), blank)
