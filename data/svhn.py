"""SVHN, house numbers from street views (Y. Netzer et al., 2011), format 2.

Digits of 32 x 32 pixels in colours, in three files for MATLAB that are proved
by their MD5. `svhn` trains on the file to train and on the file of easier,
extra images from its 10,001st on, 73,257 + 521,131 = 594,388 images;
`svhn-train` on the first alone. Both test on the same 26,032 images. The
label 10, which the files give the digit 0, becomes 0.

The extra images are 1.8 GB as bytes. They are unpacked once, some megabytes at
a time, into a file in the cache, of which a training maps what it uses into
memory (`data.decoded`).
"""

import hashlib
import os
from typing import NamedTuple, Tuple

import numpy as np
from tqdm import tqdm

from data import archive, decoded, matlab
from data.archive import Archive
from data.catalogue import Unavailable, locate, variable_of
from data.dataset import Dataset
from errors import UserError

PIXELS = (3, 32, 32)
_CHUNK = 1000   # images, 3 MB
_VARIABLE = variable_of('svhn')


class File(NamedTuple):
    """One of the three files."""

    name: str
    md5: str
    count: int    # images in it


class Svhn(NamedTuple):
    """What SVHN consists of, and where it is published."""

    train: File
    test: File
    extra: File
    first: int    # of the extra images that train
    mirrors: Tuple[str, ...] = ('http://ufldl.stanford.edu/housenumbers/',)

    def published(self, file):
        """The `Archive` of a `File`: zlib lengthens nothing by 1 %."""
        content = file.count * (1 + int(np.prod(PIXELS)))
        return Archive(file.name, content + content // 100 + 4096, 'MD5',
                       file.md5, self.mirrors)


SVHN = Svhn(
    File('train_32x32.mat', 'e26dedcc434d2e4c54c9b2d4a06d8373', 73257),
    File('test_32x32.mat', 'eb5a983be6a315427106f1b164d9cef3', 26032),
    File('extra_32x32.mat', 'a93ce644f1a588dc4d68dda5feec44a7', 531131),
    10000)


def load(directory=None, extra=True, published=SVHN):
    """Read it from a folder, from the cache, or download it into the cache.

    Memory: less than 30 MB beside the modules, however many images, as
    tests/test_data_svhn.py shows.

    Parameters
    ----------
    directory : str or None
        The folder of the files; without it $SVHN_DIR, else
        $XDG_CACHE_HOME/song2017/svhn, into which they are downloaded.
    extra : bool
        Train on the extra images, too: the data set `svhn`, not
        `svhn-train`.
    published : Svhn

    Returns
    -------
    data.dataset.Dataset
        Images uint8 (n, 3, 32, 32): red, green, blue; the training part is
        that of the file to train and then the extra one's, in their order.

    Raises
    ------
    UserError
        A file that was named is missing, or one is damaged.
    Unavailable
        A file could not be downloaded.
    """
    place = locate(directory, 'svhn')
    train = [(published.train, 0)]
    if extra:
        train.append((published.extra, published.first))
    test = [(published.test, 0)]
    require(place, published, [file for file, _ in train + test])
    parts, proofs = zip(*(
        decoded.keep(identity(place.folder, files), decoder(
            place.folder, published, files)) for files in (train, test)))
    source = '%s in %s' % (' and '.join(
        file.name + (', from image %d on,' % (first + 1) if first else '')
        for file, first in train + test), os.path.abspath(place.folder))
    return Dataset('svhn' if extra else 'svhn-train', source,
                   hashlib.sha256(''.join(proofs).encode()).hexdigest(),
                   parts[0], None, parts[1])


def require(place, published, files):
    """See to it that the files are in the folder; download them if it is ours.

    Raises
    ------
    UserError
        A folder that was named lacks one.
    Unavailable
        It could not be downloaded.
    """
    for file in files:
        if os.path.exists(os.path.join(place.folder, file.name)):
            continue
        advice = ('; --dataset svhn-train trains without it'
                  if file is published.extra else '')
        if place.given_by:
            raise UserError(
                'there is no %s in %s, which %s names: put it there (it is '
                'published at %s; without %s, it is downloaded)%s' % (
                    file.name, place.folder, place.given_by,
                    published.mirrors[0], place.given_by, advice))
        try:
            archive.fetch(published.published(file), place.folder, _VARIABLE)
        except Unavailable as error:
            raise Unavailable('%s%s' % (error, advice)) from error


def identity(folder, files):
    """What changes when one of the files does, a text; none is read."""
    found = []
    for file, first in files:
        path = os.path.abspath(os.path.join(folder, file.name))
        about = os.stat(path)
        found.append((path, about.st_size, about.st_mtime_ns, file.md5,
                      first))
    return repr(('svhn', found))


def decoder(folder, published, files):
    """What writes the images of (`File`, first image) for `decoded.keep`."""
    def decode(write):
        for file, first in files:
            path = os.path.join(folder, file.name)
            archive.check(published.published(file), path)
            unpack(path, file.count, first, write)

    return decode


def unpack(path, count, first, write):
    """Hand the images of a file and their labels to `write`, some at a time.

    Parameters
    ----------
    path : str
    count : int
        Images that it should hold.
    first : int
        Leave out those before it.
    write : callable
        Takes images uint8 (k, 3, 32, 32) and labels uint8 (k,).

    Raises
    ------
    UserError
        It is damaged, or something else.
    """
    labels = read_labels(path, count)
    with matlab.open_array(path, 'X') as items, tqdm(
            desc='unpacking ' + os.path.basename(path), total=count,
            unit='image', disable=None) as bar:
        expect(path, 'X', items, PIXELS[1:] + PIXELS[:1] + (count,))
        if items.dtype != np.uint8:
            raise UserError('%s: expected X to hold bytes, got %s'
                            % (path, items.dtype))
        for start in range(0, count, _CHUNK):
            size = min(_CHUNK, count - start)
            # The first axis, rows, is the fastest: planes of columns.
            images = items.read(size * int(np.prod(PIXELS))).reshape(
                (size,) + PIXELS).transpose(0, 1, 3, 2)
            skipped = max(0, first - start)
            if skipped < size:
                write(images[skipped:],
                      labels[start + skipped:start + size])
            bar.update(size)


def read_labels(path, count):
    """The labels of a file, uint8 (count,); 10 became 0."""
    with matlab.open_array(path, 'y') as items:
        expect(path, 'y', items, (count, 1))
        labels = items.read(count)
    if not np.isin(labels, np.arange(1, 11)).all():
        raise UserError('%s: expected labels from 1 to 10 (the digit 0), got '
                        '%g to %g' % (path, labels.min(), labels.max()))
    return (labels % 10).astype(np.uint8)


def expect(path, name, items, shape):
    """Refuse `matlab.Items` of another shape."""
    if items.shape != shape:
        raise UserError('%s: expected %s of %s, got %s' % (
            path, name, *(' x '.join(map(str, each))
                          for each in (shape, items.shape))))
