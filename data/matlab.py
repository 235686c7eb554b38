"""Arrays in MATLAB's files of version 5, read a piece at a time.

SciPy reads them, too, but whole, and a big one should not have to fit into
memory. The format is "MAT-File Format" (The MathWorks), chapter 1: a header
of 128 bytes, then elements, each with a tag of its type and size. An array is
an element made of four: flags, dimensions, name, and items, the first axis
fastest. It may be packed by zlib as a whole.
"""

import contextlib
import io
import os
import struct
import zlib
from math import prod
from typing import Callable, NamedTuple, Tuple

import numpy as np

from errors import UserError

_HEADER = 128
_LITTLE = b'\x00\x01IM'   # how it ends: version 5, the low bytes first
_NAME, _DIMENSIONS, _FLAGS, _ARRAY, _PACKED = 1, 5, 6, 14, 15
#: Types of items in the file.
_ITEMS = {1: 'i1', 2: 'u1', 3: '<i2', 4: '<u2', 5: '<i4', 6: '<u4',
          7: '<f4', 9: '<f8', 12: '<i8', 13: '<u8'}
_NUMBERS = range(6, 16)   # classes of arrays: double, single, whole numbers
_COMPLEX = 0x800          # among the flags
_MOST = 4096              # bytes that flags, dimensions and name may take
_BLOCK = 1 << 16


class Items(NamedTuple):
    """An array whose items are read in their order, once."""

    shape: Tuple[int, ...]
    dtype: np.dtype
    read: Callable    # how many items -> (n,) of dtype


class _Damage(Exception):
    """What is wrong with the file, in words."""


@contextlib.contextmanager
def open_array(path, name):
    """The `Items` of the array of that name, open as long as they are read.

    Raises
    ------
    UserError
        The file cannot be read, is not of version 5, has no array of real
        numbers of that name, or is damaged in this array. One line.
    """
    try:
        with open(path, 'rb') as stream:
            source, items = _find(stream, name)
            yield items
            source.finish()
    except _Damage as error:
        raise UserError('%s is damaged, or not a MATLAB file of version 5: %s'
                        % (path, error)) from None
    except OSError as error:
        raise UserError('%s cannot be read: %s'
                        % (path, error.strerror or error)) from error


class _Plain:
    """The bytes of an element as they stand in the file."""

    def __init__(self, stream):
        self._stream = stream

    def read(self, count):
        """So many bytes."""
        found = self._stream.read(count)
        if len(found) < count:
            raise _Damage('it is cut short')
        return found

    def finish(self):
        """Nothing proves these."""


class _Packed:
    """The bytes in an element that zlib packed, up to `end` in the file."""

    def __init__(self, stream, end):
        self._stream, self._end = stream, end
        self._engine = zlib.decompressobj()

    def read(self, count):
        """So many bytes."""
        found = []
        while count:
            found.append(self._next(count))
            if not found[-1] and self._engine.eof:
                raise _Damage('it is cut short')
            count -= len(found[-1])
        return b''.join(found)

    def finish(self):
        """Unpack what is left, so that zlib compares its checksum."""
        while not self._engine.eof:
            self._next(_BLOCK)

    def _next(self, most):
        """Some bytes, `most` at most; none does not mean the end."""
        packed = self._engine.unconsumed_tail or self._stream.read(
            min(_BLOCK, self._end - self._stream.tell()))
        try:
            found = self._engine.decompress(packed, most)
        except zlib.error as error:
            raise _Damage(error) from None
        if not packed and not found and not self._engine.eof:
            raise _Damage('what is packed in it is cut short')
        return found


def _find(stream, name):
    """Where the array of that name is read from, and its `Items`."""
    length = os.fstat(stream.fileno()).st_size
    header = stream.read(_HEADER)
    if len(header) < _HEADER or not header.endswith(_LITTLE):
        raise _Damage('it begins with %r' % header[:20])
    others = []
    while stream.tell() < length:
        source = _Plain(stream)
        kind, size, _ = _tag(source)
        end = stream.tell() + size
        if end > length:
            raise _Damage('it is cut short, at %d of %d bytes or more'
                          % (length, end))
        if kind == _PACKED:
            source = _Packed(stream, end)
            kind, _, _ = _tag(source)
        if kind == _ARRAY:
            found, items = _array(source)
            if found == name and items:
                return source, items
            others.append(found)
        stream.seek(end)
    raise _Damage('it has no array %s of real numbers (but %s)' % (
        name, ', '.join(map(repr, others[:5])) or 'nothing'))


def _array(source):
    """An array's name and its `Items`, None where it has no real numbers."""
    flags, dimensions, title = (_content(source, kind) for kind in (
        _FLAGS, _DIMENSIONS, _NAME))
    name = title.decode('latin-1')
    if len(flags) != 8 or not dimensions or len(dimensions) % 4:
        raise _Damage('%r has flags or dimensions of a wrong size' % name)
    flag, _ = struct.unpack('<II', flags)
    shape = struct.unpack('<%di' % (len(dimensions) // 4), dimensions)
    if flag & 0xff not in _NUMBERS or flag & _COMPLEX:
        return name, None
    kind, size, held = _tag(source)
    if kind not in _ITEMS:
        raise _Damage('%r has items of the unknown type %d' % (name, kind))
    dtype = np.dtype(_ITEMS[kind])
    if min(shape) < 0 or size != prod(shape) * dtype.itemsize:
        raise _Damage('%r has %d bytes for %s items of %d' % (
            name, size, ' x '.join(map(str, shape)), dtype.itemsize))
    place = source if held is None else _Plain(io.BytesIO(held))

    def read(count):
        return np.frombuffer(place.read(count * dtype.itemsize), dtype)

    return name, Items(shape, dtype, read)


def _content(source, expected):
    """The bytes of a small element of that type, past which is read."""
    kind, size, held = _tag(source)
    if kind != expected or size > _MOST:
        raise _Damage('it has an element of type %d and %d bytes where one '
                      'of type %d belongs' % (kind, size, expected))
    if held is not None:
        return held
    return source.read(size + -size % 8)[:size]   # padded to 8 bytes


def _tag(source):
    """Type and size of an element, and its content if the tag holds it."""
    raw = source.read(8)
    kind, size = struct.unpack('<II', raw)
    if kind >> 16:   # four bytes at most lie in the tag itself
        kind, size = struct.unpack('<HH', raw[:4])
        if size > 4:
            raise _Damage('a tag of 4 bytes at most has %d' % size)
        return kind, size, raw[4:4 + size]
    return kind, size, None
