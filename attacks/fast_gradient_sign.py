"""FGS with the smallest step, and three rules of what a blank gradient is.

Goodfellow et al. (2015) move every pixel by the sign of the loss's gradient;
BANG (section 4) takes the smallest step in whole grey levels that changes
the class. An attack fails where no step from 1 to 255 does, or where the
gradient is blank: "contains only zeros". What that means decides the rate:

published   the loss, in the classifier's arithmetic, is exactly 0. This gives
            the rate that the paper prints for its own weights: a float32
            loss is 0 as soon as p_y rounds to 1. The gradient's array is
            seldom zero there, as the other classes' p_j are not 0 yet.
zeros       all of the gradient's array is 0, taken literally.
log-odds    none is blank: the gradient of u, whose sign is that of the
            loss's, from a seed that cannot round to 0.
"""

import numpy as np

from attacks.batches import in_batches
from attacks.search import first_step, take_steps
from attacks.seeds import log_odds_seed, loss_seed

RULES = ('published', 'zeros', 'log-odds')
LAST = 255  # any pixel can be made any grey level by then


def fast_gradient_sign(classifier, x, y, batch=1024):
    """Attack images by all three rules.

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
    z = in_batches(classifier.logits, batch, x)              # (n, classes)
    seed, loss = loss_seed(z, y)
    of_loss, of_odds = [
        np.sign(in_batches(classifier.pull_back, batch, x, some))
        for some in (seed, log_odds_seed(z, y))]             # (n, c, h, w)
    step = first_step(classifier.logits, x, y, of_loss, LAST, batch)
    zeros = _attacked(classifier, x, of_loss, step, batch)
    # Most directions are the same, where they are searched already.
    other = (of_loss != of_odds).any(axis=(1, 2, 3))         # (n,)
    step = step.copy()
    step[other] = first_step(classifier.logits, x[other], y[other],
                             of_odds[other], LAST, batch)
    return {'published': _withheld(zeros, (loss == 0) | zeros.blank, x, y),
            'zeros': zeros,
            'log-odds': _attacked(classifier, x, of_odds, step, batch)}


def _withheld(outcome, blank, x, y):
    """The same attack where it is not carried out on blank images, (n,)."""
    return outcome._replace(
        blank=blank, step=np.where(blank, 0, outcome.step),
        prediction=np.where(blank, y, outcome.prediction),
        adversarial=np.where(blank.reshape(-1, 1, 1, 1), x,
                             outcome.adversarial).astype(np.uint8))


def _attacked(classifier, x, direction, step, batch):
    """The outcome of steps that a search has found."""
    blank = ~direction.any(axis=(1, 2, 3))                   # (n,)
    return take_steps(classifier.logits, x, direction, step, blank, batch)
