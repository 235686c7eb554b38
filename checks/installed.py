"""What is there: Python, packages, compiler, data, disk, a GPU's pieces.

None of these imports NumPy or Theano, so they speak even where those break.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import sys

from checks import Finding
from environment import compile_directory, cuda, processor, toolchain
from environment.cuda_driver import open_driver
from environment.cuda_libraries import (
    INSTALL,
    find_cublas,
    find_cudnn,
    find_nvrtc,
)
from environment.theano_flags import UserSettings
from environment.toolchain import release
from errors import UserError

REINSTALL = 'pip install --no-build-isolation -r requirements/run.txt'
#: Package -> (lowest, below) of setup.py that matter most, and why.
PACKAGES = {
    'numpy': ('1.22', '1.24', 'Theano 1.0.5 does not compile with others'),
    'scipy': ('1.8', '1.11', 'later ones want a newer NumPy'),
    'Theano': ('1.0.5', '1.0.6', 'the release everything is tested on'),
    'Lasagne': ('0.1', '0.2', 'the release everything is tested on'),
    'scipy-openblas32': ('0.3', '0.4', 'the BLAS that Theano links'),
}


def python(args):
    """CPython 3.8 to 3.11, with docstrings."""
    version = sys.version.split()[0]
    if not (3, 8) <= sys.version_info < (3, 12):
        yield Finding('FAIL', 'Python', '%s, expected 3.8 to 3.11' % version,
                      'make the virtual environment with one of those')
    elif sys.flags.optimize > 1:
        yield Finding('FAIL', 'Python', '%s with -OO, but Theano reads its '
                      'docstrings' % version, 'leave out -OO, and unset '
                      'PYTHONOPTIMIZE')
    else:
        yield Finding('ok', 'Python', version)


def packages(args):
    """The versions that Theano 1.0.5 gets on with."""
    for name, (low, below, reason) in PACKAGES.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding('FAIL', name, 'not installed', REINSTALL)
            continue
        if release(low) <= release(version) < release(below):
            yield Finding('ok', name, version)
        else:
            yield Finding('FAIL', name, '%s, expected %s to below %s: %s' % (
                version, low, below, reason), REINSTALL)


def compiler(args):
    """A C++ compiler and Python's headers."""
    yield Finding('ok', 'compiler', toolchain.find_compiler(UserSettings())
                  + ', Python.h found')


def data_files(args):
    """Where MNIST would come from."""
    if importlib.util.find_spec('numpy') is None:
        yield Finding('FAIL', 'data', 'cannot be looked at without NumPy',
                      REINSTALL)
        return
    from data import mnist
    state, sentence = mnist.status(args.data_dir)
    yield Finding('FAIL' if state == 'error' else 'ok', 'data', sentence)


def disk(args):
    """Room for compiled code and runs."""
    # In a container, runs is a link out of a folder that is read-only.
    results = 'runs' if os.path.isdir('runs') else os.getcwd()
    for subject, folder in (('compile dir', compile_directory()),
                            ('results', os.path.realpath(results))):
        free = shutil.disk_usage(folder).free / 2 ** 30
        fact = '%s, %.1f GiB free' % (folder, free)
        if not os.access(folder, os.W_OK):
            yield Finding('warn', subject, fact + ', not writable',
                          'give --out a folder that is')
        elif free < .5:
            yield Finding('warn', subject, fact, 'free some space')
        else:
            yield Finding('ok', subject, fact)


def cpu(args):
    """Cores, and whether OpenBLAS's AVX-512 kernels can be used."""
    cores = len(os.sched_getaffinity(0))
    wide = processor.cpu_flags() >= processor.AVX512
    yield Finding('ok', 'CPU', '%d cores, %s' % (
        cores, 'AVX-512' if wide else 'no AVX-512 (slower, nothing wrong)'))


def gpu(args):
    """Driver and GPU, NVRTC, cuBLAS, cuDNN, pygpu and libgpuarray.

    They are behind --device cuda0, and only a wish on the CPU. What they do
    together is found out when the process is prepared.
    """
    wanted = args.device != 'cpu'
    state = 'FAIL' if wanted else 'warn'
    try:
        driver = open_driver(args.device if wanted else 'cuda')
    except UserError as error:
        yield Finding(state, 'GPU', str(error), '' if wanted else
                      'needed for --device cuda0 only')
        if not wanted:
            return
    else:
        yield Finding('ok', 'GPU', '%s (%d.%d), driver for CUDA %d.%d' % (
            (driver.gpu,) + driver.capability + driver.version))
        yield from libraries(driver, state)
    try:
        cuda.find_pygpu(UserSettings().get('cxx') or 'g++')
        yield Finding('ok', 'pygpu', 'with libgpuarray and its headers')
    except UserError as error:
        yield Finding(state, 'pygpu', str(error))


def libraries(driver, state):
    """Those of CUDA that suit the driver."""
    for subject, find in (('NVRTC', find_nvrtc), ('cuBLAS', find_cublas),
                          ('cuDNN', lambda driver: find_cudnn())):
        try:
            library = find(driver)
        except UserError as error:
            yield Finding(state, subject, str(error))
            continue
        if library:
            yield Finding('ok', subject, '%s, %s' % (library, library.path))
        else:
            yield Finding('warn', subject, 'none of 8 or 9 with its headers: '
                          'it runs without, slower', INSTALL)


CHECKS = [python, packages, cpu, compiler, disk, data_files, gpu]
