"""The one place that prepares the process for NumPy, Theano and Lasagne.

    import environment
    chosen = environment.prepare(device='cpu', float64=False)
    print(chosen)                       # one line: what was chosen

`prepare` runs before NumPy and Theano are imported, because OpenBLAS, OpenMP
and Theano read their settings once, when they load. What the user sets in
THEANO_FLAGS, OMP_NUM_THREADS or OPENBLAS_* is never overridden.
"""

import ctypes
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import types
import warnings
from typing import NamedTuple

from errors import UserError

INSTALL = 'README, "Install and train"'

# The symbols that Theano's C code calls; scipy-openblas32 prefixes its own,
# so that it can live beside the copies inside NumPy's and SciPy's wheels.
BLAS_SYMBOLS = (
    ['%s%s_' % (kind, name) for kind in 'sdcz' for name in ('gemm', 'gemv')]
    + ['%s%s_' % (kind, name) for kind in 'sd' for name in ('ger', 'dot')]
    + ['cgeru_', 'zgeru_']
    + ['openblas_get_num_threads', 'openblas_set_num_threads'])

# OpenBLAS's SkylakeX kernels need all of these (it takes AMD's Zen 5, which
# has them, for a Haswell, at half the speed).
AVX512 = {'avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl'}

# glibc gives large blocks back to the kernel at every free by default, and
# page faults then cost a fifth of a training step (parameter, value).
MALLOC_OPTIONS = ((-3, 1 << 30),        # M_MMAP_THRESHOLD: 1 GiB
                  (-1, 2 ** 31 - 1),    # M_TRIM_THRESHOLD: never
                  (-2, 1 << 28))        # M_TOP_PAD: 256 MiB


class Environment(NamedTuple):
    """What `prepare` chose; `str()` of it is the line that scripts print."""

    device: str
    floatX: str
    threads: int
    blas: str
    compiler: str
    compiledir: str

    def __str__(self):
        return ('environment: %s %s, %d threads, BLAS %s, %s, compiling in %s'
                % self)


def prepare(device='cpu', float64=False, threads=None):
    """Set up the process, import Theano and describe what was chosen.

    Parameters
    ----------
    device : str
        'cpu', or 'cuda0', 'cuda1', … for a GPU through pygpu.
    float64 : bool
        Compute in double precision (Theano's floatX) instead of single.
    threads : int, optional
        Threads of OpenMP and OpenBLAS; all the process may use by default.

    Returns
    -------
    Environment

    Raises
    ------
    UserError
        If a piece is missing, too new, or came too late to be set up.
    """
    if 'theano' in sys.modules:
        raise UserError('expected to prepare the environment before Theano is '
                        'imported, but it is imported already: call '
                        'environment.prepare first')
    check_versions()
    if not re.fullmatch(r'cpu|cuda\d*', device):
        raise UserError('--device: expected cpu or cuda0, cuda1, ..., got %r'
                        % device)
    threads = set_threads(threads)
    tune_malloc()
    user = user_flags()
    compiler = find_compiler(user)
    flags = {'device': device, 'floatX': 'float64' if float64 else 'float32',
             'openmp': 'True', 'base_compiledir': compile_directory()}
    blas = 'from THEANO_FLAGS'
    if 'blas.ldflags' not in user:
        library, blas = find_blas()
        flags['blas.ldflags'] = '-L%s -lscipy_openblas' % library
        flags['gcc.cxxflags'] = ' '.join(
            ['-D%s=scipy_%s' % (name, name) for name in BLAS_SYMBOLS]
            + [user.pop('gcc.cxxflags', '')]).strip()
    flags.update(user)
    os.environ['THEANO_FLAGS'] = join_flags(flags)
    theano = import_theano()
    if not theano.config.cxx:
        raise UserError('expected a C++ compiler, but THEANO_FLAGS sets cxx '
                        'to nothing, and Theano would crawl: unset it')
    check_device(theano, device)
    adapt_lasagne()
    return Environment(theano.config.device, theano.config.floatX, threads,
                       blas, compiler, theano.config.base_compiledir)


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


def set_threads(threads=None):
    """Tell OpenMP and OpenBLAS how many threads to use; return the number."""
    if threads is not None and threads < 1:
        raise UserError('--threads: expected 1 or more, got %d' % threads)
    if threads is None:
        inherited = os.environ.get('OMP_NUM_THREADS', '')
        threads = (int(inherited) if inherited.isdigit() and int(inherited)
                   else len(os.sched_getaffinity(0)))
    os.environ['OMP_NUM_THREADS'] = str(threads)
    os.environ['OPENBLAS_NUM_THREADS'] = str(threads)
    # Idle BLAS threads otherwise spin against OpenMP's: 2^4 cycles will do.
    os.environ.setdefault('OPENBLAS_THREAD_TIMEOUT', '4')
    if cpu_flags() >= AVX512:
        os.environ.setdefault('OPENBLAS_CORETYPE', 'SkylakeX')
    return threads


