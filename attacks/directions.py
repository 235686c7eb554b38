"""FGS and HC1: along a gradient, step by step, until the class changes.

FGS, the fast gradient sign method: Goodfellow et al. (2015) move every pixel
by the sign of the loss's gradient; BANG (section 4) takes the smallest step
in whole grey levels that changes the class. An attack fails where no step
from 1 to 255 does, or where the gradient is blank: "contains only zeros".
What that means decides the rate:

published   the loss, in the classifier's arithmetic, is exactly 0. This gives
            the rate that the paper prints for its own weights: a float32
            loss is 0 as soon as p_y rounds to 1. The gradient's array is
            seldom zero there, as the other classes' p_j are not 0 yet.
zeros       all of the gradient's array is 0, taken literally.
log-odds    none is blank: the gradient of u, whose sign is that of the
            loss's, from a seed that cannot round to 0.

HC1, the hot/cold attack at the closest scoring class: Rozsa, Rudd and Boult
(2016). BANG's section 4 does not print how steps are taken; what is here
gives its row of R0 from its authors' own weights. The direction is the
gradient of the hot/cold seed itself, not its sign, divided by its largest
component: a step of s moves one pixel by s grey levels and the others by
less.

Its search goes to a step of `LAST`. Beyond 255 every pixel of the direction
still moves, until it is black or white: how far the search goes decides the
rate where a model resists. The paper does not say how far; by LAST, its
authors' own R0 gives its rate, 99.53 %, to the last digit (by 512, 99.35 %).
"""

import numpy as np

from attacks.batches import in_batches
from attacks.search import first_step, grown_step, take_steps
from attacks.seeds import hot_cold_seed, log_odds_seed, loss_seed

RULES = ('published', 'zeros', 'log-odds')
LAST_SIGN = 255  # any pixel can be made any grey level by then
LAST = 2 ** 14


def fast_gradient_sign(classifier, x, y, batch=1024):
    """Attack images by all three rules of FGS.

    Parameters
    ----------
    classifier : attacks.batches.Classifier
    x : (n, c, h, w) of its dtype
        Correctly classified images in grey levels, n >= 1.
    y : (n,) int
        Their labels.
    batch : int
        Most images in one call of the classifier.

    Returns
    -------
    dict of str to attacks.search.Perturbed
        By rule; 'published' and 'zeros' share directions and steps.
    """
    logits = classifier.logits
    z = in_batches(logits, batch, x)                         # (n, classes)
    seed, loss = loss_seed(z, y)
    of_loss, of_odds = [
        np.sign(in_batches(classifier.pull_back, batch, x, some))
        for some in (seed, log_odds_seed(z, y))]             # (n, c, h, w)
    step = first_step(logits, x, y, of_loss, LAST_SIGN, batch)
    zeros = take_steps(logits, x, of_loss, step, batch)
    # Most directions are the same, where they are searched already.
    other = (of_loss != of_odds).any(axis=(1, 2, 3))         # (n,)
    step = step.copy()
    step[other] = first_step(logits, x[other], y[other], of_odds[other],
                             LAST_SIGN, batch)
    return {'published': _withheld(zeros, (loss == 0) | zeros.blank, x, y),
            'zeros': zeros,
            'log-odds': take_steps(logits, x, of_odds, step, batch)}


def _withheld(outcome, blank, x, y):
    """The same attack where it is not carried out on blank images, (n,)."""
    return outcome._replace(
        blank=blank, step=np.where(blank, 0, outcome.step),
        prediction=np.where(blank, y, outcome.prediction),
        adversarial=np.where(blank.reshape(-1, 1, 1, 1), x,
                             outcome.adversarial).astype(np.uint8))


def hot_cold(classifier, x, y, last=LAST, batch=1024):
    """Attack images by HC1, towards their closest scoring class.

    Success is any change of class, as the paper counts, also one to a third
    class. Parameters are those of `fast_gradient_sign`, but for

    Parameters
    ----------
    last : int
        The largest step, in grey levels of the pixel that moves most.

    Returns
    -------
    attacks.search.Perturbed
    """
    z = in_batches(classifier.logits, batch, x)              # (n, classes)
    direction = in_batches(classifier.pull_back, batch, x,
                           hot_cold_seed(z, y))
    largest = np.abs(direction).max(axis=(1, 2, 3), keepdims=True)
    direction = direction / np.where(largest == 0, 1, largest)
    step = grown_step(classifier.logits, x, y, direction, last, batch)
    return take_steps(classifier.logits, x, direction, step, batch)
