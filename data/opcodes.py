"""Plain values out of a pickle, which is never loaded.

A pickle is a program for a small stack machine; loading it may run anything.
Here its operations are only listed, by `pickletools`, and those of the few
kinds that containers, numbers, strings and NumPy's arrays of bytes need are
carried out on plain data. A function's name and its arguments stay a record
of both: nothing is imported, called or built.
"""

import pickletools
from typing import Any, NamedTuple

import numpy as np

from errors import UserError

_ARRAY = ('numpy.core.multiarray _reconstruct',
          'numpy._core.multiarray _reconstruct')
_CONSTANTS = {'NONE': None, 'NEWTRUE': True, 'NEWFALSE': False}
_VALUES = ('BININT', 'BININT1', 'BININT2', 'INT', 'BINSTRING',
           'SHORT_BINSTRING', 'BINUNICODE', 'BINBYTES', 'SHORT_BINBYTES')
_TUPLES = {'TUPLE1': 1, 'TUPLE2': 2, 'TUPLE3': 3}
_MARK = object()


class Call(NamedTuple):
    """What loading would have called, with what, and the state given then."""

    name: str
    arguments: Any
    state: Any = None


def plain_values(raw, label):
    """The dict, list, number or string that a pickle describes.

    Strings of Python 2 are str, a character a byte; objects are `Call`.

    Parameters
    ----------
    raw : bytes
    label : str
        What to call the pickle in an error.

    Raises
    ------
    UserError
        Not a pickle, or one with operations that plain data do not need.
    """
    stack, memo = [], {}
    try:
        for operation, argument, _ in pickletools.genops(raw):
            _carry_out(operation.name, argument, stack, memo)
        result, = stack
    except (ValueError, IndexError, KeyError, TypeError, AttributeError
            ) as error:
        raise UserError('%s is not a pickle of plain data: %s' % (
            label, ' '.join(str(error).split()) or type(error).__name__)
            ) from None
    return result


def array_of(value, label):
    """The uint8 array that a `Call` of a pickle describes.

    Raises
    ------
    UserError
        It is something else.
    """
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


def _carry_out(name, argument, stack, memo):
    """One operation."""
    if name in ('PROTO', 'STOP'):
        return
    if name in _VALUES:
        stack.append(argument)
    elif name in _CONSTANTS:
        stack.append(_CONSTANTS[name])
    elif name in ('BINPUT', 'LONG_BINPUT'):
        memo[argument] = stack[-1]
    elif name in ('BINGET', 'LONG_BINGET'):
        stack.append(memo[argument])
    elif name == 'MARK':
        stack.append(_MARK)
    elif name in ('EMPTY_DICT', 'EMPTY_LIST'):
        stack.append({} if name == 'EMPTY_DICT' else [])
    elif name in _TUPLES:
        stack[-_TUPLES[name]:] = [tuple(stack[-_TUPLES[name]:])]
    elif name in ('TUPLE', 'SETITEMS', 'APPENDS', 'SETITEM', 'APPEND'):
        _collect(name, stack)
    elif name == 'GLOBAL':
        stack.append(argument)
    elif name == 'REDUCE':
        arguments = stack.pop()
        stack.append(Call(stack.pop(), arguments))
    elif name == 'BUILD':
        _build(stack, memo)
    else:
        raise ValueError('the operation %s' % name)


def _collect(name, stack):
    """Put what lies on top of the stack into the container below it."""
    if name in ('SETITEM', 'APPEND'):
        count = 2 if name == 'SETITEM' else 1
        items = stack[-count:]
        del stack[-count:]
    else:
        start = len(stack) - 1 - stack[::-1].index(_MARK)
        items = stack[start + 1:]
        del stack[start:]
    if name == 'TUPLE':
        stack.append(tuple(items))
    elif name.startswith('SETITEM'):
        stack[-1].update(zip(items[::2], items[1::2]))
    else:
        stack[-1].extend(items)


def _build(stack, memo):
    """Give a `Call` its state, wherever it is remembered."""
    state = stack.pop()
    before = stack.pop()
    after = before._replace(state=state)
    stack.append(after)
    for key, value in memo.items():
        if value is before:
            memo[key] = after
