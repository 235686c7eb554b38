"""What MNIST consists of and where it is published.

Loading and downloading take a `Collection` as an argument, so that tests
can hand them a small one with a mirror on this machine.
"""

from math import prod
from typing import NamedTuple, Tuple


class File(NamedTuple):
    """One IDX file of unsigned bytes.

    `name` is that of the raw file (the packed one adds '.gz'), `shape` the
    shape of the array in it, `sha256` the hex digest of its raw content.
    """

    name: str
    shape: Tuple[int, ...]
    sha256: str

    @property
    def size(self):
        """Bytes of the raw file: magic number, dimensions, items."""
        return 4 + 4 * len(self.shape) + prod(self.shape)

    @property
    def most_packed(self):
        """Bytes that no sane .gz of this file exceeds."""
        return self.size + self.size // 100 + 4096


class Patience(NamedTuple):
    """How long to try.

    `timeout` is the longest silence of a server in seconds; an interrupted
    transfer is taken up again until there have been `tries`, after `pause`,
    2 `pause`, ... seconds.
    """

    timeout: float = 15.0
    tries: int = 3
    pause: float = 1.0


class Collection(NamedTuple):
    """Four files and where to download them.

    `files` are training images, training labels, test images, test labels.
    `mirrors` are folders' URLs, best first.
    """

    files: Tuple[File, ...]
    mirrors: Tuple[str, ...]
    patience: Patience = Patience()


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
