"""The stand-in driver of tests/standin_cuda/, built, and processes on it."""

import glob
import importlib.util
import os
import subprocess
import sys

from script_runner import ROOT

SOURCES = os.path.join(ROOT, 'tests', 'standin_cuda')
LIBRARIES = {'driver.c': 'libcuda.so.1', 'cublas.c': 'libcublas.so.12'}
CUDNN = {'cudnn.c': 'libcudnn.so.8'}


def build(folder, libraries=LIBRARIES):
    """Compile stand-ins, {source: name}, into a folder; its path."""
    for source, name in libraries.items():
        subprocess.run(
            ['gcc', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC',
             '-Wl,-soname,' + name, '-o', os.path.join(str(folder), name),
             os.path.join(SOURCES, source)], check=True)
    return str(folder)


def installed(*pattern):
    """The path of a file of pip's nvidia packages; None without."""
    for entry in sys.path:
        found = glob.glob(os.path.join(glob.escape(entry), 'nvidia',
                                       *pattern))
        if found:
            return found[0]
    return None


def installed_driver():
    """Whether NVIDIA's own driver is on this machine."""
    from environment import cuda_driver
    return any(os.path.exists(os.path.join(folder, 'libcuda.so.1'))
               for folder in cuda_driver.FOLDERS)


def missing():
    """What building kernels takes and is not there; '' where all is."""
    from environment import cuda
    from errors import UserError
    try:
        cuda.find_pygpu('g++')
    except UserError as error:
        return str(error)
    if importlib.util.find_spec('mako') is None:
        return 'mako is missing'
    for pattern in (('cuda_nvrtc', 'lib', 'libnvrtc.so.*'),
                    ('cuda_nvcc', 'bin', 'ptxas')):
        if installed(*pattern) is None:
            return '%s is missing' % pattern[-1]
    return ''


def path(*entries):
    """A search path, whose last entry is a variable with more of it."""
    more = filter(None, os.environ.get(entries[-1], '').split(os.pathsep))
    return os.pathsep.join([*entries[:-1], *more])


def run(folder, command, cache, **variables):
    """Run Python on the stand-in: (exit code, stdout, stderr)."""
    settings = dict(
        os.environ, PYTHONPATH=path(SOURCES, ROOT, 'PYTHONPATH'),
        LD_LIBRARY_PATH=path(folder, 'LD_LIBRARY_PATH'),
        XDG_CACHE_HOME=str(cache), OMP_NUM_THREADS='1', THEANO_FLAGS='')
    for name in ('CUDA_HOME', 'CUDA_PATH', 'CUDA_VISIBLE_DEVICES',
                 'NVIDIA_TF32_OVERRIDE', 'GPUARRAY_CACHE_PATH'):
        settings.pop(name, None)
    settings.update(variables)
    result = subprocess.run(
        [sys.executable] + list(command), env=settings, cwd=str(cache),
        capture_output=True, text=True, timeout=1500)
    return result.returncode, result.stdout, result.stderr
