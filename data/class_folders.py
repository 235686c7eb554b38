"""Images in folders of classes, PART/CLASS/NAME.png, or in zips of those.

A part is a folder `train` or `test`, or a file `train.zip` or `test.zip`,
with or without the part's own folder in it. Labels are the classes' places
in the alphabet. Decoding many images takes a minute, so the arrays are kept
in the cache and taken from there until a file changes.
"""

import contextlib
import hashlib
import io
import os
import zipfile
import zlib
from typing import Callable, List, NamedTuple, Tuple

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from data.dataset import Part
from environment.directories import cache_base
from errors import UserError
from storage.atomic import atomic_file

PARTS = ('train', 'test')
ENDINGS = ('.png', '.webp', '.bmp', '.tif', '.tiff', '.jpg', '.jpeg')
_MODES = {'RGB': 'RGB', 'P': 'RGB', 'L': 'L', '1': 'L'}
_KINDS = {'CMYK': 'CMYK', 'RGBA': 'RGB with transparency',
          'LA': 'grey with transparency', 'I;16': '16 bits a pixel',
          'I;16B': '16 bits a pixel', 'I': '32 bits a pixel',
          'F': 'floating-point'}


class Files(NamedTuple):
    """The images of a part, sorted by class and name."""

    path: str                       # of the folder or the zip
    names: List[Tuple[str, str]]    # (class, path within)
    stamps: List[tuple]             # what changes if one of them does
    content: Callable               # path within -> bytes


def is_there(folder):
    """Whether `folder` holds such parts."""
    return any(os.path.exists(os.path.join(folder, part + end))
               for part in PARTS for end in ('', '.zip'))


def read(folder):
    """Both parts of a data set.

    Returns
    -------
    train, test : data.dataset.Part
        Images uint8 (n, 3 or 1, height, width).
    classes : list of str
        Their names; a label is a place in it.

    Raises
    ------
    UserError
        A part is missing, a file is damaged, images differ in size or in
        kind, or the parts in their classes.
    """
    parts = [part_of(read_files(folder, name)) for name in PARTS]
    (train, classes), (test, others) = parts
    if classes != others:
        odd = sorted(set(classes) ^ set(others))
        raise UserError('%s: expected the same classes in train and test, '
                        'but %s is in one of them only' % (folder, odd[0]))
    if train.images.shape[1:] != test.images.shape[1:]:
        raise UserError('%s: expected images of one shape, got %s to train '
                        'and %s to test' % (
                            folder, *map(shape_in_words, (train, test))))
    return train, test, classes


def shape_in_words(part):
    """32 x 32 x 3."""
    channels, height, width = part.images.shape[1:]
    return '%d x %d x %d' % (width, height, channels)


@contextlib.contextmanager
def read_files(folder, part):
    """The `Files` of one part, open as long as they are read."""
    path = os.path.join(folder, part)
    try:
        if os.path.isdir(path):
            yield folder_files(path)
        elif os.path.exists(path + '.zip'):
            with zipfile.ZipFile(path + '.zip') as archive:
                yield zip_files(archive, path + '.zip', part)
        else:
            raise UserError('%s: expected the folder %s or the file %s.zip, '
                            'found neither' % (folder, part, part))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise UserError('%s.zip is damaged, or no zip file (%s)'
                        % (path, error)) from None
    except OSError as error:
        raise UserError('%s cannot be read: %s' % (
            error.filename or path, error.strerror or error)) from None


def folder_files(path):
    """`Files` of path/CLASS/NAME.png."""
    found = []
    for name in os.listdir(path):
        if os.path.isdir(os.path.join(path, name)):
            with os.scandir(os.path.join(path, name)) as files:
                found += [(name, file.name, file.stat().st_size,
                           file.stat().st_mtime_ns) for file in files
                          if file.name.lower().endswith(ENDINGS)]
    found.sort()

    def content(name):
        with open(os.path.join(path, name), 'rb') as stream:
            return stream.read()

    return Files(path, [(name, os.path.join(name, file))
                        for name, file, *_ in found],
                 [(size, changed) for _, _, size, changed in found], content)


def zip_files(archive, path, part):
    """`Files` of a zip's [PART/]CLASS/NAME.png."""
    found = {}
    for entry in archive.infolist():
        pieces = entry.filename.split('/')
        pieces = pieces[1:] if pieces[0] == part else pieces
        if len(pieces) == 2 and pieces[1].lower().endswith(ENDINGS):
            found[tuple(pieces)] = entry
    return Files(path, [(names[0], found[names].filename)
                        for names in sorted(found)],
                 [(found[names].CRC, found[names].file_size)
                  for names in sorted(found)], archive.read)


def part_of(opened):
    """Images and labels of `read_files`, and the names of the classes."""
    with opened as files:
        classes = sorted({name for name, _ in files.names})
        if not 2 <= len(classes) <= 256:    # for which a byte will do
            raise UserError('%s: expected images in 2 to 256 folders of '
                            'classes, such as cat/0001.png, found %d'
                            % (files.path, len(classes)))
        labels = np.array([classes.index(name) for name, _ in files.names],
                          np.uint8)
        return Part(decoded(files), labels), classes


def decoded(files):
    """All images, uint8 (n, c, h, w), from the cache if they are there."""
    base = cache_base()
    if base is None:
        return decode_all(files)
    # It changes when a file does, and reads none of them.
    about = repr((os.path.abspath(files.path), files.names, files.stamps))
    path = os.path.join(base, 'song2017', 'decoded', hashlib.sha256(
        about.encode('utf-8', 'surrogateescape')).hexdigest() + '.npy')
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):   # not there, or damaged
        images = decode_all(files)
    with contextlib.suppress(OSError):        # a cache is not needed
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with atomic_file(path) as stream:
            np.save(stream, images, allow_pickle=False)
    return images


def decode_all(files):
    """All images, uint8 (n, c, h, w)."""
    images = None
    for row, (_, name) in enumerate(tqdm(
            files.names, desc='decoding %s' % os.path.basename(files.path),
            unit='image', disable=None)):
        label = '%s in %s' % (name, files.path)
        try:
            image = decode(files.content(name), label)
        except OSError as error:
            raise UserError('%s cannot be read: %s' % (
                label, error.strerror or error)) from None
        if images is None:
            images = np.empty((len(files.names),) + image.shape, np.uint8)
        if image.shape != images.shape[1:]:
            raise UserError('%s is an image of shape %s; expected %s as the '
                            'first one' % (label, image.shape,
                                           images.shape[1:]))
        images[row] = image
    return images


def decode(raw, label):
    """One image, uint8 (channels, height, width): 8 bits, RGB or grey."""
    try:
        with Image.open(io.BytesIO(raw)) as picture:
            mode = _MODES.get(picture.mode)
            if mode is None or 'transparency' in picture.info:
                raise UserError(
                    '%s is %s; expected 8 bits a channel, RGB or grey' % (
                        label, _KINDS.get(picture.mode, picture.mode
                                          + ' with transparency')))
            pixels = np.asarray(picture.convert(mode))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError,
            Image.DecompressionBombError) as error:
        raise UserError('%s is no image that can be read (%s)'
                        % (label, error)) from None
    return pixels[None] if mode == 'L' else pixels.transpose(2, 0, 1)
