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


def locate(directory=None, name='mnist'):
    """The folder of a data set's files.

    Parameters
    ----------
    directory : str or None
        The scripts' --data-dir; without it $MNIST_DIR, else the cache.
    name : str
        Of another data set, as 'cifar10': $CIFAR10_DIR.

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
    variable = name.upper() + '_DIR'
    if os.environ.get(variable):
        return Place(os.path.expanduser(os.environ[variable]), '$' + variable)
    base = cache_base()
    if base is None:
        raise Unavailable(
            'there is no home directory to keep %s in: set $%s to a folder '
            'with its files, or $XDG_CACHE_HOME' % (name.upper(), variable))
    return Place(os.path.join(base, 'song2017', name), None)



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


def _is_web_address(url):
    try:
        parts = urlsplit(url)
        return parts.scheme in ('http', 'https') and bool(
            parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket left open
        return False
