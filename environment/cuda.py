"""Prepares the process for --device cuda0, before Theano is imported."""

import os
from typing import Dict, NamedTuple, Optional

from environment.cuda_driver import open_driver
from environment.cuda_libraries import (
    Library,
    check_capability,
    find_cublas,
    find_nvrtc,
)
from environment.cuda_names import give_names
from environment.cuda_packages import find_pygpu
from environment.cudnn_library import find_cudnn
from environment.directories import cache_directory


class Libraries(NamedTuple):
    """What is used; cuDNN is None where there is none, or no headers."""

    nvrtc: Library
    cublas: Library
    cudnn: Optional[Library]


class Cuda(NamedTuple):
    """Flags for Theano, and the words that say what the GPU runs on."""

    flags: Dict[str, str]
    description: str


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
    Cuda

    Raises
    ------
    UserError
        Naming the first piece that is missing or does not fit.
    """
    driver = open_driver(device)
    nvrtc = find_nvrtc(driver)
    check_capability(driver, nvrtc)
    # cuBLAS before cuDNN, which takes the one that is loaded.
    libraries = Libraries(nvrtc, find_cublas(driver),
                          find_cudnn() if cudnn else None)
    folder = give_names(driver, libraries, compiler)
    find_pygpu(compiler)
    # NVIDIA's libraries read it once. Float32 is float32 unless the user
    # says otherwise: TF32 has ten bits where it has twenty-three.
    tf32 = os.environ.setdefault('NVIDIA_TF32_OVERRIDE', '0') != '0'
    return Cuda(theano_flags(driver, libraries, folder),
                'GPU %s (%d.%d), driver for CUDA %d.%d, NVRTC %s, cuBLAS %s, '
                '%s, TF32 %s' % (
                    (driver.gpu,) + driver.capability + driver.version
                    + (libraries.nvrtc, libraries.cublas,
                       'cuDNN ' + str(libraries.cudnn) if libraries.cudnn
                       else 'no cuDNN', 'left to CUDA' if tf32 else 'off')))


def theano_flags(driver, libraries, folder):
    """Theano's flags, {name: value}."""
    # The same arguments give the same bits, as on the CPU.
    flags = {'deterministic': 'more',
             # The environment's line says it, and more.
             'print_active_device': 'False'}
    # libgpuarray's cache of built kernels does not ask who built them, and
    # its variable loses against Theano's flag, which has a default.
    kernels = os.environ.get('GPUARRAY_CACHE_PATH') or os.path.join(
        cache_directory('kernels'), 'nvrtc-%s-driver-%d.%d' % (
            (libraries.nvrtc,) + driver.version))
    os.makedirs(kernels, exist_ok=True)
    flags['gpuarray.cache_path'] = kernels
    if not libraries.cudnn:
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


def exclude(ours, user):
    """Theano's flag optimizer_excluding of both, where there is any."""
    tags = [flags.get('optimizer_excluding') for flags in (ours, user)
            if flags.get('optimizer_excluding')]
    return {'optimizer_excluding': ':'.join(tags)} if tags else {}
