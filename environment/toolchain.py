"""The C++ compiler and the BLAS that Theano's code is built with."""

import ctypes
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sysconfig
from typing import NamedTuple

from environment.directories import passing_name
from environment.versions import INSTALL, release
from errors import UserError

# The symbols that Theano's C code calls; scipy-openblas32 prefixes its own,
# so that it can live beside the copies inside NumPy's and SciPy's wheels.
BLAS_SYMBOLS = (
    ['%s%s_' % (kind, name) for kind in 'sdcz' for name in ('gemm', 'gemv')]
    + ['%s%s_' % (kind, name) for kind in 'sd' for name in ('ger', 'dot')]
    + ['cgeru_', 'zgeru_']
    + ['openblas_get_num_threads', 'openblas_set_num_threads'])


def find_compiler(user):
    """Name the C++ compiler, or say how to get one, and Python's headers."""
    path, source = user.find('cxx')
    if source and not path:
        raise UserError('expected a C++ compiler, but %s sets cxx to '
                        'nothing, and Theano would crawl: unset it' % source)
    path = path or shutil.which('g++')
    if not path:
        raise UserError('expected a C++ compiler, found no g++: install one '
                        '(Debian, Ubuntu: apt install g++)')
    header = os.path.join(sysconfig.get_paths()['include'], 'Python.h')
    if not os.path.exists(header):
        raise UserError('expected Python\'s headers, found no %s: install '
                        'them (Debian, Ubuntu: apt install python3-dev)'
                        % header)
    try:
        version = subprocess.run(
            [path, '-dumpfullversion', '-dumpversion'], check=True,
            capture_output=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError) as error:
        raise UserError('the C++ compiler %s does not run: %s'
                        % (path, error)) from None
    return '%s %s' % (os.path.basename(path), version.strip())


class OneDNN(NamedTuple):
    """Where oneDNN lies, and its version."""

    headers: str
    library: str
    version: str


def find_onednn():
    """oneDNN as its two packages bring it; None without two of one version.

    Headers of another version than the library's would compile, and crash.
    """
    try:
        parts = [importlib.metadata.distribution(name)
                 for name in ('onednn-devel-cpu-gomp', 'onednn-cpu-gomp')]
    except importlib.metadata.PackageNotFoundError:
        return None
    found = [os.path.abspath(str(file.locate()))
             for part in parts for file in part.files or ()
             if file.name in ('dnnl.hpp', 'libdnnl.so.3')
             and 'oneapi' not in file.parts]
    if (len(found) != 2 or not all(map(os.path.exists, found))
            or parts[0].version != parts[1].version
            or release(parts[1].version) < (2023,)):   # another interface
        return None
    return OneDNN(*map(os.path.dirname, found), parts[1].version)


class Blas(NamedTuple):
    """Folder of a BLAS's library; its version and kernels; its threads."""

    folder: str
    description: str
    threads: int


def find_blas():
    """scipy-openblas32, loaded."""
    spec = importlib.util.find_spec('scipy_openblas32')
    if spec is None:
        raise UserError('expected a BLAS, found no scipy-openblas32: see '
                        '%s, or name your own in THEANO_FLAGS=blas.ldflags='
                        '...' % INSTALL)
    folder = passing_name(os.path.join(os.path.dirname(spec.origin), 'lib'))
    library = ctypes.CDLL(os.path.join(folder, 'libscipy_openblas.so'))
    library.scipy_openblas_get_corename.restype = ctypes.c_char_p
    return Blas(folder, 'scipy-openblas %s (%s)' % (
        importlib.metadata.version('scipy-openblas32'),
        library.scipy_openblas_get_corename().decode()),
        library.scipy_openblas_get_num_threads())


def check_blas(user):
    """The user's own BLAS, if it links; what it takes is not asked."""
    flags, source = user.find('blas.ldflags')
    result = subprocess.run(
        [user.get('cxx') or 'g++', '-x', 'c++', '-shared', '-o', '/dev/null',
         '-', *flags.split()], input='', stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise UserError('expected a BLAS that links, but %s sets '
                        'blas.ldflags=%s (%s): unset it, or install that one'
                        % (source, flags, (result.stdout.splitlines() or [
                            'exit code %d' % result.returncode])[0]))
    asked = os.environ.get('OPENBLAS_NUM_THREADS', '')
    return Blas('', 'from ' + source, int(asked) if asked.isdecimal() else 0)
