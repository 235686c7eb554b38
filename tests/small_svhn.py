"""SVHN's three files with few images, as SciPy writes them for MATLAB."""

import hashlib
import os

import numpy as np
import scipy.io

from data.svhn import SVHN

COUNTS = {'train': 30, 'test': 12, 'extra': 25}
FIRST = 10


def arrays(part):
    """(images uint8 (n, 3, 32, 32), labels 0 to 9 (n,)) of a file."""
    count = COUNTS[part]
    generator = np.random.RandomState(count)
    return (generator.randint(0, 256, (count, 3, 32, 32)).astype(np.uint8),
            np.arange(count) % 10)


def for_matlab(images, labels):
    """The arrays as they stand in the file: X (32, 32, 3, n), y (n, 1)."""
    return {'X': images.transpose(2, 3, 1, 0),
            'y': np.where(labels == 0, 10, labels).astype(
                np.uint8)[:, np.newaxis]}


def write(folder, part, packed=True, **others):
    """Write a file; `others` are arrays in it instead. Its `File`."""
    os.makedirs(str(folder), exist_ok=True)
    file = getattr(SVHN, part)
    path = os.path.join(str(folder), file.name)
    images, labels = arrays(part)
    scipy.io.savemat(path, dict(for_matlab(images, labels), **others),
                     do_compression=packed)
    with open(path, 'rb') as stream:
        return file._replace(count=COUNTS[part], md5=hashlib.md5(
            stream.read()).hexdigest())


def published(folder, *mirrors, **options):
    """The `Svhn` of three small files that are written into `folder`."""
    return SVHN._replace(first=FIRST, mirrors=mirrors or SVHN.mirrors, **{
        part: write(folder, part, **options) for part in COUNTS})
