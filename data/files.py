"""Read one data file, packed or raw, and prove that it is the right one."""

import gzip
import hashlib
import io
import os
import zlib

from data import idx
from data.errors import DataError

_GZIP_MAGIC = b'\x1f\x8b'


def find(folder, entry):
    """The path of a catalogue `File` in `folder`, packed or raw, or None."""
    for name in (entry.name + '.gz', entry.name):
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            return path
    return None


def read(path, entry):
    """Read and check one file.

    Parameters
    ----------
    path : str
        A gzip file if its name ends in '.gz', else a raw one.
    entry : data.catalogue.File
        What it must hold.

    Returns
    -------
    bytes
        The raw IDX content, whose SHA-256 is `entry.sha256`.

    Raises
    ------
    DataError
        Unreadable, not what its name says, damaged, or other data.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise DataError('%s is not a file (a folder or a dead link)' % path)
    try:
        with open(path, 'rb') as stream:
            # One byte too many tells "longer" without reading it all.
            blob = stream.read(entry.most_packed + 1)
    except OSError as error:
        raise DataError('%s cannot be read: %s'
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
    DataError
        Not gzip, cut short, corrupt, or other data.
    """
    if not blob.startswith(_GZIP_MAGIC):
        raise DataError(_not_gzip(blob, label))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(blob)) as stream:
            # Bounded: a few packed bytes can unpack to gigabytes.
            raw = stream.read(entry.size + 1)
    except EOFError:
        raise DataError('%s is cut short: its gzip stream ends after %d bytes'
                        % (label, len(blob))) from None
    except (OSError, zlib.error) as error:
        raise DataError('%s is corrupt: %s' % (label, error)) from error
    return _verified(raw, entry, label)


def _verified(raw, entry, label):
    """`raw` itself if it is the content of `entry`, else a DataError."""
    if raw.startswith(_GZIP_MAGIC):
        raise DataError('%s is a gzip file: its name should end in .gz'
                        % label)
    if _is_web_page(raw):
        raise DataError(_web_page(label))
    idx.parse(raw, entry.shape, label)
    found = hashlib.sha256(raw).hexdigest()
    if found != entry.sha256:
        raise DataError(
            '%s holds other data than it should: SHA-256 of its raw content '
            '%s, expected %s' % (label, found, entry.sha256))
    return raw


def _not_gzip(blob, label):
    """Say what a file without gzip's first bytes is instead."""
    if not blob:
        return '%s is empty' % label
    if _is_web_page(blob):
        return _web_page(label)
    return '%s is not a gzip file: it begins with %r' % (label, blob[:12])


def _is_web_page(blob):
    """Whether the bytes look like HTML or XML: IDX begins with zeros."""
    return blob[:64].lstrip(b'\xef\xbb\xbf \t\r\n').startswith(b'<')


def _web_page(label):
    return ('%s is a web page, not data (from an error page, a proxy or a '
            'login page of the network)' % label)
