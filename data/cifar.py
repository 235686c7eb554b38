"""CIFAR-10 and CIFAR-100, the original pixels (A. Krizhevsky, 2009).

They come from the archive for Python, as published, which is downloaded
where nothing is at hand, or, of CIFAR-10, from folders of classes or zips of
those with images that lost nothing (PNG, WebP: `data.class_folders`). Either
way the digests of `data.dataset` prove that the pixels are the original ones.

The archive has an order of its own, in which Caffe reads it; folders have
none, so their records lie in the order of their digests. Nothing is unpacked
to the disk, and the archive's pickles are never loaded (`data.opcodes`).
"""

import hashlib
import os
import tarfile
from typing import NamedTuple, Optional, Tuple

import numpy as np

from data import archive, class_folders, opcodes
from data.archive import Archive
from data.catalogue import locate, variable_of
from data.dataset import (
    Dataset,
    Part,
    digests,
    in_order_of_digests,
    order_free,
)
from errors import UserError

PIXELS = (3, 32, 32)
ARCHIVE_ORDER = 'of the archive'
DIGEST_ORDER = 'of the digests'


class Cifar(NamedTuple):
    """One of the two, and where it is published.

    `digests` are the order-free ones of the training and the test part, None
    where only the archive proves the pixels.
    """

    name: str
    archive: str
    sha256: str               # of the archive
    size: int                 # of the archive, in bytes
    folder: str
    files: Tuple[str, ...]    # in the archive's folder; the last one to test
    batch: Tuple[int, ...]    # how many images each file has
    key: str                  # what the labels are called in there
    classes: int
    digests: Optional[Tuple[str, str]]
    mirrors: Tuple[str, ...] = ('https://www.cs.toronto.edu/~kriz/',)

    def published(self):
        """Its `Archive`."""
        return Archive(self.archive, self.size + 1, 'SHA-256', self.sha256,
                       self.mirrors)


CIFAR10 = Cifar(
    'cifar10', 'cifar-10-python.tar.gz',
    '6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce',
    170498071, 'cifar-10-batches-py/',
    (*('data_batch_%d' % number for number in range(1, 6)), 'test_batch'),
    (10000,) * 6, 'labels', 10,
    ('55a61f79a40ece2ceda9fb5f9f7078f6ea2fc4952489cef56682bcf92cfcc260',
     '325704b01eb92e1e2a6215ae6a916bb7db7de054af0c496be1c7be2e0fcfbf5f'))
CIFAR100 = Cifar(
    'cifar100', 'cifar-100-python.tar.gz',
    '85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7',
    169001437, 'cifar-100-python/', ('train', 'test'), (50000, 10000),
    'fine_labels', 100, None)


def load(which, directory=None):
    """Read it from a folder, from the cache, or download it into the cache.

    Parameters
    ----------
    which : Cifar
    directory : str or None
        The folder of the archive, or of train and test; without it
        $CIFAR10_DIR or $CIFAR100_DIR, else $XDG_CACHE_HOME/song2017/cifar10
        or cifar100, into which the archive is downloaded.

    Returns
    -------
    data.dataset.Dataset
        Images uint8 (n, 3, 32, 32): red, green, blue.

    Raises
    ------
    UserError
        What the folder holds is damaged, or other pixels.
    Unavailable
        There is nothing, and it could not be downloaded.
    """
    folder, named = locate(directory, which.name)
    path = os.path.join(folder, which.archive)
    if os.path.exists(path):
        archive.check(which.published(), path)
    elif class_folders.is_there(folder):
        return from_folders(which, folder)
    elif named:
        raise UserError('there is neither %s in %s, which %s names, nor '
                        'train and test with a folder of images a class '
                        '(without %s, it is downloaded)'
                        % (which.archive, folder, named, named))
    else:
        archive.fetch(which.published(), folder, variable_of(which.name))
    parts = read(which, path)
    train = Part(*map(np.concatenate, zip(*parts[:-1])))
    return finish(which, 'the archive %s' % path, train, parts[-1],
                  ARCHIVE_ORDER)


