"""Tiny ImageNet (Stanford's course CS231n), or a part of it in its layout.

200 classes of ImageNet at 64 x 64 pixels: 500 images each to train, and 10,000
to validate, which are the test part here, as nobody has the labels of the
published one. The archive is read as it is, or from the folder in it:

    wnids.txt                       names of the classes, one a line
    train/NAME/images/*.JPEG
    val/images/*.JPEG
    val/val_annotations.txt         file, class and more, with tabs between

A label is its class's place in the alphabet. Training images come in turn: the
first of every class, then the second. Some images are grey; they get three
equal channels. With fewer images or classes than published it is the data set
`tiny-imagenet-part`, whatever the file is called.

JPEG leaves its decoder some freedom, so the checksum is that of the pixels.
They are 1.4 GB as bytes; they are decoded once, few at a time, into a file in
the cache, of which a training maps what it uses (`data.decoded`).
"""

import contextlib
import hashlib
import os
import posixpath
import re
import zipfile
import zlib
from typing import Callable, List, NamedTuple

import numpy as np
from tqdm import tqdm

from data import archive, class_folders, decoded
from data.archive import Archive
from data.catalogue import locate, variable_of
from data.dataset import Dataset
from errors import UserError

PIXELS = (3, 64, 64)
CLASSES, EACH, TEST = 200, 500, 10000   # of the whole: images to train a class
FOLDER = 'tiny-imagenet-200'
#: 2^28 bytes are more than it has.
ZIP = Archive(FOLDER + '.zip', 2 ** 28, 'MD5',
              '90528d7ca1a48142e341f4ef8d21d0de',
              ('http://cs231n.stanford.edu/',))
PARTS = ('train', 'val')
_NAMES, _ANNOTATIONS = 'wnids.txt', 'val/val_annotations.txt'
_IMAGE = re.compile(r'(?:train/([^/]+)|val)/images/[^/.][^/]*\.(?i:jpe?g)')
_MOST = 2 ** 24   # bytes that no file in it has
_CHUNK = 256      # images, 3 MB


class Tree(NamedTuple):
    """What the zip or the folder holds, open as long as it is read."""

    path: str
    names: List[str]      # of files, with / between
    content: Callable     # name -> bytes


def load(directory=None, published=ZIP):
    """Read it from a folder, from the cache, or download it into the cache.

    Memory: that of the zip's list of names, and some megabytes; once they
    are decoded, these alone.

    Parameters
    ----------
    directory : str or None
        The folder of tiny-imagenet-200.zip, or of what is in that; without
        it $TINY_IMAGENET_DIR, else $XDG_CACHE_HOME/song2017/tiny-imagenet,
        into which the zip is downloaded.
    published : data.archive.Archive

    Returns
    -------
    data.dataset.Dataset
        Images uint8 (n, 3, 64, 64): red, green, blue. Its name is
        'tiny-imagenet' or 'tiny-imagenet-part'; its source says how many
        images and classes there are.

    Raises
    ------
    UserError
        A file is missing or damaged, or the lists contradict the images.
    Unavailable
        There is nothing, and it could not be downloaded.
    """
    place = locate(directory, 'tiny-imagenet')
    path = find(place.folder, published)
    if path is None and place.given_by:
        raise UserError(
            'there is neither %s in %s, which %s names, nor what is in it '
            '(%s, train and val; without %s, it is downloaded)' % (
                published.name, place.folder, place.given_by, _NAMES,
                place.given_by))
    if path is None:
        archive.fetch(published, place.folder, variable_of('tiny-imagenet'))
        path = os.path.join(place.folder, published.name)
    stamps = stamps_of(path)
    (train, one), (test, other) = (
        decoded.keep(repr(('tiny-imagenet', name, stamps)),
                     lambda write, name=name: decode(path, name, write))
        for name in PARTS)
    whole = is_whole(train, test)
    return Dataset(
        'tiny-imagenet' if whole else 'tiny-imagenet-part',
        '%d + %d images of %d classes in %s' % (
            len(train.labels), len(test.labels),
            len(np.unique(train.labels)), os.path.abspath(path)),
        hashlib.sha256((one + other).encode()).hexdigest(), train, None, test)


