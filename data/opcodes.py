"""Plain values out of a pickle, of which nothing is imported or called.

A pickle is a program for a small stack machine; loading it may run anything.
Here only those of its operations are let pass that containers, numbers,
strings and NumPy's arrays of bytes need, and whatever it names stands for a
record of the name and of the arguments that it would have been called with.
"""

import functools
import io
import pickle
import pickletools

import numpy as np

from errors import UserError

_ARRAY = ('numpy.core.multiarray _reconstruct',
          'numpy._core.multiarray _reconstruct')
_PLAIN = {
    'PROTO', 'STOP', 'MARK', 'NONE', 'NEWTRUE', 'NEWFALSE', 'BININT',
    'BININT1', 'BININT2', 'INT', 'BINSTRING', 'SHORT_BINSTRING', 'BINUNICODE',
    'BINBYTES', 'SHORT_BINBYTES', 'BINPUT', 'LONG_BINPUT', 'BINGET',
    'LONG_BINGET', 'EMPTY_DICT', 'EMPTY_LIST', 'TUPLE', 'TUPLE1', 'TUPLE2',
    'TUPLE3', 'SETITEM', 'SETITEMS', 'APPEND', 'APPENDS', 'GLOBAL', 'REDUCE',
    'BUILD'}


class Call:
    """What loading would have called, with what, and the state given then."""

    def __init__(self, name, *arguments):
        self.name, self.arguments, self.state = name, arguments, None

    def __setstate__(self, state):
        self.state = state


class _Reader(pickle.Unpickler):
    def find_class(self, module, name):
        return functools.partial(Call, '%s %s' % (module, name))


def plain_values(raw, label):
    """The dict, list, number or string that a pickle (bytes) describes.

    Strings of Python 2 are str, a character a byte; objects are `Call`. A
    UserError, in which it is called `label`, if it is no pickle or has
    operations that plain data do not need.
    """
    try:
        for operation, _, _ in pickletools.genops(raw):
            if operation.name not in _PLAIN:
                raise ValueError('the operation %s' % operation.name)
        return _Reader(io.BytesIO(raw), encoding='latin1').load()
    except (pickle.UnpicklingError, ValueError, IndexError, KeyError,
            TypeError, AttributeError, EOFError) as error:
        raise UserError('%s is not a pickle of plain data: %s' % (
            label, ' '.join(str(error).split()) or type(error).__name__)
            ) from None


def array_of(value, label):
    """The uint8 array that a `Call` of a pickle describes, or a UserError."""
    try:
        if value.name not in _ARRAY:
            raise ValueError(value.name)
        _, shape, dtype, columns_first, content = value.state
        if dtype.name != 'numpy dtype' or dtype.arguments[0] != 'u1':
            raise ValueError('items of type %s' % (dtype.arguments,))
        if columns_first:
            raise ValueError('columns first')
        return np.frombuffer(bytes_of(content), np.uint8).reshape(shape)
    except (AttributeError, TypeError, ValueError) as error:
        raise UserError('%s is not an array of unsigned bytes (%s)'
                        % (label, error)) from None


def bytes_of(value):
    """The bytes that Python 2's str, or Python 3's way with it, stands for."""
    if isinstance(value, Call) and value.name == '_codecs encode':
        value, encoding = value.arguments
        if encoding != 'latin1':
            raise ValueError('encoding %s' % encoding)
    return value if isinstance(value, bytes) else value.encode('latin-1')
