"""Prepares the process for --device cuda0, and sees whether it computes."""

import os

from environment.cuda_driver import open_driver
from environment.cuda_libraries import (
    check_capability,
    find_cublas,
    find_cudnn,
    find_nvrtc,
)
from environment.cuda_names import give_names
from environment.cuda_packages import find_pygpu
from environment.directories import cache_directory
from errors import UserError

SHAPE = (64, 96, 80)      # of the product: rows, inner, columns
TOLERANCE = {'float32': 1e-5, 'float64': 1e-12}


def prepare_cuda(device, compiler, cudnn=True):
    """Find, check and load all that --device cuda0 takes.

    Parameters
    ----------
    device : str
        'cuda0', …
    compiler : str
        Path of the C++ compiler.
    cudnn : bool
        Whether cuDNN may be used where it is found.

    Returns
    -------
    dict, str
        Flags for Theano, and the words that say what the GPU runs on.

    Raises
    ------
    UserError
        Naming the first piece that is missing or does not fit.
    """
    driver = open_driver(device)
    nvrtc = find_nvrtc(driver)
    check_capability(driver, nvrtc)
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
    # The same arguments give the same bits, as on the CPU.
    flags = {'deterministic': 'more',
             # The environment's line says it, and more.
             'print_active_device': 'False'}
    # libgpuarray's cache of built kernels does not ask who built them, and
    # its variable loses against Theano's flag, which has a default.
    kernels = os.environ.get('GPUARRAY_CACHE_PATH') or os.path.join(
        cache_directory('kernels'), 'nvrtc-%s-driver-%d.%d' % (
            (nvrtc,) + driver.version))
    os.makedirs(kernels, exist_ok=True)
    flags['gpuarray.cache_path'] = kernels
    if not cudnn:
        return dict(flags, **{'dnn.enabled': 'False'})
    headers = os.path.join(folder, 'include')
    return dict(flags, **{
        'dnn.enabled': 'True', 'dnn.library_path': folder,
        'dnn.bin_path': folder, 'dnn.include_path': headers,
        'cuda.include_path': headers,
        'dnn.conv.algo_bwd_data': 'deterministic',
        'dnn.conv.algo_bwd_filter': 'deterministic',
        # cuDNN gives a tied maximum's gradient to one place, Theano to all
        # (docs/song.md, deviation 16); black borders are full of ties.
        'optimizer_excluding': 'local_gpua_pool_dnn_grad_stride'})


def check_device(theano, device):
    """Compare a product and its exponentials with NumPy's, in floatX.

    Theano only logs a GPU that does not start and goes on: we do not.

    Parameters
    ----------
    theano : module
    device : str

    Raises
    ------
    UserError
        If the GPU did not start, or computes something else.
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
    expected = np.tanh(a @ b)
    return float(np.linalg.norm(product - expected)
                 / np.linalg.norm(expected))
