"""Where data are looked for: a folder, and MNIST's mirrors behind it."""

import os
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from data.errors import DataError, Unavailable
from environment.directories import cache_base


class Place(NamedTuple):
    """A folder and what named it: an option, a variable, or None (cache)."""

    folder: str
    given_by: Optional[str]


def locate(directory=None):
    """The folder of the MNIST files.

    Parameters
    ----------
    directory : str or None
        The scripts' --data-dir; without it $MNIST_DIR, else the cache.

    Returns
    -------
    Place
        The folder may not exist.

    Raises
    ------
    Unavailable
        The cache is wanted and this user has no home directory.
    """
    if directory is not None:
        return Place(os.path.expanduser(directory), '--data-dir')
    if os.environ.get('MNIST_DIR'):
        return Place(os.path.expanduser(os.environ['MNIST_DIR']),
                     '$MNIST_DIR')
    return Place(_cache('mnist'), None)


def named_folder(name, variable, directory=None):
    """The folder of a data set that is never downloaded.

    Parameters
    ----------
    name : str
        Of the folder in the cache.
    variable : str
        '$' and the name of the variable that may name another.
    directory : str or None
        The scripts' --data-dir, which names yet another.
    """
    folder = directory or os.environ.get(variable[1:])
    return os.path.expanduser(folder) if folder else _cache(name)


def mirrors(collection):
    """The folders' URLs to download from, each with its final slash.

    Parameters
    ----------
    collection : data.catalogue.Collection
        Its mirrors count unless $MNIST_MIRROR names others (with blanks
        between).

    Returns
    -------
    list of str

    Raises
    ------
    DataError
        $MNIST_MIRROR holds something else than http(s) URLs.
    """
    named = os.environ.get('MNIST_MIRROR', '').split()
    for url in named:
        if not _is_web_address(url):
            raise DataError(
                '$MNIST_MIRROR should hold http:// or https:// addresses '
                'with blanks between, not %r' % url)
    return [url.rstrip('/') + '/' for url in named or collection.mirrors]


def _cache(name):
    base = cache_base()
    if base is None:
        raise Unavailable(
            'there is no home directory to keep %s in: set $%s_DIR '
            'to a folder with its files, or $XDG_CACHE_HOME'
            % (name.upper(), name.upper().replace('-', '_')))
    return os.path.join(base, 'song2017', name)


def _is_web_address(url):
    try:
        parts = urlsplit(url)
        return parts.scheme in ('http', 'https') and bool(
            parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket left open
        return False
