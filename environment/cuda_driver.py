"""NVIDIA's driver, asked through ctypes before anything else touches it."""

import ctypes
import os
from typing import NamedTuple, Tuple

from errors import UserError

#: Where the driver lies when the dynamic linker has not heard of it.
FOLDERS = ('/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib/wsl/lib',
           '/usr/local/cuda/compat')
#: The first that the libraries of CUDA 11 and 12 run on.
OLDEST = (11, 0)
NO_DEVICE, STUB = 100, 34      # of cuInit
MAJOR, MINOR = 75, 76          # attributes: the compute capability


class Driver(NamedTuple):
    """The driver and the GPU that was asked for."""

    path: str                      # of libcuda.so.1
    version: Tuple[int, int]       # the newest CUDA that it understands
    gpu: str                       # the GPU's name
    capability: Tuple[int, int]    # its compute capability


def open_driver(device):
    """Start the `Driver` and look at a device, 'cuda' or 'cuda0' and so on.

    A UserError if there is no driver, no such GPU, or the driver is too old.
    """
    path, library = load_driver()
    number = asked(library.cuDriverGetVersion)       # 12040 of CUDA 12.4
    version = number // 1000, number % 1000 // 10
    if version < OLDEST:
        raise UserError('--device %s: expected a driver for CUDA %d.%d or '
                        'later, this one is for %d.%d: install a newer '
                        'NVIDIA driver' % ((device,) + OLDEST + version))
    start(library, device)
    ordinal = int(device[len('cuda'):] or 0)
    count = asked(library.cuDeviceGetCount)
    if ordinal >= count:
        raise UserError('--device %s: expected a GPU of that number, the '
                        'driver shows %d (CUDA_VISIBLE_DEVICES=%s): choose '
                        'from cuda0 on' % (device, count, os.environ.get(
                            'CUDA_VISIBLE_DEVICES', '')))
    return Driver(path, version, *describe(library, ordinal))


def load_driver():
    """The driver's path, and the library."""
    for folder in ('',) + FOLDERS:
        try:
            # Global, and kept: libgpuarray will get this very copy.
            library = ctypes.CDLL(os.path.join(folder, 'libcuda.so.1'),
                                  ctypes.RTLD_GLOBAL)
        except OSError:
            continue
        return path_of_loaded(), library
    raise UserError('expected NVIDIA\'s driver, found no libcuda.so.1: '
                    'install the driver (in a container: run it with '
                    '--gpus all), or use --device cpu')


def path_of_loaded():
    """Where the driver lies that is loaded already."""
    with open('/proc/self/maps') as stream:
        for line in stream:
            path = ''.join(line.rstrip('\n').partition('/')[1:])
            if os.path.basename(path).startswith('libcuda.so.'):
                return path
    raise UserError('expected libcuda.so. among the libraries of this '
                    'process, and it is not: is /proc there?')


def asked(function, *arguments):
    """The whole number that a function of C puts where it is told first."""
    number = ctypes.c_int()
    function(ctypes.byref(number), *arguments)
    return number.value


def start(library, device):
    """cuInit, whose errors are the ones that users meet."""
    code = library.cuInit(0)
    if code == NO_DEVICE:
        raise UserError('--device %s: the driver is there, but shows no GPU '
                        '(CUDA_VISIBLE_DEVICES=%s): see nvidia-smi, or use '
                        '--device cpu' % (device, os.environ.get(
                            'CUDA_VISIBLE_DEVICES', '')))
    if code == STUB:
        raise UserError('--device %s: expected NVIDIA\'s driver, found the '
                        'stub that the CUDA toolkit links against: take its '
                        'folder out of LD_LIBRARY_PATH' % device)
    if code:
        raise UserError('--device %s: the driver does not start (cuInit says '
                        '%d): does nvidia-smi run? A driver just updated '
                        'wants a reboot' % (device, code))


def describe(library, ordinal):
    """Name and compute capability of a device."""
    handle = asked(library.cuDeviceGet, ordinal)
    name = ctypes.create_string_buffer(256)
    library.cuDeviceGetName(name, len(name), handle)
    return name.value.decode(errors='replace'), tuple(
        asked(library.cuDeviceGetAttribute, attribute, handle)
        for attribute in (MAJOR, MINOR))
