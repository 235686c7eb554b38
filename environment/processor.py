"""Threads, kernels and memory: settings that cost nothing and save time."""

import contextlib
import ctypes
import os

from errors import UserError

# OpenBLAS's SkylakeX kernels need all of these (it takes AMD's Zen 5, which
# has them, for a Haswell, and runs slower kernels).
AVX512 = {'avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl'}

# glibc gives large blocks back to the kernel at every free by default, and
# page faults then cost much of a training step (parameter, value).
MALLOC_OPTIONS = ((-3, 1 << 30),        # M_MMAP_THRESHOLD: 1 GiB
                  (-1, 2 ** 31 - 1),    # M_TRIM_THRESHOLD: never
                  (-2, 1 << 28))        # M_TOP_PAD: 256 MiB

#: OpenBLAS is built for 64 and takes no more; oneDNN and ours take any
#: number, run no faster beyond the cores, and crash at some ten thousands.
MOST_THREADS = 1024


def set_threads(threads=None):
    """Tell OpenMP and OpenBLAS how many threads to use; OpenMP's number.

    OpenBLAS takes one, unless the user says otherwise: with some kernels its
    bits depend on the number, while our products are small and what is large
    is shared by OpenMP (results/speed/blas-threads.json).
    """
    if threads is None:
        # OpenMP's variable may be a list: threads of each level of nesting.
        first = os.environ.get('OMP_NUM_THREADS', '').split(',')[0].strip()
        threads = (int(first) if first.isdecimal() and int(first)
                   else len(os.sched_getaffinity(0)))
        check_threads(threads, 'OMP_NUM_THREADS')
        os.environ.setdefault('OMP_NUM_THREADS', str(threads))
    else:
        check_threads(threads, '--threads')
        os.environ['OMP_NUM_THREADS'] = str(threads)
    os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
    # Idle BLAS threads otherwise spin against OpenMP's: 2^4 cycles will do.
    os.environ.setdefault('OPENBLAS_THREAD_TIMEOUT', '4')
    if cpu_flags() >= AVX512:
        os.environ.setdefault('OPENBLAS_CORETYPE', 'SkylakeX')
    return threads


def check_threads(threads, source):
    """Refuse numbers that no machine has cores for: OpenMP crashes there."""
    most = max(MOST_THREADS, len(os.sched_getaffinity(0)))
    if not 1 <= threads <= most:
        raise UserError('%s: expected 1 to %d threads, got %d: leave it out '
                        'for one a core' % (source, most, threads))


def cpu_flags():
    """The CPU's features as Linux names them; empty where it does not say."""
    return set((cpu_field('flags') or '').split())


def cpu_field(name):
    """What /proc/cpuinfo says of the first CPU; None where it does not."""
    with contextlib.suppress(OSError), open('/proc/cpuinfo') as stream:
        for line in stream:
            key, _, value = line.partition(':')
            if key.strip() == name:
                return value.strip()
    return None


def tune_malloc():
    """Keep freed blocks in the process; False where libc is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    return mallopt is not None and all(
        mallopt(option, value) == 1 for option, value in MALLOC_OPTIONS)
