"""Per-sample records of an attack, as plain arrays."""

from typing import NamedTuple

import numpy as np

from errors import UserError


class Outcome(NamedTuple):
    """An attack on n samples; row k of every array is sample index[k].

    Samples that were misclassified to begin with are never attacked:
    success False, steps and changed 0, nonzero -1, order all -1, the
    adversarial image the original and its prediction the clean one.

    Attributes
    ----------
    index : (n,) int
        Into the test set.
    label, clean_prediction : (n,) int
    margin : (n,) float64
        z_y - max_{j != y} z_j of the clean image, in nats.
    log_odds : (n,) float64
        u of the clean image, in nats.
    log10_max_gradient : (n,) float64
        log10 max|d loss / d x| in exact arithmetic.
    max_gradient : (n,) float
        max|d loss / d x| as the model's floating point sees it.
    mean_gradient : (n,) float64
        Mean of d loss / d x over the pixels, signs kept, likewise.
    nonzero : (n,) int
        Pixels that the (first) map tells from no effect.
    success : (n,) bool
    steps : (n,) int
        Pixels overwritten: the paper's i.
    changed : (n,) int
        Pixels whose value differs in the end.
    prediction : (n,) int
        Of the adversarial image.
    adversarial : (n, c, h, w) float
    order : (n, limit) int32
        Overwritten pixels in turn, then -1.
    """

    index: np.ndarray
    label: np.ndarray
    clean_prediction: np.ndarray
    margin: np.ndarray
    log_odds: np.ndarray
    log10_max_gradient: np.ndarray
    max_gradient: np.ndarray
    mean_gradient: np.ndarray
    nonzero: np.ndarray
    success: np.ndarray
    steps: np.ndarray
    changed: np.ndarray
    prediction: np.ndarray
    adversarial: np.ndarray
    order: np.ndarray

    @property
    def clean_correct(self):
        """Whether the sample could be attacked, (n,) bool."""
        return self.clean_prediction == self.label

    @property
    def all_zero(self):
        """Whether it was attacked by an all-zero map, (n,) bool."""
        return self.nonzero == 0

    @property
    def limit(self):
        """Most pixels that could be overwritten."""
        return self.order.shape[1]

    @property
    def curve(self):
        """Successes within budgets of 1..limit pixels, (limit,) int."""
        steps = self.steps[self.success]
        return np.cumsum(np.bincount(steps, minlength=self.limit + 1))[1:]


def from_arrays(arrays):
    """The Outcome of a dict (or npz file) of arrays, checked.

    Raises
    ------
    UserError
        If arrays are missing, of different lengths, or contradict one
        another: the file is damaged or not of this kind.
    """
    missing = [name for name in Outcome._fields if name not in arrays]
    if missing:
        raise UserError('expected the arrays of an attack, but %s is not '
                        'there: is this its .npz?' % ', '.join(missing))
    outcome = Outcome(*(np.asarray(arrays[name])
                        for name in Outcome._fields))
    lengths = {len(array) for array in outcome}
    if len(lengths) > 1:
        raise UserError('expected one row a sample in every array, got '
                        'lengths %s: run the attack again' % sorted(lengths))
    if np.any(_contradictory(outcome)):
        row = np.argmax(_contradictory(outcome))
        raise UserError('sample %d contradicts itself (success, steps, '
                        'predictions): the file is damaged, run the attack '
                        'again' % outcome.index[row])
    return outcome


def _contradictory(outcome):
    """Records that no attack can produce, (n,) bool."""
    fooled = outcome.prediction != outcome.label
    used = np.sum(outcome.order >= 0, axis=1)
    return ((outcome.success & ~(outcome.clean_correct & fooled))
            | (outcome.success & (outcome.steps < 1))
            | (outcome.changed > outcome.steps) | (outcome.steps != used))