def is_whole(train, test):
    """Whether two `Part`s have as many images of every class as published."""
    return (
        np.array_equal(np.bincount(train.labels), [EACH] * CLASSES)
        and np.array_equal(np.bincount(test.labels),
                           [TEST // CLASSES] * CLASSES))


def find(folder, published=ZIP):
    """The path of the zip, or of the folder in it; None if there is none."""
    path = os.path.join(folder, published.name)
    if os.path.exists(path):
        return path
    for path in (os.path.join(folder, FOLDER), folder):
        if any(os.path.exists(os.path.join(path, name))
               for name in (_NAMES,) + PARTS):
            return path
    return None


def stamps_of(path):
    """What changes when a file does; none is read."""
    if not os.path.isdir(path):
        about = os.stat(path)
        return os.path.abspath(path), about.st_size, about.st_mtime_ns
    found = []
    with open_tree(path) as tree:
        for name in tree.names:
            about = os.stat(os.path.join(path, name))
            found.append((name, about.st_size, about.st_mtime_ns))
    return os.path.abspath(path), found


@contextlib.contextmanager
def open_tree(path):
    """The `Tree` in a zip or a folder; what goes wrong is a UserError."""
    try:
        if os.path.isdir(path):
            yield _folder_tree(path)
        else:
            with zipfile.ZipFile(path) as packed:
                yield _zip_tree(path, packed)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise UserError('%s is damaged, or no zip file (%s); put a good copy '
                        'in its place, or remove it from the cache, and it is '
                        'downloaded' % (path, error)) from None
    except OSError as error:
        raise UserError('%s cannot be read: %s' % (
            error.filename or path, error.strerror or error)) from None


def _folder_tree(path):
    """The `Tree` of a folder: the files that are read from it alone."""
    def entries(folder):
        folder = os.path.join(path, folder)
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def content(name):
        with open(os.path.join(path, name), 'rb') as stream:
            return stream.read(_MOST)

    lists = [name for name in (_NAMES, _ANNOTATIONS)
             if os.path.exists(os.path.join(path, name))]
    folders = ['val/images'] + ['train/%s/images' % name
                                for name in entries('train')]
    return Tree(path, lists + [
        name for name in ('%s/%s' % (folder, file) for folder in folders
                          for file in entries(folder))
        if _IMAGE.fullmatch(name)], content)


def _zip_tree(path, packed):
    """The `Tree` of an open zip, whose folder may have any name, or none."""
    names = packed.namelist()
    top = min((posixpath.dirname(name) for name in names
               if posixpath.basename(name) == _NAMES), key=len, default='')
    top += '/' if top else ''

    def content(name):
        with packed.open(top + name) as stream:
            return stream.read(_MOST)

    return Tree(path, [name[len(top):] for name in names
                       if name.startswith(top)], content)


def decode(path, part, write):
    """Hand the images of a part and their labels to `write`, some at a time.

    Parameters
    ----------
    path : str
        Of the zip or the folder.
    part : str
        'train' or 'val'.
    write : callable
        Takes images uint8 (k, 3, 64, 64) and labels uint8 (k,).

    Raises
    ------
    UserError
        Something is wrong with it, or with a list of either part.
    """
    with open_tree(path) as tree:
        classes = read_classes(tree)
        records = {'train': training_records(tree, classes),
                   'val': test_records(tree, classes)}[part]
        with tqdm(desc='decoding ' + part, total=len(records), unit='image',
                  disable=None) as bar:
            for start in range(0, len(records), _CHUNK):
                names, labels = zip(*records[start:start + _CHUNK])
                write(np.stack([read_image(tree, name) for name in names]),
                      np.array(labels, np.uint8))
                bar.update(len(names))


def read_image(tree, name):
    """One image, uint8 (3, 64, 64)."""
    label = '%s in %s' % (name, tree.path)
    image = class_folders.decode(tree.content(name), label)
    if image.shape[1:] != PIXELS[1:]:
        raise UserError('%s has %d x %d pixels; expected %d x %d' % (
            (label,) + image.shape[:0:-1] + PIXELS[:0:-1]))
    return np.broadcast_to(image, PIXELS)   # a grey one has one channel


def read_classes(tree):
    """The names of the classes, sorted."""
    names = _lines(tree, _NAMES)
    if not 2 <= len(names) <= 256 or len(set(names)) < len(names):
        raise UserError('%s: expected %s to name 2 to 256 classes, each once, '
                        'got %d names, %d of them different' % (
                            tree.path, _NAMES, len(names), len(set(names))))
    return sorted(names)


def training_records(tree, classes):
    """(name, label) of every training image, the classes in turn."""
    found = {name: [] for name in classes}
    for name in tree.names:
        match = _IMAGE.fullmatch(name)
        if match and match.group(1):
            if match.group(1) not in found:
                raise UserError('%s: expected classes that %s names, got %s'
                                % (tree.path, _NAMES, name))
            found[match.group(1)].append(name)
    empty = [name for name in classes if not found[name]]
    if empty:
        raise UserError(
            '%s: expected images in train/%s/images, as %s names that class, '
            'found none%s' % (tree.path, empty[0], _NAMES, ' (nor of %d more)'
                              % len(empty[1:]) if empty[1:] else ''))
    return [(name, label) for _, label, name in sorted(
        (place, label, name) for label, each in enumerate(classes)
        for place, name in enumerate(sorted(found[each], key=_number)))]


def test_records(tree, classes):
    """(name, label) of every image to validate, by their numbers."""
    labels = {}
    for number, line in enumerate(_lines(tree, _ANNOTATIONS), 1):
        file, _, rest = line.partition('\t')
        own, name = rest.partition('\t')[0], 'val/images/' + file
        if own not in classes or name in labels:
            raise UserError(
                '%s: %s, line %d: expected an image and a class that %s names '
                'with a tab between, each image once, got %r' % (
                    tree.path, _ANNOTATIONS, number, _NAMES, line[:60]))
        labels[name] = classes.index(own)
    images = {name for name in tree.names if name.startswith('val/')
              and _IMAGE.fullmatch(name)}
    odd = sorted(images ^ set(labels))
    if odd or not images:
        raise UserError(
            '%s: expected images in val/images, and all of those that %s '
            'lists, %s' % (tree.path, _ANNOTATIONS, 'found none'
                           if not images else '%s is %s' % (
                               odd[0], 'not listed' if odd[0] in images
                               else 'missing')))
    return [(name, labels[name]) for name in sorted(images, key=_number)]


def _number(name):
    """Sorts n_2 before n_10."""
    return len(name), name


def _lines(tree, name):
    """The lines of a text in the tree that are not blank."""
    if name not in tree.names:
        raise UserError('%s: expected %s, found none: it is not laid out as '
                        'Tiny ImageNet' % (tree.path, name))
    text = tree.content(name).decode('utf-8', 'backslashreplace')
    return [line.strip() for line in text.splitlines() if line.strip()]
