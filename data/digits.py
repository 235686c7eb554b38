"""scikit-learn's digits, enlarged to the size of MNIST's.

They come with scikit-learn and need no network: 1,797 images of 8 x 8
pixels from 0 to 16 (E. Alpaydin and C. Kaynak, "Optical recognition of
handwritten digits", the test set). They are not MNIST, and results on them
are not results of the paper.
"""

import hashlib

import numpy as np

from data.dataset import Dataset, Part
from errors import UserError

_TRAIN = 1400  # images; the remaining 397 are for testing


def load():
    """The `Dataset` of 28 x 28 images, 1,400 to train and 397 to test.

    A UserError where scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise UserError('the digits come with scikit-learn, which is not '
                        'installed: pip install scikit-learn') from error
    bunch = load_digits()
    images = enlarge(bunch.images)  # (1797, 1, 28, 28)
    labels = bunch.target.astype(np.uint8)  # (1797,)
    train = Part(images[:_TRAIN], labels[:_TRAIN])
    test = Part(images[_TRAIN:], labels[_TRAIN:])
    digest = hashlib.sha256()
    for array in train + test:
        array.setflags(write=False)
        digest.update(array.tobytes())
    return Dataset('digits', "scikit-learn's digits, 8 x 8 enlarged to "
                   '28 x 28', digest.hexdigest(), train, None, test)


def enlarge(images):
    """Repeat each pixel 3 x 3 and add a black border of 2.

    Values 0..15 become 16 times as much and 16 becomes 255, so that
    `data.scale` gives v/16, except 255/256 at the top, as in MNIST. Arrays
    of whole numbers, (n, 8, 8), become such of uint8, (n, 1, 28, 28).
    """
    grey = np.minimum(16 * images, 255).astype(np.uint8)  # (n, 8, 8)
    large = grey.repeat(3, axis=1).repeat(3, axis=2)  # (n, 24, 24)
    return np.pad(large, ((0, 0), (2, 2), (2, 2)))[:, np.newaxis]
