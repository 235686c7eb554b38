"""A file as its authors published it: proved by its digest, downloaded."""

import hashlib
import os
from typing import NamedTuple, Tuple

from data import download
from data.catalogue import Unavailable
from errors import UserError


class Archive(NamedTuple):
    """What proves a file, and where it is published."""

    name: str
    most: int                 # bytes; a longer answer cannot be the file
    hashing: str              # of the digest: 'MD5' or 'SHA-256'
    digest: str               # of the file, in hex
    mirrors: Tuple[str, ...]  # folders' URLs, best first


def check(archive, path, label=None):
    """Refuse a file whose digest is another than the `Archive`'s.

    `label` is what an error calls it that is not on this machine to stay.
    """
    whole = hashlib.new(archive.hashing.replace('-', ''))
    try:
        with open(path, 'rb') as stream:
            for block in iter(lambda: stream.read(2 ** 20), b''):
                whole.update(block)
    except OSError as error:
        raise UserError('%s cannot be read: %s'
                        % (label or path, error.strerror)) from error
    found = whole.hexdigest()
    if found != archive.digest:
        raise UserError(
            '%s has the %s %s, expected %s: it is damaged or another file '
            'than %s%s' % (
                label or path, archive.hashing, found, archive.digest,
                archive.name, '' if label else '; put a good copy in its '
                'place, or remove it from the cache, and it is downloaded'))


def fetch(archive, folder, variable):
    """Download it into a folder that processes may share.

    Parameters
    ----------
    archive : Archive
    folder : str
        Made if need be. What is there under the archive's name stays.
    variable : str
        Of the environment, which names a folder that has it.

    Raises
    ------
    Unavailable
        It could not be had, or not be kept.
    """
    try:
        with download.alone(folder, archive.name):
            path = os.path.join(folder, archive.name)
            if not os.path.exists(path):   # another process may have got it
                download.fetch_one(
                    archive.name, folder, archive.most,
                    lambda part: check(archive, part, 'what it sent'),
                    archive.mirrors)
    except (OSError, Unavailable) as error:
        raise Unavailable(
            '%s is not on this machine, and could not be downloaded (%s): '
            'put it into a folder and name that by --data-dir or $%s' % (
                archive.name, error, variable)) from error
