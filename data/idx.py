"""The IDX format of MNIST: a big-endian header, then the items.

Header: two zero bytes, the item type (0x08: unsigned byte), the number of
dimensions, then each dimension as a 32-bit integer
(Y. LeCun, http://yann.lecun.com/exdb/mnist/, "File formats").
"""

import struct

import numpy as np

from data.errors import DataError

_UNSIGNED_BYTE = 0x08


def parse(raw, shape, label):
    """Read an IDX file of unsigned bytes whose shape is known.

    Parameters
    ----------
    raw : bytes
        The whole file.
    shape : tuple of int
        The shape that it must have.
    label : str
        What to call the file in an error.

    Returns
    -------
    numpy.ndarray of uint8
        A read-only view of `raw`, of shape `shape`.

    Raises
    ------
    DataError
        Wrong magic number, wrong dimensions or wrong length.
    """
    _check_magic(raw, len(shape), label)
    start = 4 + 4 * len(shape)
    size = start + int(np.prod(shape))
    if len(raw) < size:
        raise DataError('%s is cut short: %d of %d bytes'
                        % (label, len(raw), size))
    found = struct.unpack_from('>%dI' % len(shape), raw, 4)
    if found != tuple(shape):
        raise DataError('%s holds an array of shape %s; expected %s'
                        % (label, _times(found), _times(shape)))
    if len(raw) > size:
        raise DataError('%s is longer than the %d bytes expected'
                        % (label, size))
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def _check_magic(raw, dimensions, label):
    """Raise DataError unless `raw` begins as IDX bytes of that rank do."""
    magic = struct.pack('>HBB', 0, _UNSIGNED_BYTE, dimensions)
    if raw[:4] != magic:
        raise DataError(
            '%s is not the IDX file expected: it begins with %s, not with '
            'the magic number %s'
            % (label, raw[:4].hex() or 'nothing', magic.hex()))


def _times(shape):
    """(60000, 28, 28) as '60000 x 28 x 28'."""
    return ' x '.join('%d' % length for length in shape)
