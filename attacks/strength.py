"""How strong an attack is: signal-to-noise ratios, and the ball they allow.

The SNR of images x with a perturbation delta on them is

    20 log10(||x||_2 / ||delta||_2) dB,

so an attack that moves each of an image's d pixels by

    step = ||x||_2 10^(-SNR / 20) / sqrt(d)

has that SNR before its pixels are cut to those that exist. Cutting makes the
perturbation smaller, and so do pixels whose gradient is 0, which stay: `snr`
tells what is left. What attacks may do is bounded pixel by pixel: by the
step, the L-infinity ball around the image, and by the box of valid pixels,
where there is one.

Pixels may be of any unit; a ratio is of the pixels as they are given, so
images less their mean have other SNRs than grey levels have.
"""

from typing import NamedTuple

import numpy as np

from attacks.batches import in_batches, predictions
from errors import UserError

PIXELS = (1, 2, 3)  # the axes of an image in a batch


class Ball(NamedTuple):
    """Where attacks on n images may go: from `lower` to `upper`.

    All arrays have the dtype of the images; `make_ball` makes one.
    """

    x: np.ndarray      # (n, c, h, w), the images, the ball's centres
    step: np.ndarray   # (n, 1, 1, 1), how far a pixel may move
    lower: np.ndarray  # (n, c, h, w)
    upper: np.ndarray  # (n, c, h, w)

    def project(self, images):
        """The nearest images within, (n, c, h, w)."""
        return np.clip(images, self.lower, self.upper)

    def along(self, direction):
        """The images a whole step along a direction, (n, c, h, w) each."""
        return self.project(self.x + self.step * direction)

    def rows(self, rows):
        """The ball of some of the images."""
        return Ball(*(array[rows] for array in self))


class Moved(NamedTuple):
    """What an attack within a ball made of its n images.

    Blank are those whose gradient was 0 in every pixel wherever the attack
    asked for it: there was no direction, and they are the originals.
    """

    images: np.ndarray  # (n, c, h, w)
    blank: np.ndarray   # (n,) bool


class Trials(NamedTuple):
    """An attack on n images at k strengths."""

    step: np.ndarray        # (n, k) float, of a pixel
    snr: np.ndarray         # (n, k) float64, dB, of what was left
    blank: np.ndarray       # (n, k) bool
    prediction: np.ndarray  # (n, k) int


def snr_step(x, snr):
    """The step of every pixel that has a signal-to-noise ratio.

    Parameters
    ----------
    x : (n, c, h, w) float
    snr : float
        In dB, of the perturbation before it is cut to valid pixels.

    Returns
    -------
    (n,) of the dtype of x
        0 for images of zeros: no noise has a finite ratio to them.

    Raises
    ------
    UserError
        If the ratio or a step is not a finite number.
    """
    if not np.isfinite(snr):
        raise UserError('expected a signal-to-noise ratio of finitely many '
                        'dB, got %s' % snr)
    with np.errstate(over='ignore', invalid='ignore'):  # refused below
        noise = np.float64(10) ** (-np.float64(snr) / 20)
        step = (_length(x) * noise / np.sqrt(x[0].size)).astype(x.dtype)
    if not np.isfinite(step).all():
        raise UserError('expected finite steps, but at a signal-to-noise '
                        'ratio of %s dB image %d has a step of %s: check the '
                        'images and the ratio'
                        % (snr, np.argmin(np.isfinite(step)),
                           step[np.argmin(np.isfinite(step))]))
    return step


def snr(x, images):
    """The signal-to-noise ratio of perturbed images, dB, (n,) float64.

    inf where nothing was changed, -inf where the original is all zeros and
    was changed.
    """
    noise = _length(np.asarray(images, np.float64) - x)      # (n,)
    signal = _length(x)
    ratio = np.full(len(x), np.inf)
    with np.errstate(divide='ignore'):  # log10 of 0 is what it should be
        np.log10(signal / np.where(noise, noise, 1), out=ratio,
                 where=noise > 0)
    return 20 * ratio


def _length(x):
    """||x||_2 of each image, (n,) float64."""
    flat = np.asarray(x, np.float64).reshape(len(x), -1)
    return np.linalg.norm(flat, axis=1)


def make_ball(x, step, box=None):
    """The Ball of images, steps and the box of valid pixels.

    Parameters
    ----------
    x : (n, c, h, w) float
    step : (n,) float, or one for all
    box : (low, high) or None
        The smallest and the largest valid pixel, numbers or (c, 1, 1) where
        channels have their own, as normalised ones do. None: any number is
        a pixel.

    Raises
    ------
    UserError
        If an image is not within the box: moving it there would be an
        attack of its own.
    ValueError
        If a step is negative or NaN.
    """
    step = np.asarray(step, x.dtype).reshape(-1, 1, 1, 1)
    if not (step >= 0).all():
        raise ValueError('expected steps of at least 0, got %s' % step.min())
    step = np.broadcast_to(step, (len(x), 1, 1, 1))
    lower, upper = x - step, x + step
    if box is not None:
        low, high = [np.asarray(bound, x.dtype) for bound in box]
        if not ((low <= x) & (x <= high)).all():
            raise UserError(
                'expected pixels within the box of valid ones, from %s to '
                '%s, got some from %s to %s: is the box in the unit of the '
                'images?' % (low.min(), high.max(), x.min(), x.max()))
        lower, upper = np.maximum(lower, low), np.minimum(upper, high)
    return Ball(x, step, lower, upper)


def try_strengths(logits, x, attack, ratios, box=None, batch=1024):
    """Attack images at several signal-to-noise ratios.

    Parameters
    ----------
    logits : x -> (n, classes)
        Of the classifier that is to be fooled.
    x : (n, c, h, w) float
    attack : Ball -> Moved
        Where it goes along one direction, whatever the strength, that is
        found once, outside: see `attacks.sign_steps`.
    ratios : (k,) float
        In dB, before cutting; in any order.
    box : (low, high) or None
        See `make_ball`.
    batch : int
        Most images in one call of the classifier.

    Returns
    -------
    Trials
        Columns in the order of `ratios`.
    """
    columns = []
    for ratio in ratios:
        step = snr_step(x, ratio)
        images, blank = attack(make_ball(x, step, box))
        columns.append((step, snr(x, images), blank,
                        predictions(in_batches(logits, batch, images))))
    return Trials(*(np.stack(column, axis=1) for column in zip(*columns)))
