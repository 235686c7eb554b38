"""Images and labels, how they are divided and scaled, what proves them.

A record is a label and its image: one byte of the label, and the pixels'
bytes, plane by plane (red, green, blue), row by row.
"""

import hashlib
from typing import NamedTuple, Optional

import numpy as np

from errors import UserError

#: Human names for titles and tables, by `Dataset.name`.
LABELS = {'mnist': 'MNIST', 'digits': 'digits (8x8, not MNIST)',
          'cifar10': 'CIFAR-10', 'cifar100': 'CIFAR-100',
          'svhn': 'SVHN (with its extra images)',
          'svhn-train': 'SVHN (without its extra images)',
          'tiny-imagenet': 'Tiny ImageNet',
          'tiny-imagenet-part': 'a part of Tiny ImageNet',
          'folder': 'a folder of images'}

#: One of so many training images goes to validation: 10,000 of MNIST's
#: 60,000 in the paper (section 3), 1,000 in the published scripts.
VALIDATION_SHARE = {'paper': 6, 'script': 60}
#: No image is set aside: the test images validate, too.
WHOLE = 'whole'


class Part(NamedTuple):
    """Images, uint8 (n, 1, 28, 28), and their labels, uint8 (n,).

    Those in colours are (n, 3, h, w): red, green and blue.
    """

    images: np.ndarray
    labels: np.ndarray


class Dataset(NamedTuple):
    """A data set; its arrays are read-only.

    `name` is a key of LABELS, `source` says in words where it came from,
    `checksum` is the hex SHA-256 of the four raw IDX files one after the
    other (training images, training labels, test images, test labels); of
    the digits, the same over the arrays' bytes; of SVHN and Tiny ImageNet,
    that of both parts' own such digests in hex; of other colour images, that
    of the order-free digests in hex of both parts, whose order `order` says,
    None where there is only one. As published it has no `validation` yet.
    """

    name: str
    source: str
    checksum: str
    train: Part
    validation: Optional[Part]
    test: Part
    order: Optional[str] = None

    def identity(self):
        """What results depend on, a JSON-ready dict."""
        named = {'name': self.name, 'checksum': self.checksum}
        return dict(named, order=self.order) if self.order else named


def divide(published, split='paper', limit_train=None):
    """Set the end of the training images aside for validation.

    Parameters
    ----------
    published : Dataset
    split : str
        'paper' (1/6, rounded down), 'script' (1/60) or 'whole' (none).
    limit_train : int or None
        Keep only so many of the training images, the first ones.

    Returns
    -------
    Dataset

    Raises
    ------
    UserError
        An unknown split, or a limit out of range.
    """
    check_split(split)
    images, labels = published.train
    aside = 0 if split == WHOLE else len(images) // VALIDATION_SHARE[split]
    kept = len(images) - aside
    used = kept if limit_train is None else limit_train
    if not 1 <= used <= kept:
        raise UserError(
            'limit_train should be from 1 to %d, the training images of %s '
            'with split %r, not %d' % (kept, LABELS[published.name], split,
                                       limit_train))
    return published._replace(
        train=Part(images[:used], labels[:used]),
        validation=(published.test if split == WHOLE else
                    Part(images[kept:], labels[kept:])))


def check_split(split):
    """Raise UserError unless `split` is known."""
    known = (*sorted(VALIDATION_SHARE), WHOLE)
    if split not in known:
        raise UserError('split should be one of %s, not %r'
                        % (', '.join(known), split))


def scale(images, dtype):
    """Pixels as the network sees them: divided by 256.

    The published scripts divide by 256, not 255, so that data top out at
    255/256 while the attacks write 1.0. The division is exact.

    Parameters
    ----------
    images : numpy.ndarray of uint8, (n, 1, 28, 28)
    dtype : numpy dtype or its name
        float32 or float64, such as theano.config.floatX.

    Returns
    -------
    numpy.ndarray of `dtype`, (n, 1, 28, 28)
        In [0, 255/256]; a new array.

    Raises
    ------
    TypeError
        The images are not uint8: they may have been scaled before.
    """
    if images.dtype != np.uint8:
        raise TypeError('scale expects uint8 images, not %s' % images.dtype)
    dtype = np.dtype(dtype)
    return np.multiply(images, dtype.type(1 / 256), dtype=dtype)


def digests(part):
    """The SHA-256 of every record, bytes (n, 32) as an array of uint8."""
    found = [hashlib.sha256(bytes([label]) + image.tobytes()).digest()
             for image, label in zip(part.images, part.labels)]
    return np.frombuffer(b''.join(found), np.uint8).reshape(-1, 32)


def order_free(found):
    """One digest of all records: the SHA-256 of theirs, sorted, in hex."""
    return hashlib.sha256(
        b''.join(sorted(row.tobytes() for row in found))).hexdigest()


def in_order_of_digests(part, found):
    """The same records, sorted by their digests.

    Labels come mixed, and names of files, which differ from copy to copy,
    decide nothing.
    """
    order = np.lexsort(found.T[::-1])
    return Part(part.images[order], part.labels[order])
