"""Per-sample records of an attack: in memory, and small arrays on disk."""

from typing import NamedTuple

import numpy as np

from errors import UserError

#: Narrower on disk than in memory; every value fits.
NARROW = {'label': np.uint8, 'clean_prediction': np.uint8,
          'prediction': np.uint8, 'nonzero': np.int16, 'steps': np.int16,
          'changed': np.int16, 'order': np.int16}


class Outcome(NamedTuple):
    """An attack on n samples; row k of every array is sample index[k].

    Samples that were misclassified to begin with are never attacked:
    success False, steps and changed 0, nonzero -1, order all -1, the
    adversarial image the original and its prediction the clean one.
    """

    index: np.ndarray             # (n,) int, into the test set
    label: np.ndarray             # (n,) int
    clean_prediction: np.ndarray  # (n,) int
    #: Of the clean image in nats, (n,) float64: z_y - max_{j != y} z_j, u.
    margin: np.ndarray
    log_odds: np.ndarray
    #: log10 max|d loss / d x| in exact arithmetic, (n,) float64.
    log10_max_gradient: np.ndarray
    #: As the model's floating point sees it, max|d loss / d x|, (n,) float,
    #: and the mean of d loss / d x over the pixels, signs kept, (n,) float64.
    max_gradient: np.ndarray
    mean_gradient: np.ndarray
    #: Pixels that the (first) map tells from no effect, (n,) int.
    nonzero: np.ndarray
    success: np.ndarray           # (n,) bool
    #: Pixels overwritten, (n,) int: the paper's i, or `limit` after a failure.
    steps: np.ndarray
    #: Pixels whose value differs in the end, (n,) int: overwriting a black
    #: pixel by 0 is a step and no change.
    changed: np.ndarray
    prediction: np.ndarray        # (n,) int, of the adversarial image
    adversarial: np.ndarray       # (n, c, h, w) float
    order: np.ndarray             # (n, limit) int32, pixels in turn, then -1

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

    def frames(self, row, original, budgets=None):
        """The images of one run after some of its steps, (f, 1, h, w) float.

        `original` is (1, h, w); `budgets` are f numbers of overwritten
        pixels, 0 for the original, by default all.
        """
        if budgets is None:
            budgets = range(self.steps[row] + 1)
        made = np.arange(self.limit) < np.reshape(budgets, (-1, 1))
        order = np.where(made, self.order[row], -1)  # (f, limit)
        return overwrite(np.repeat(original[None], len(budgets), axis=0),
                         order, self.adversarial[row].ravel()[order])


def pack(outcome):
    """An Outcome as arrays: instead of images, what was written into them.

    An adversarial image is the original with pixel order[i] := written[i],
    so `written`, (n, limit) uint8, 0 or 1, says it all in 1/30 the space.
    """
    arrays = outcome._asdict()
    images = arrays.pop('adversarial').reshape(len(outcome.index), -1)
    used = np.maximum(outcome.order, 0)  # (n, limit)
    written = np.take_along_axis(images, used, axis=1) == 1
    arrays['written'] = (written & (outcome.order >= 0)).astype(np.uint8)
    for name, dtype in NARROW.items():
        arrays[name] = arrays[name].astype(dtype)
    return arrays


def unpack(arrays, x):
    """The Outcome that `pack` was given.

    Parameters
    ----------
    arrays : dict of str to array
    x : (n, c, h, w) float
        The originals, in the order of the outcome.

    Raises
    ------
    UserError
        If arrays are missing, of different lengths, or contradict one
        another: the file is damaged or not of this kind.
    """
    names = [name for name in Outcome._fields if name != 'adversarial']
    missing = [name for name in names + ['written'] if name not in arrays]
    if missing:
        raise UserError('expected the arrays of an attack, but %s is not '
                        'there: is this its .npz?' % ', '.join(missing))
    fields = {name: arrays[name].astype(np.int64)
              if name in NARROW else arrays[name] for name in names}
    fields['order'] = arrays['order'].astype(np.int32)
    return checked(Outcome(adversarial=overwrite(
        x, arrays['order'], arrays['written']), **fields))


def overwrite(x, order, written):
    """A copy of the originals x, (n, c, h, w), with pixels overwritten.

    These are `order`, (n, limit) int, -1 for none, their values `written`.
    """
    images = x.copy()
    rows, steps = np.nonzero(order >= 0)
    images.reshape(len(x), -1)[rows, order[rows, steps]] = written[
        rows, steps]
    return images


def checked(outcome):
    """The Outcome, unless it is one that no attack can produce."""
    lengths = {len(array) for array in outcome}
    if len(lengths) > 1:
        raise UserError('expected one row a sample in every array, got '
                        'lengths %s: run the attack again' % sorted(lengths))
    fooled = outcome.prediction != outcome.label
    used = np.sum(outcome.order >= 0, axis=1)
    wrong = ((outcome.success & ~(outcome.clean_correct & fooled))
             | (outcome.success & (outcome.steps < 1))
             | (outcome.changed > outcome.steps) | (outcome.steps != used))
    if np.any(wrong):
        raise UserError('sample %d contradicts itself (success, steps, '
                        'predictions): the file is damaged, run the attack '
                        'again' % outcome.index[np.argmax(wrong)])
    return outcome
