"""Images decoded once, kept in the cache and mapped into memory from there.

A data set may be larger than the memory that a training can spare, so it is
decoded to the disk, a few images at a time. What is mapped is read from the
disk where it is used; a process's memory seems to hold it, then, but the
system takes that back at need. The content's digest is checked whenever it is
opened.
"""

import glob
import hashlib
import os
import shutil
import sys

import numpy as np

from data.dataset import Part
from environment.directories import cache_base
from errors import UserError
from storage import locking
from storage.atomic import (
    TEMPORARY,
    atomic_folder,
    flush,
    read_json,
    write_json,
)

_PIXELS, _ABOUT = 'images-and-labels', 'about.json'
_BLOCK = 2 ** 20  # bytes
_ROOM = ('set $XDG_CACHE_HOME to a folder that can be written and has room '
         'for them')


def keep(source, decode):
    """A part of a data set from the cache, decoded into it at first.

    Memory: some megabytes beside what `decode` takes, however many images.

    Parameters
    ----------
    source : str
        What it is decoded from; another text whenever that changes.
    decode : callable
        Takes `write`, a callable, and hands it the images in their order,
        uint8 (k, c, h, w), with their labels, uint8 (k,), some at a time and
        all of one shape, at least one in the end.

    Returns
    -------
    part : data.dataset.Part
        Read-only; the images lie in a file.
    checksum : str
        Hex SHA-256 of all images and then all labels, their bytes.

    Raises
    ------
    UserError
        As `decode`; or there is no cache, or it is full.
    """
    base = cache_base()
    if base is None:
        raise UserError('there is no home directory to keep decoded images '
                        'in: ' + _ROOM)
    shelf = os.path.join(base, 'song2017', 'decoded')
    folder = os.path.join(shelf, hashlib.sha256(
        source.encode('utf-8', 'surrogateescape')).hexdigest())
    found = opened(folder)
    if found:
        return found
    try:
        os.makedirs(shelf, exist_ok=True)
        with locking.alone(shelf, _wait):
            found = opened(folder)   # another process may have decoded them
            if not found:
                for damaged in [folder] + glob.glob(os.path.join(
                        shelf, '.%s.*%s' % (os.path.basename(folder),
                                            TEMPORARY))):
                    shutil.rmtree(damaged, ignore_errors=True)
                with atomic_folder(folder) as temporary:
                    _decode_into(temporary, decode)
                found = opened(folder)
    except OSError as error:
        raise _no_room(shelf, error) from error
    if not found:
        raise UserError('%s: what was just written there cannot be read '
                        'back: %s' % (folder, _ROOM))
    return found


def opened(folder):
    """(`Part`, checksum) as `keep` returns them; None if damaged or absent."""
    path = os.path.join(folder, _PIXELS)
    try:
        about = read_json(os.path.join(folder, _ABOUT))
        count, *shape = about['shape']
        if _digest(path) != about['sha256']:
            return None
        images = np.memmap(path, np.uint8, 'r', shape=(count, *shape))
        labels = np.fromfile(path, np.uint8, offset=images.size)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if labels.shape != (count,):
        return None
    labels.setflags(write=False)
    return Part(np.asarray(images), labels), about['sha256']


def _decode_into(folder, decode):
    """Write the file of images and labels, and what is known about it."""
    shapes, labels = [], []
    with open(os.path.join(folder, _PIXELS), 'wb') as stream:

        def write(images, of_them):
            if images.dtype != np.uint8 or shapes and (
                    images.shape[1:] != shapes[0]):
                raise TypeError('expected uint8 images of one shape, got %s '
                                'of %s' % (images.dtype, images.shape))
            shapes[:] = [images.shape[1:]]
            # Not through a mapping, which a full disk kills with a signal;
            # said here, lest what is decoded seem to be what is wrong.
            try:
                stream.write(np.ascontiguousarray(images).data)
            except OSError as error:
                raise _no_room(os.path.dirname(folder), error) from error
            labels.append(of_them)

        decode(write)
        every = np.concatenate(labels)
        stream.write(every.astype(np.uint8).data)
        flush(stream)
    write_json(os.path.join(folder, _ABOUT), {
        'shape': [len(every), *shapes[0]],
        'sha256': _digest(os.path.join(folder, _PIXELS))})


def _no_room(shelf, error):
    """The UserError for images that cannot be written."""
    return UserError('decoded images cannot be kept in %s (%s): %s' % (
        shelf, error.strerror or error, _ROOM))


def _digest(path):
    """The SHA-256 of a file, read and not mapped: it stays out of memory."""
    whole = hashlib.sha256()
    with open(path, 'rb') as stream:
        for block in iter(lambda: stream.read(_BLOCK), b''):
            whole.update(block)
    return whole.hexdigest()


def _wait():
    print('Another process is decoding images; waiting for it.',
          file=sys.stderr, flush=True)
