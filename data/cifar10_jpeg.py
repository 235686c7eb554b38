"""CIFAR-10 as JPEG files, one folder a class: not the original pixels.

Some mirrors give CIFAR-10 re-encoded so. Its results cannot be compared with
the paper's, and all bear this data set's own name. The archives train.tar
and test.tar hold <part>/<class>/<number>.jpg, a class after the other: since
Caffe's solver reads samples as they lie, and the original archive's lie in a
random order, the training part is shuffled here, always in the same way.
"""

import hashlib
import io
import os
import tarfile

import numpy as np
from PIL import Image, UnidentifiedImageError

from data.dataset import Archive, Part
from data.errors import DataError
from data.places import named_folder

#: In the order of CIFAR-10's labels, which is that of the alphabet.
CLASSES = ('airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog',
           'horse', 'ship', 'truck')
#: Images of each, as CIFAR-10 has them.
PER_CLASS = {'train': 5000, 'test': 1000}
_SIZE = 32  # pixels
_ORDER = 10  # seed of the training part's one order


def load(directory=None):
    """Read both parts.

    Parameters
    ----------
    directory : str or None
        The folder of train.tar and test.tar; without it $CIFAR10_JPEG_DIR,
        else the cache, $XDG_CACHE_HOME/song2017/cifar10-jpeg.

    Returns
    -------
    data.dataset.Archive
        Images uint8 (n, 3, 32, 32): red, green, blue. Its checksum is that
        of the two files one after the other, as decoders differ.

    Raises
    ------
    DataError
        A file is missing, or holds something else.
    """
    folder = named_folder('cifar10-jpeg', '$CIFAR10_JPEG_DIR', directory)
    digest, parts = hashlib.sha256(), {}
    for name in ('train', 'test'):
        raw = content(os.path.join(folder, name + '.tar'))
        digest.update(raw)
        parts[name] = read(raw, name, os.path.join(folder, name + '.tar'))
    images, labels = parts['train']
    order = np.random.RandomState(_ORDER).permutation(len(labels))
    parts['train'] = Part(images[order], labels[order])
    for array in parts['train'] + parts['test']:
        array.setflags(write=False)
    return Archive('cifar10-jpeg', 'JPEG files in %s' % folder,
                   digest.hexdigest(), **parts)


def content(path):
    """A file's bytes, or one line on why not."""
    try:
        with open(path, 'rb') as stream:
            return stream.read()
    except OSError as error:
        raise DataError('%s cannot be read: %s: CIFAR-10 as JPEG is two '
                        'files, train.tar and test.tar, in a folder named by '
                        '--data-dir or $CIFAR10_JPEG_DIR'
                        % (path, error.strerror)) from None


def read(raw, part, path):
    """All images of one archive, sorted by class and number, as a `Part`."""
    images, labels = [], []
    try:
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            members = {member.name: member for member in archive
                       if member.isfile()}
            for name in sorted(members):
                labels.append(label_of(name, part, path))
                images.append(decode(archive.extractfile(members[name]),
                                     '%s in %s' % (name, path)))
    except (tarfile.TarError, EOFError) as error:
        raise DataError('%s is not the tar file expected: %s'
                        % (path, error)) from None
    check_counts(labels, part, path)
    return Part(np.stack(images), np.array(labels, np.uint8))


def check_counts(labels, part, path):
    """Refuse an archive that lacks images, or has more than CIFAR-10."""
    for label, name in enumerate(CLASSES):
        found = labels.count(label)
        if found != PER_CLASS[part]:
            raise DataError('%s holds %d images of class %s, expected the %d '
                            'of CIFAR-10: put the whole archive there'
                            % (path, found, name, PER_CLASS[part]))


def label_of(name, part, path):
    """The label of train/cat/0001.jpg, 3."""
    pieces = name.split('/')
    if (len(pieces) != 3 or pieces[0] != part or pieces[1] not in CLASSES
            or not pieces[2].endswith('.jpg')):
        raise DataError('%s holds %s; expected files like %s/cat/0001.jpg'
                        % (path, name, part))
    return CLASSES.index(pieces[1])


def decode(stream, label):
    """One image, uint8 (3, 32, 32)."""
    try:
        with Image.open(stream) as picture:
            pixels = np.asarray(picture.convert('RGB'))      # (32, 32, 3)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError
            ) as error:
        raise DataError('%s is no image that can be read (%s)'
                        % (label, error)) from None
    if pixels.shape != (_SIZE, _SIZE, 3):
        raise DataError('%s is %d x %d pixels; expected %d x %d'
                        % (label, pixels.shape[1], pixels.shape[0],
                           _SIZE, _SIZE))
    return pixels.transpose(2, 0, 1)
