"""What MNIST consists of, where it is looked for, where it is published.

Loading and downloading take a `Collection` as an argument, so that tests
can hand them a small one with a mirror on this machine.
"""

import os
from math import prod
from typing import NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from environment.directories import cache_base
from errors import UserError


class Unavailable(UserError):
    """Data are not on this machine and could not be downloaded either."""


class File(NamedTuple):
    """One IDX file of unsigned bytes."""

    name: str                 # of the raw file; the packed one adds '.gz'
    shape: Tuple[int, ...]    # of the array in it
    sha256: str               # of its raw content, in hex

    @property
    def size(self):
        """Bytes of the raw file: magic number, dimensions, items."""
        return 4 + 4 * len(self.shape) + prod(self.shape)

    @property
    def most_packed(self):
        """Bytes that no sane .gz of this file exceeds."""
        return self.size + self.size // 100 + 4096


class Collection(NamedTuple):
    """Four files and where to download them."""

    files: Tuple[File, ...]     # images and labels to train, then to test
    mirrors: Tuple[str, ...]    # folders' URLs, best first


MNIST = Collection(
    files=(
        File('train-images-idx3-ubyte', (60000, 28, 28),
             'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'
             ),
        File('train-labels-idx1-ubyte', (60000,),
             '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'
             ),
        File('t10k-images-idx3-ubyte', (10000, 28, 28),
             '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'
             ),
        File('t10k-labels-idx1-ubyte', (10000,),
             'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'
             ),
    ),
    # The original address, yann.lecun.com, answers 403.
    mirrors=(
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
        'https://storage.googleapis.com/cvdf-datasets/mnist/',
    ),
)


class Place(NamedTuple):
    """A folder and what named it: an option, a variable, or None (cache)."""

    folder: str
    given_by: Optional[str]


def locate(directory=None, name='mnist'):
    """The `Place` of a data set's files, whose folder may not exist.

    Parameters
    ----------
    directory : str or None
        The scripts' --data-dir; without it $MNIST_DIR, else the cache.
    name : str
        Of another data set, as 'cifar10': see `variable_of`.

    Raises
    ------
    Unavailable
        The cache is wanted and this user has no home directory.
    """
    if directory is not None:
        return Place(os.path.expanduser(directory), '--data-dir')
    variable = variable_of(name)
    if os.environ.get(variable):
        return Place(os.path.expanduser(os.environ[variable]), '$' + variable)
    base = cache_base()
    if base is None:
        raise Unavailable(
            'there is no home directory to keep %s in: set $%s to a folder '
            'with its files, or $XDG_CACHE_HOME' % (name.upper(), variable))
    return Place(os.path.join(base, 'song2017', name), None)


def variable_of(name):
    """What names a data set's folder: CIFAR10_DIR for 'cifar10'."""
    return name.upper().replace('-', '_') + '_DIR'


def mirrors(collection):
    """The folders' URLs to download from, each with its final slash: a list.

    Those of the `Collection` count unless $MNIST_MIRROR names others (with
    blanks between); a UserError where that holds something else than http(s)
    URLs.
    """
    named = os.environ.get('MNIST_MIRROR', '').split()
    for url in named:
        try:
            parts = urlsplit(url)
            known = (parts.scheme in ('http', 'https') and parts.hostname
                     and parts.port != 0)
        except ValueError:   # a port that is no number, a bracket left open
            known = False
        if not known:
            raise UserError(
                '$MNIST_MIRROR should hold http:// or https:// addresses '
                'with blanks between, not %r' % url)
    return [url.rstrip('/') + '/' for url in named or collection.mirrors]
