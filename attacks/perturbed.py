"""What an attack along one direction an image comes to."""

from typing import NamedTuple

import numpy as np

from attacks.batches import in_batches, predictions
from attacks.search import perturb


class Perturbed(NamedTuple):
    """An attack on n correctly classified images.

    Attributes
    ----------
    blank : (n,) bool
        Whether the attack's rule saw no direction to search.
    step : (n,) int
        In grey levels; 0 where the attack failed.
    prediction : (n,) int
        Of the adversarial image; the label where the attack failed.
    adversarial : (n, c, h, w) uint8
        The original where the attack failed.
    """

    blank: np.ndarray
    step: np.ndarray
    prediction: np.ndarray
    adversarial: np.ndarray

    @property
    def success(self):
        """Whether the class has changed, (n,) bool."""
        return self.step > 0


def take_steps(logits, x, direction, step, blank, batch):
    """The `Perturbed` of images, directions and the steps of a search."""
    images = perturb(x, direction, step)
    return Perturbed(blank, step,
                     in_batches(lambda some: predictions(logits(some)),
                                batch, images), images.astype(np.uint8))


def withhold(outcome, blank, x, y):
    """The same attack where it is not carried out on some of the images.

    Parameters
    ----------
    outcome : Perturbed
    blank : (n,) bool
        The images that count as blank.
    x, y : (n, c, h, w) float, (n,) int
        Originals and labels.
    """
    rows = blank.reshape(-1, 1, 1, 1)
    return Perturbed(
        blank, np.where(blank, 0, outcome.step),
        np.where(blank, y, outcome.prediction),
        np.where(rows, x, outcome.adversarial).astype(np.uint8))
