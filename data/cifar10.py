"""CIFAR-10 from its archive for Python, as published (A. Krizhevsky).

The archive, cifar-10-python.tar.gz, is not downloaded: it is 170 MB. Nothing
is unpacked to the disk, and its pickles are never loaded (`data.opcodes`).
"""

import hashlib
import os
import tarfile

import numpy as np

from data import opcodes
from data.dataset import Archive, Part
from data.errors import DataError
from data.places import named_folder

ARCHIVE = 'cifar-10-python.tar.gz'
SHA256 = '6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce'
_ADDRESS = 'https://www.cs.toronto.edu/~kriz/' + ARCHIVE
_FOLDER = 'cifar-10-batches-py/'
_TRAIN = tuple('data_batch_%d' % number for number in range(1, 6))
_PIXELS = (3, 32, 32)
_BATCH = 10000  # images a file


def load(directory=None, sha256=SHA256, batch=_BATCH):
    """Read CIFAR-10, in the order of the archive.

    Parameters
    ----------
    directory : str or None
        The folder of the archive; without it $CIFAR10_DIR, else the cache,
        $XDG_CACHE_HOME/song2017/cifar10.
    sha256 : str
        The archive's, in hexadecimal.
    batch : int
        Images of each of its six files.

    Returns
    -------
    data.dataset.Archive
        Images uint8 (n, 3, 32, 32): red, green, blue.

    Raises
    ------
    DataError
        The archive is missing, damaged, or another one.
    """
    folder = named_folder('cifar10', '$CIFAR10_DIR', directory)
    path = os.path.join(folder, ARCHIVE)
    if not os.path.isfile(path):
        raise DataError('there is no %s in %s: download it from %s into '
                        'that folder, or name another by --data-dir or '
                        '$CIFAR10_DIR' % (ARCHIVE, folder, _ADDRESS))
    check(path, sha256, 'download it again from %s' % _ADDRESS)
    parts = read(path, _TRAIN + ('test_batch',), batch)
    train = [np.concatenate(arrays) for arrays in zip(*parts[:-1])]
    for array in train:
        array.setflags(write=False)
    return Archive('cifar10', 'the archive %s' % path, sha256,
                   train=Part(*train), test=Part(*parts[-1]))


def check(path, expected, mend):
    """Refuse a file whose SHA-256 is another."""
    digest = hashlib.sha256()
    try:
        with open(path, 'rb') as stream:
            for block in iter(lambda: stream.read(1 << 20), b''):
                digest.update(block)
    except OSError as error:
        raise DataError('%s cannot be read: %s'
                        % (path, error.strerror)) from error
    if digest.hexdigest() != expected:
        raise DataError('%s has the SHA-256 %s, expected %s: it is damaged '
                        'or another file; %s' % (
                            path, digest.hexdigest(), expected, mend))


def read(path, names, batch):
    """Images and labels of the archive's files, a list of `Part`."""
    try:
        with tarfile.open(path, 'r:gz') as archive:
            return [parse(archive.extractfile(_FOLDER + name).read(),
                          '%s in %s' % (name, path), batch)
                    for name in names]
    except (KeyError, AttributeError):
        raise DataError('%s holds no %s: it is not CIFAR-10 for Python'
                        % (path, ', '.join(names))) from None
    except (OSError, EOFError, tarfile.TarError) as error:
        raise DataError('%s cannot be read: %s' % (path, error)) from error


def parse(raw, label, batch):
    """One of the archive's pickles as a `Part`.

    Parameters
    ----------
    raw : bytes
    label : str
        What to call it in an error.
    batch : int
        The images that it should hold.
    """
    values = opcodes.plain_values(raw, label)
    try:
        data, labels = values['data'], values['labels']
    except (KeyError, TypeError):
        raise DataError('%s is not a batch of CIFAR-10: it has no data and '
                        'labels' % label) from None
    images = opcodes.array_of(data, label)
    if images.shape != (batch, int(np.prod(_PIXELS))):
        raise DataError('%s holds an array of shape %s; expected %d images '
                        'of %d bytes' % (label, images.shape, batch,
                                         np.prod(_PIXELS)))
    if (not isinstance(labels, list) or len(labels) != batch
            or not set(labels) <= set(range(10))):
        raise DataError('%s should hold %d labels from 0 to 9'
                        % (label, batch))
    labels = np.array(labels, np.uint8)
    labels.setflags(write=False)
    return Part(images.reshape((batch,) + _PIXELS), labels)
