"""Mean and standard deviation of pixels, channel by channel."""

import math
from typing import NamedTuple

import numpy as np

from errors import UserError

_CHUNK = 1000   # images


class Normalisation(NamedTuple):
    """What is subtracted from pixels in [0, 1], and what they are divided by.

    Pixels in [0, 1] are bytes divided by 255.
    """

    mean: np.ndarray        # (c,) float64
    deviation: np.ndarray   # (c,) float64


#: Of ImageNet's training images, as they are commonly published.
IMAGENET = Normalisation(np.array([.485, .456, .406]),
                         np.array([.229, .224, .225]))


def measure(images):
    """The `Normalisation` of a training part.

    Bytes are counted by their values, so every sum is exact until the last
    divisions, in double precision, and depends on no order. The deviation is
    that of all pixels (divided by n, not n - 1). Memory: some tens of
    megabytes, however many images.

    Parameters
    ----------
    images : numpy.ndarray of uint8, (n, c, h, w)
        May be mapped from a file.

    Raises
    ------
    TypeError
        The images are not uint8: they may have been scaled before.
    UserError
        There are none, or all pixels of a channel are equal.
    """
    if images.dtype != np.uint8:
        raise TypeError('expected uint8 images, got %s' % images.dtype)
    counts = np.zeros((images.shape[1], 256), np.int64)
    for start in range(0, len(images), _CHUNK):
        chunk = images[start:start + _CHUNK]
        for channel, own in enumerate(counts):
            own += np.bincount(chunk[:, channel].ravel(), minlength=256)
    if not (np.count_nonzero(counts, axis=1) > 1).all():
        raise UserError('expected images of more than one brightness in '
                        'every channel, to normalise them, got %d images' % (
                            len(images)))
    moments = [[sum(int(number) * value ** power
                    for value, number in enumerate(own))
                for power in range(3)] for own in counts]
    # Python's whole numbers: n of n * squares - total^2 cancels nothing.
    return Normalisation(*(np.array(column) for column in zip(*(
        (total / n / 255, math.sqrt((n * squares - total ** 2) / n ** 2) / 255)
        for n, total, squares in moments))))