def from_folder(directory):
    """A data set of the user's own: train and test, a folder a class.

    Its pixels are nobody's in particular: results bear the name 'folder'.
    """
    if directory is None:
        raise UserError("the data set 'folder' is that of --data-dir: name "
                        'the folder of train and test')
    return from_folders(None, os.path.expanduser(directory))


def from_folders(which, folder):
    """A `Dataset` from train and test, if it is `which` (None: any)."""
    if which and which.digests is None:
        raise UserError('%s: expected %s: only the archive proves that the '
                        'pixels are those of CIFAR-100; take these images '
                        'as they are by --dataset folder' % (
                            folder, which.archive))
    train, test, classes = class_folders.read(folder)
    if which and (train.images.shape[1:] != PIXELS
                  or len(classes) != which.classes):
        raise UserError(
            '%s: expected %d classes of images of 32 x 32 x 3, got %d of %s: '
            'these are not the original pixels; take them as they are by '
            '--dataset folder' % (folder, which.classes, len(classes),
                                  class_folders.shape_in_words(train)))
    return finish(which, 'images in %s' % folder, train, test, DIGEST_ORDER)


def finish(which, source, train, test, order):
    """The `Dataset`, if the pixels are those of `which` (None: any)."""
    parts, proofs = [], []
    for name, part, expected in zip(
            ('training', 'test'), (train, test),
            (which and which.digests) or (None, None)):
        found = digests(part)
        proofs.append(order_free(found))
        if expected not in (None, proofs[-1]):
            raise UserError(
                '%s: the %s part is not that of CIFAR-10: %d images with the '
                'order-free digest %s, expected %s (a copy as JPEG, a resized '
                'or an incomplete one?); take it as it is by --dataset folder'
                % (source, name, len(part.labels), proofs[-1], expected))
        if order == DIGEST_ORDER:
            part = in_order_of_digests(part, found)
        for array in part:
            array.setflags(write=False)
        parts.append(part)
    train, test = parts
    checksum = hashlib.sha256(''.join(proofs).encode()).hexdigest()
    return Dataset(which.name if which else 'folder', source, checksum,
                   train, None, test, order)


def read(which, path):
    """The archive's files, a list of `Part`, the last one to test."""
    try:
        with tarfile.open(path, 'r:gz') as packed:
            return [parse(packed.extractfile(which.folder + name).read(),
                          '%s in %s' % (name, path), which, count)
                    for name, count in zip(which.files, which.batch)]
    except (KeyError, AttributeError):
        raise UserError('%s holds no %s: it is not %s for Python' % (
            path, ', '.join(which.files), which.name)) from None
    except (OSError, EOFError, tarfile.TarError) as error:
        raise UserError('%s cannot be read: %s' % (path, error)) from error


def parse(raw, label, which, count):
    """One of the archive's pickles (bytes) as a `Part` of `count` images.

    `label` is what an error calls it.
    """
    values = opcodes.plain_values(raw, label)
    try:
        data, labels = values['data'], values[which.key]
    except (KeyError, TypeError):
        raise UserError('%s is not a batch of %s: it has no data and %s'
                        % (label, which.name, which.key)) from None
    images = opcodes.array_of(data, label)
    if images.shape != (count, int(np.prod(PIXELS))):
        raise UserError('%s holds an array of shape %s; expected %d images '
                        'of %d bytes' % (label, images.shape, count,
                                         np.prod(PIXELS)))
    if (not isinstance(labels, list) or len(labels) != count
            or not set(labels) <= set(range(which.classes))):
        raise UserError('%s should hold %d labels from 0 to %d'
                        % (label, count, which.classes - 1))
    return Part(images.reshape((count,) + PIXELS),
                np.array(labels, np.uint8))
