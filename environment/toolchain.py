"""The versions, the compiler, the BLAS and the oneDNN that are wanted."""

import ctypes
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from typing import NamedTuple

from environment.directories import passing_name
from errors import UserError

INSTALL = 'README, "Install and run"'
# The symbols that Theano's C code calls; scipy-openblas32 prefixes its own,
# so that it can live beside the copies inside NumPy's and SciPy's wheels.
BLAS_SYMBOLS = (
    ['%s%s_' % (kind, name) for kind in 'sdcz' for name in ('gemm', 'gemv')]
    + ['%s%s_' % (kind, name) for kind in 'sd' for name in ('ger', 'dot')]
    + ['cgeru_', 'zgeru_']
    + ['openblas_get_num_threads', 'openblas_set_num_threads'])


def check_versions():
    """Refuse the versions with which Theano 1.0.5 breaks, or worse, crawls.

    Under NumPy 2 it imports, fails to compile any C and silently falls back
    to Python, hundreds of times slower; from 1.24 on it does not import.
    """
    remedy = 'install the tested set, see ' + INSTALL
    if not (3, 8) <= sys.version_info < (3, 12):
        raise UserError('expected CPython 3.8 to 3.11 (Theano 1.0.5 builds '
                        'on no later one), got %s: use one of those'
                        % sys.version.split()[0])
    if sys.flags.optimize > 1:
        raise UserError('expected docstrings, from which Theano makes some '
                        'of its own, got Python\'s -OO: leave it out (or '
                        'PYTHONOPTIMIZE, which says the same)')
    for name in ('numpy', 'scipy', 'Theano', 'Lasagne'):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise UserError('%s is not installed: %s' % (name, remedy)
                            ) from None
        if name == 'numpy' and release(version) >= (1, 24):
            raise UserError('expected numpy < 1.24 (Theano 1.0.5 cannot '
                            'compile against later ones), got %s: %s'
                            % (version, remedy))


def release(version):
    """The leading numbers of a version: '1.23.5' -> (1, 23, 5)."""
    return tuple(int(part) for part in re.findall(r'\d+', version)[:3])


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


def link(compiler, target, *flags, code=''):
    """Link C++ into a shared library; the lines of complaint if it fails."""
    result = subprocess.run(
        [compiler, '-x', 'c++', '-shared', '-o', target, '-', *flags],
        input=code, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)
    return result.returncode and (result.stdout.strip().splitlines() or [
        'exit code %d' % result.returncode])


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
    complaint = link(user.get('cxx') or 'g++', '/dev/null', *flags.split())
    if complaint:
        raise UserError('expected a BLAS that links, but %s sets '
                        'blas.ldflags=%s (%s): unset it, or install that one'
                        % (source, flags, complaint[0]))
    asked = os.environ.get('OPENBLAS_NUM_THREADS', '')
    return Blas('', 'from ' + source, int(asked) if asked.isdecimal() else 0)
