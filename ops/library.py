"""Build the C++ of ops/source into shared libraries, once a machine.

The code is built for the processor at hand, so a library's name tells, as
a hash, all that it depends on: sources, compiler, flags and the processor's
features. A folder that moves to another machine (a home directory on the
network, a volume of a container) holds no code that would crash there.
"""

import contextlib
import ctypes
import functools
import hashlib
import os
import subprocess
import tempfile
import time

from environment.directories import compile_directory
from environment.processor import cpu_flags
from environment.theano_flags import UserSettings
from environment.toolchain import find_compiler
from errors import UserError

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'source')
FLAGS = ('-std=c++14', '-O3', '-march=native', '-fopenmp', '-fPIC', '-shared')
UNFINISHED = 'unfinished-'


@functools.lru_cache(maxsize=None)
def load(source, flags=()):
    """Load the library of one C++ file; build it if need be.

    Parameters
    ----------
    source : str
        Name of a file in ops/source; what it includes from there counts as
        part of it.
    flags : tuple of str
        For the compiler and the linker, after the source.

    Returns
    -------
    ctypes.CDLL

    Raises
    ------
    UserError
        If it does not build or does not load.
    """
    path = build(source, flags)
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise UserError('%s: expected a library that loads: %s; remove it '
                        'to have it built anew' % (path, error)) from None


def build(source, flags=()):
    """Path of the library of one C++ file, built if need be.

    Processes that build the same one at once each finish a file of their
    own, and the last renames it over the others, which are equal.
    """
    compiler = find_compiler(UserSettings())
    name = '%s-%s.so' % (os.path.splitext(source)[0],
                         _key(compiler, flags)[:20])
    folder = os.path.join(compile_directory(), 'ops')
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        _compile(os.path.join(SOURCE, source), path, flags)
    return path


def _key(compiler, flags):
    """A hash of all that a library depends on."""
    state = hashlib.sha256(repr(
        (compiler, FLAGS, flags, sorted(cpu_flags()))).encode())
    for name in sources():
        with open(os.path.join(SOURCE, name), 'rb') as stream:
            state.update(name.encode() + b'\0' + stream.read())
    return state.hexdigest()


def sources():
    """Names of the files of ops/source, in order."""
    return sorted(name for name in os.listdir(SOURCE)
                  if name.endswith(('.cpp', '.h')))


def _first_error(output):
    """The compiler's first line that says error; its first line without."""
    lines = output.splitlines() or ['nothing']
    return next((line for line in lines if 'error:' in line), lines[0])


def _compile(source, path, flags):
    """Run the compiler into a temporary file, then rename it."""
    _sweep(os.path.dirname(path))
    handle, temporary = tempfile.mkstemp('.so', UNFINISHED,
                                         os.path.dirname(path))
    os.close(handle)
    command = [UserSettings().get('cxx') or 'g++', source, *FLAGS,
               '-I', SOURCE, '-o', temporary, *flags]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            output = done.stdout.decode(errors='replace').strip()
            raise UserError(
                'expected %s to compile, but the compiler says: %s'
                % (source, _first_error(output)))
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _sweep(folder):
    """Remove what a killed build left; builds take seconds, not hours."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.startswith(UNFINISHED):
            with contextlib.suppress(FileNotFoundError):  # another was faster
                if time.time() - os.path.getmtime(path) > 3600:
                    os.unlink(path)
