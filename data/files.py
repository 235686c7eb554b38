"""MNIST's files in a folder: read, packed or raw, and proved to be right.

Their format, IDX, is a big-endian header, then the items. Header: two zero
bytes, the item type (0x08: unsigned byte), the number of dimensions, then
each dimension as a 32-bit integer (Y. LeCun,
http://yann.lecun.com/exdb/mnist/, "File formats").
"""

import gzip
import hashlib
import io
import os
import struct
import zlib
from math import prod
from typing import Dict, List, NamedTuple

import numpy as np

from errors import UserError

_GZIP_MAGIC = b'\x1f\x8b'


class Survey(NamedTuple):
    """What was found in a folder."""

    folder: str
    contents: Dict[str, bytes]    # of the good files by name, checked and raw
    missing: List[str]            # names that are not there, packed or raw
    bad: Dict[str, str]           # what is wrong with the others, by name

    def complete(self):
        """Whether all files are there and good."""
        return not self.missing and not self.bad

    def faults(self):
        """What is missing and what is bad, on one line."""
        said = list(self.bad.values())
        if self.missing:
            what = 'holds no'
            if not os.path.isdir(self.folder):
                what = 'is not there, so it holds no'
            elif not os.access(self.folder, os.X_OK):
                what = 'is closed to this user, who finds no'
            said.append('%s %s %s (.gz or raw)' % (
                self.folder, what, ', '.join(self.missing)))
        return '; '.join(said)


def survey(folder, collection):
    """Read and check all files of a `data.catalogue.Collection`: a Survey.

    The folder may be missing.
    """
    found = Survey(folder, {}, [], {})
    for entry in collection.files:
        path = find(folder, entry)
        if path is None:
            found.missing.append(entry.name)
            continue
        try:
            found.contents[entry.name] = read(path, entry)
        except UserError as error:
            found.bad[entry.name] = str(error)
    return found


def find(folder, entry):
    """The path of a catalogue `File` in `folder`, packed or raw, or None."""
    for name in (entry.name + '.gz', entry.name):
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            return path
    return None


def read(path, entry):
    """The checked raw content of a file, packed if its name ends in '.gz'.

    See `unpack`; the file may be unreadable, besides.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise UserError('%s is not a file (a folder or a dead link)' % path)
    try:
        with open(path, 'rb') as stream:
            # One byte too many tells "longer" without reading it all.
            blob = stream.read(entry.most_packed + 1)
    except OSError as error:
        raise UserError('%s cannot be read: %s'
                        % (path, error.strerror)) from error
    if path.endswith('.gz'):
        return unpack(blob, entry, path)
    return _verified(blob, entry, path)


def unpack(blob, entry, label):
    """The checked raw content of a gzip file's bytes.

    Parameters
    ----------
    blob : bytes
        The packed file.
    entry : data.catalogue.File
        What it must hold.
    label : str
        What to call it in an error: its path or URL.

    Returns
    -------
    bytes
        The raw IDX content, whose SHA-256 is `entry.sha256`.

    Raises
    ------
    UserError
        Not what its name says, cut short, corrupt, or other data.
    """
    if not blob:
        raise UserError('%s is empty' % label)
    if not blob.startswith(_GZIP_MAGIC):
        _refuse_web_page(blob, label)
        raise UserError('%s is not a gzip file: it begins with %r'
                        % (label, blob[:12]))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(blob)) as stream:
            # Bounded: a few packed bytes can unpack to gigabytes.
            raw = stream.read(entry.size + 1)
    except EOFError:
        raise UserError('%s is cut short: its gzip stream ends after %d bytes'
                        % (label, len(blob))) from None
    except (OSError, zlib.error) as error:
        raise UserError('%s is corrupt: %s' % (label, error)) from error
    return _verified(raw, entry, label)


def _verified(raw, entry, label):
    """`raw` itself if it is the content of `entry`, else a UserError."""
    if raw.startswith(_GZIP_MAGIC):
        raise UserError('%s is a gzip file: its name should end in .gz'
                        % label)
    _refuse_web_page(raw, label)
    parse(raw, entry.shape, label)
    found = hashlib.sha256(raw).hexdigest()
    if found != entry.sha256:
        raise UserError(
            '%s holds other data than it should: SHA-256 of its raw content '
            '%s, expected %s' % (label, found, entry.sha256))
    return raw


def _refuse_web_page(blob, label):
    """Raise UserError if it looks like HTML or XML: IDX begins with zeros."""
    if blob[:64].lstrip(b'\xef\xbb\xbf \t\r\n').startswith(b'<'):
        raise UserError('%s is a web page, not data (from an error page, a '
                        'proxy or a login page of the network)' % label)


def parse(raw, shape, label):
    """The array in the bytes of an IDX file, uint8, a read-only view of them.

    A UserError, in which the file is called `label`, for a wrong magic
    number, other dimensions than `shape` (a tuple), or a wrong length.
    """
    magic = struct.pack('>HBB', 0, 8, len(shape))
    if raw[:4] != magic:
        raise UserError(
            '%s is not the IDX file expected: it begins with %s, not with '
            'the magic number %s'
            % (label, raw[:4].hex() or 'nothing', magic.hex()))
    start = 4 + 4 * len(shape)
    size = start + prod(shape)
    if len(raw) < size:
        raise UserError('%s is cut short: %d of %d bytes'
                        % (label, len(raw), size))
    found = struct.unpack_from('>%dI' % len(shape), raw, 4)
    if found != shape:
        raise UserError('%s holds an array of shape %s; expected %s' % (
            label, *(' x '.join(map(str, each)) for each in (found, shape))))
    if len(raw) > size:
        raise UserError('%s is longer than the %d bytes expected'
                        % (label, size))
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
