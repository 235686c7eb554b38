"""NVRTC, cuBLAS and cuDNN: where they lie, and which suit the driver."""

import ctypes
import glob
import os
import re
import sys
from typing import NamedTuple, Tuple

from environment.cuda_driver import asked
from errors import UserError

INSTALL = ('pip install --no-build-isolation -r requirements/cuda.txt, see '
           'docs/machine.md, "On a GPU"')
#: libgpuarray 0.7.6 has room for one digit each ("compute_90").
NEWEST_CAPABILITY = (9, 9)


class Library(NamedTuple):
    """A shared library's path and version, (12, 4) or (8, 9, 7)."""

    path: str
    version: Tuple[int, ...]

    def __str__(self):
        return '.'.join(map(str, self.version))


def folders():
    """Where to look: pip's packages, then what the user's machine has."""
    found = [path for entry in sys.path
             for path in sorted(glob.glob(os.path.join(
                 glob.escape(entry), 'nvidia', '*', 'lib')))]
    found += filter(None, os.environ.get('LD_LIBRARY_PATH', '').split(':'))
    found += [os.path.join(os.environ[name], 'lib64')
              for name in ('CUDA_HOME', 'CUDA_PATH') if os.environ.get(name)]
    return found + ['/usr/local/cuda/lib64', '/usr/lib/x86_64-linux-gnu',
                    '/usr/lib64']


def candidates(name):
    """Paths of all copies of a library, as lib<name>.so.<major>."""
    pattern = re.compile(r'lib%s\.so\.\d+(\.\d+)?' % name)
    for folder in folders():
        if os.path.isdir(folder):
            for file in sorted(os.listdir(folder), reverse=True):
                if pattern.fullmatch(file):
                    yield os.path.join(folder, file)


def find_nvrtc(driver):
    """An NVRTC whose PTX the driver can read, if it knows the GPU."""
    found = readable_nvrtc(driver)
    check_capability(driver, found)
    return found


def readable_nvrtc(driver):
    """The first NVRTC whose PTX the driver can read.

    Its version is that in the name of its sibling: two copies loaded, to
    ask them, would be mixed up by the linker.
    """
    too_new = None
    for path in candidates('nvrtc'):
        for sibling in glob.glob(os.path.join(
                glob.escape(os.path.dirname(path)),
                'libnvrtc-builtins.so.*')):
            numbers = re.findall(r'\d+', os.path.basename(sibling))[:2]
            found = Library(path, tuple(map(int, numbers)))
            if len(numbers) == 2 and found.version <= driver.version:
                return found
            too_new = too_new or found
    if too_new:
        raise UserError(
            'NVRTC %s is newer than the driver, which reads CUDA %d.%d and '
            'before: install a newer driver, or pip install '
            '"nvidia-cuda-nvrtc-cu%d==%d.%d.*"' % (
                (too_new,) + driver.version + driver.version[:1]
                + driver.version))
    raise UserError('expected NVRTC, which compiles the kernels, found no '
                    'libnvrtc.so: ' + INSTALL)


def check_capability(driver, nvrtc):
    """Whether kernels can be built for the GPU at all."""
    library = ctypes.CDLL(nvrtc.path)
    known = (ctypes.c_int * asked(library.nvrtcGetNumSupportedArchs))()
    library.nvrtcGetSupportedArchs(known)
    number = 10 * driver.capability[0] + driver.capability[1]
    if number not in known or driver.capability > NEWEST_CAPABILITY:
        raise UserError(
            '%s has compute capability %d.%d: expected one from %.1f to %.1f '
            '(NVRTC %s; libgpuarray 0.7.6 knows none from 10 on): use --device'
            ' cpu' % (driver.gpu, *driver.capability, min(known) / 10,
                      min(max(known) / 10, 9.9), nvrtc))


def find_cublas(driver):
    """The first cuBLAS whose major version the driver serves."""
    found = list(candidates('cublas'))
    for path in found:
        if major(path) <= driver.version[0]:
            return Library(path, cublas_version(path))
    if found:
        raise UserError('cuBLAS %d is newer than the driver, which is for '
                        'CUDA %d.%d: install a newer driver, or pip install '
                        'nvidia-cublas-cu%d' % (
                            major(found[0]), *driver.version,
                            driver.version[0]))
    raise UserError('expected cuBLAS, found no libcublas.so: ' + INSTALL)


def major(path):
    """12 of '…/libcublas.so.12'."""
    return int(os.path.basename(path).split('.so.')[1].split('.')[0])


def cublas_version(path):
    """(12, 4, 5), as the library says."""
    library = ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
    number, numbers = ctypes.c_int(), []
    for part in range(3):
        library.cublasGetProperty(part, ctypes.byref(number))
        numbers.append(number.value)
    return tuple(numbers)


def find_cudnn():
    """cuDNN 8 or 9 with all headers; None without, as it is only faster."""
    for path in candidates('cudnn'):
        if major(path) in (8, 9) and header_folders(path):
            try:
                number = ctypes.CDLL(path, ctypes.RTLD_GLOBAL
                                     ).cudnnGetVersion()
            except OSError:
                continue   # one for another CUDA, whose cuBLAS is not here
            # 8907 and 91002: the place of the patch has moved with 9.
            scale = 1000 if number < 10000 else 10000
            return Library(path, (number // scale, number % scale // 100,
                                  number % 100))
    return None


def header_folders(cudnn):
    """Folders of the headers that cuDNN's own takes, its own first.

    `cudnn` is the library's path. The list is empty if any is missing.
    """
    beside = os.path.join(os.path.dirname(os.path.dirname(cudnn)), 'include')
    multiarch = os.path.join(beside, 'x86_64-linux-gnu')
    cuda = [os.path.join(os.path.dirname(folder), 'include')
            for folder in folders()]
    found = [next((folder for folder in places
                   if os.path.exists(os.path.join(folder, name))), None)
             for name, places in (
                 ('cudnn.h', [beside, multiarch]),
                 ('cuda_runtime_api.h', cuda),
                 (os.path.join('crt', 'host_defines.h'), cuda))]
    return found if all(found) else []
