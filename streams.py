"""Standard output and error, so that nothing printed stops a run."""

import os
import sys


def prepare_streams():
    """Let all characters pass, and closed streams lead nowhere.

    A stream that cannot encode a character shows its number instead.
    """
    for number, name in ((1, 'stdout'), (2, 'stderr')):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere(number))
        stream = getattr(sys, name)
        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(errors='backslashreplace')


def discard_stdout():
    """Drop what could not be printed: Python flushes once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _nowhere(number):
    """A stream in place of a closed one.

    The next file that is opened would else get its number, and what
    compilers and workers print would go into it.
    """
    file = os.open(os.devnull, os.O_WRONLY)
    if file != number:
        os.dup2(file, number)
        os.close(file)
    os.set_inheritable(number, True)
    return open(number, 'w', closefd=False)
