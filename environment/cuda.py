"""Prepares the process for --device cuda0, and sees whether it computes."""

import importlib.machinery
import importlib.util
import os
import sys

from environment.cuda_driver import open_driver
from environment.cuda_libraries import find_cublas, find_cudnn, find_nvrtc
from environment.cuda_names import give_names
from environment.directories import cache_directory
from environment.toolchain import link
from errors import UserError

SHAPE = (64, 96, 80)      # of the product: rows, inner, columns
TOLERANCE = {'float32': 1e-5, 'float64': 1e-12}
#: Where Debian's python3-pygpu lies: beside Debian's NumPy and more, which
#: must not come into a virtual environment.
DEBIAN = '/usr/lib/python3/dist-packages'
INSTALL_PYGPU = ('on Debian 12, with its Python 3.11: apt install '
                 'libgpuarray-dev python3-pygpu; docs/machine.md, "On a GPU"')
PROGRAM = '#include <gpuarray/buffer.h>\n'


def prepare_cuda(device, compiler, cudnn=True):
    """Find, check and load all that --device cuda0 takes.

    `compiler` is the C++ compiler's path, and `cudnn` says whether cuDNN may
    be used where it is found. Returns flags for Theano, a dict, and the words
    that say what the GPU runs on. A UserError names the first piece that is
    missing or does not fit.
    """
    driver = open_driver(device)
    nvrtc = find_nvrtc(driver)
    # cuBLAS before cuDNN, which takes the one that is loaded.
    cublas = find_cublas(driver)
    cudnn = find_cudnn() if cudnn else None
    folder = give_names(driver, nvrtc, cublas, cudnn, compiler)
    find_pygpu(compiler)
    # NVIDIA's libraries read it once. Float32 is float32 unless the user
    # says otherwise: TF32 has ten bits where it has twenty-three.
    tf32 = os.environ.setdefault('NVIDIA_TF32_OVERRIDE', '0') != '0'
    return theano_flags(driver, nvrtc, cudnn, folder), (
        'GPU %s (%d.%d), driver for CUDA %d.%d, NVRTC %s, cuBLAS %s, %s, '
        'TF32 %s' % (driver.gpu, *driver.capability, *driver.version, nvrtc,
                     cublas, 'cuDNN ' + str(cudnn) if cudnn else 'no cuDNN',
                     'left to CUDA' if tf32 else 'off'))


def theano_flags(driver, nvrtc, cudnn, folder):
    """Theano's flags, {name: value}."""
    # libgpuarray's cache of built kernels does not ask who built them, and
    # its variable loses against Theano's flag, which has a default.
    kernels = os.environ.get('GPUARRAY_CACHE_PATH') or os.path.join(
        cache_directory('kernels'), 'nvrtc-%s-driver-%d.%d' % (
            (nvrtc,) + driver.version))
    os.makedirs(kernels, exist_ok=True)
    headers = os.path.join(folder, 'include')
    return {
        # The same arguments give the same bits, as on the CPU.
        'deterministic': 'more',
        # The environment's line says it, and more.
        'print_active_device': 'False',
        'gpuarray.cache_path': kernels,
        'dnn.enabled': str(bool(cudnn)), **({
            'dnn.library_path': folder, 'dnn.bin_path': folder,
            'dnn.include_path': headers, 'cuda.include_path': headers,
            'dnn.conv.algo_bwd_data': 'deterministic',
            'dnn.conv.algo_bwd_filter': 'deterministic',
            # cuDNN gives a tied maximum's gradient to one place, Theano to
            # all (docs/song.md, deviation 16); black borders are full of
            # ties.
            'optimizer_excluding': 'local_gpua_pool_dnn_grad_stride',
        } if cudnn else {})}


class DebianFinder:
    """Finds pygpu where Debian puts it, and nothing else there."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """The spec of pygpu itself; its submodules follow from that."""
        if name != 'pygpu':
            return None
        return importlib.machinery.PathFinder.find_spec(name, [DEBIAN])


def find_pygpu(compiler):
    """Make pygpu importable, and see that Theano can compile against it.

    A UserError if pygpu, its templates' package or libgpuarray's headers are
    missing, or `compiler` (a path) cannot use them.
    """
    if DebianFinder not in sys.meta_path:
        sys.meta_path.append(DebianFinder)    # after all others
    if importlib.util.find_spec('pygpu') is None:
        raise UserError('expected pygpu 0.7.6, found none: ' + INSTALL_PYGPU)
    try:
        importlib.import_module('pygpu')
    except ImportError as error:
        raise UserError('pygpu does not import (%s): it must be built for '
                        'this Python %d.%d, and wants mako: %s' % (
                            (error,) + sys.version_info[:2] + (INSTALL_PYGPU,))
                        ) from None
    complaint = link(compiler, '/dev/null', '-lgpuarray', code=PROGRAM)
    if complaint:
        raise UserError('expected libgpuarray and its headers, but %s cannot '
                        'use them (%s): %s' % (compiler, complaint[0],
                                               INSTALL_PYGPU))


def check_device(theano, device):
    """Compare a product and its exponentials with NumPy's, in floatX.

    Theano only logs a GPU that does not start and goes on: we do not. A
    UserError if it did not start, or computes something else.
    """
    import theano.gpuarray
    if not theano.gpuarray.pygpu_activated:
        raise UserError('--device %s: expected a CUDA GPU through pygpu and '
                        'libgpuarray, but it did not start (the reason is '
                        'above): python doctor.py --device %s looks at every '
                        'piece; --device cpu does without' % (device, device))
    error = difference(theano)
    if not error < TOLERANCE[theano.config.floatX]:
        raise UserError('--device %s: the GPU started, but computes something '
                        'else than NumPy (%.0e off in %s): look at the driver '
                        'and the libraries (python doctor.py --device %s), or '
                        'use --device cpu'
                        % (device, error, theano.config.floatX, device))


def difference(theano):
    """Relative error of tanh(a b) on the device, by cuBLAS and a kernel."""
    import numpy as np
    import theano.tensor as T
    rows, inner, columns = SHAPE
    generator = np.random.RandomState(0)
    a = generator.standard_normal((rows, inner)) / inner
    b = generator.standard_normal((inner, columns))
    x, y = T.matrices('xy')
    product = theano.function([x, y], T.tanh(T.dot(x, y)))(
        *(array.astype(theano.config.floatX) for array in (a, b)))
    return relative_error(product, np.tanh(a @ b))


def relative_error(got, expected):
    """Of two arrays, in the L2 norm; infinite where one has no number."""
    import numpy as np
    got = got.astype(np.float64)
    if not np.isfinite(got).all():
        return float('inf')
    scale = np.linalg.norm(expected)
    return float(np.linalg.norm(got - expected) / (scale or 1))