def cpu_flags():
    """The CPU's features as Linux names them; empty where it does not say."""
    try:
        with open('/proc/cpuinfo') as stream:
            for line in stream:
                if line.startswith('flags'):
                    return set(line.split(':', 1)[1].split())
    except OSError:
        pass
    return set()


def tune_malloc():
    """Keep freed blocks in the process; False where libc is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    return mallopt is not None and all(
        mallopt(option, value) == 1 for option, value in MALLOC_OPTIONS)


def user_flags():
    """The user's own THEANO_FLAGS as a dict."""
    text = os.environ.get('THEANO_FLAGS', '')
    pairs = re.findall(r'''((?:[^,"']|"[^"]*"|'[^']*')+)''', text)
    flags = {}
    for pair in pairs:
        name, equals, value = re.sub('''["']''', '', pair).partition('=')
        if equals:
            flags[name.strip()] = value.strip()
    return flags


def join_flags(flags):
    """Write a dict as THEANO_FLAGS; quotes protect commas and blanks."""
    return ','.join('"%s=%s"' % pair for pair in flags.items())


def find_compiler(user):
    """Name the C++ compiler, or say how to get one, and Python's headers."""
    path = user.get('cxx') or shutil.which('g++')
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


def find_blas():
    """Folder of scipy-openblas32's library, and its version and kernels."""
    spec = importlib.util.find_spec('scipy_openblas32')
    if spec is None:
        raise UserError('expected a BLAS, found no scipy-openblas32: see '
                        '%s, or name your own in THEANO_FLAGS=blas.ldflags='
                        '...' % INSTALL)
    folder = os.path.join(os.path.dirname(spec.origin), 'lib')
    if ' ' in folder:
        # Theano splits its linker flags at blanks, so give it another name.
        link = os.path.join(compile_directory(), 'blas')
        temporary = '%s.%d' % (link, os.getpid())
        os.symlink(folder, temporary)
        os.replace(temporary, link)
        folder = link
    library = ctypes.CDLL(os.path.join(folder, 'libscipy_openblas.so'))
    library.scipy_openblas_get_corename.restype = ctypes.c_char_p
    return folder, 'scipy-openblas %s (%s)' % (
        importlib.metadata.version('scipy-openblas32'),
        library.scipy_openblas_get_corename().decode())


def cache_directory(name):
    """A folder of that name in the user's cache; made, and writable.

    Falls back to the temporary folder where the home is read-only, as in a
    container that runs as an unknown user.
    """
    home = (os.environ.get('XDG_CACHE_HOME')
            or os.path.join(os.path.expanduser('~'), '.cache'))
    temporary = os.path.join(tempfile.gettempdir(),
                             'song2017-%d' % os.getuid())
    for root in (os.path.join(home, 'song2017'), temporary):
        folder = os.path.join(root, name)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise UserError('expected a writable cache, neither %s nor %s is: set '
                    'XDG_CACHE_HOME to a folder that is' % (home, temporary))


def compile_directory():
    """Where Theano keeps its compiled C; never on a path with blanks."""
    folder = cache_directory('theano')
    if ' ' not in folder:
        return folder
    folder = os.path.join(tempfile.gettempdir(),
                          'song2017-%d' % os.getuid(), 'theano')
    os.makedirs(folder, exist_ok=True)
    return folder


def import_theano():
    """Import Theano; what goes wrong in there becomes one line."""
    try:
        import theano
    except Exception as error:
        reason = (str(error).strip().splitlines() or [repr(error)])[0]
        raise UserError('Theano does not import (%s: %s): install the tested '
                        'set, see %s' % (type(error).__name__, reason, INSTALL)
                        ) from error
    return theano


def check_device(theano, device):
    """Theano only logs a GPU that does not start and goes on: we do not."""
    if device == 'cpu':
        return
    gpuarray = importlib.import_module('theano.gpuarray')
    if not gpuarray.pygpu_activated:
        raise UserError('--device %s: expected a CUDA GPU through '
                        'pygpu/libgpuarray 0.7.6, but it did not start (the '
                        'reason is above): use --device cpu' % device)


def adapt_lasagne():
    """Give Lasagne 0.1 the module that Theano dropped after 0.8.

    Both libraries are frozen, so the one deprecation that Lasagne's
    convolution still causes will never be mended: it is not shown.
    """
    import theano.tensor.signal
    from theano.tensor.signal import pool

    def max_pool_2d(images, ds, st, ignore_border, padding, mode):
        return pool.pool_2d(images, ws=ds, stride=st, pad=padding,
                            ignore_border=ignore_border, mode=mode)

    downsample = types.ModuleType('theano.tensor.signal.downsample')
    downsample.max_pool_2d = max_pool_2d
    sys.modules[downsample.__name__] = downsample
    theano.tensor.signal.downsample = downsample
    warnings.filterwarnings(
        'ignore', message='The `image_shape` keyword argument')
