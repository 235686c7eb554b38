"""What decides the last bits of a result, beside code, data and versions.

Sums that are made in another order differ in their last bits, and the order
depends on the number of threads and on the kernels that a library takes for
the processor at hand. A result's `machine` (see `environment.provenance`) says
what they were; whoever continues it asks for the same here.
"""

import ctypes
import os
import re
import sys

from environment.processor import AVX512, cpu_flags

#: OpenBLAS's kernels, by the name of the core they are for, and what a
#: processor must have to run them: others end the process.
CORES = {'Katmai': set(), 'Nehalem': {'sse4_2'}, 'Sandybridge': {'avx'},
         'Haswell': {'avx2', 'fma'}, 'SkylakeX': AVX512,
         'Cooperlake': AVX512 | {'avx512_bf16'},
         'SapphireRapids': AVX512 | {'avx512_bf16', 'amx_tile'}}
#: What oneDNN may use of a processor, in the words of its own variable.
ISAS = {0x1: 'SSE41', 0x3: 'AVX', 0x7: 'AVX2', 0xf: 'AVX2_VNNI',
        0x1f: 'AVX2_VNNI_2', 0x27: 'AVX512_CORE', 0x67: 'AVX512_CORE_VNNI',
        0xe7: 'AVX512_CORE_BF16', 0x1ef: 'AVX512_CORE_FP16',
        0xfef: 'AVX512_CORE_AMX', 0x1fef: 'AVX512_CORE_AMX_FP16'}
#: Variables that change bits and that no library tells us about; the last
#: one of a BLAS of the user's own.
VARIABLES = ('NPY_DISABLE_CPU_FEATURES', 'OMP_DYNAMIC', 'OMP_THREAD_LIMIT',
             'ONEDNN_CPU_ISA_HINTS', 'ONEDNN_DEFAULT_FPMATH_MODE',
             'OPENBLAS_L2_SIZE', 'OPENBLAS_CORETYPE')


def restore(former):
    """Ask the libraries, before they load, for what decided bits before.

    `former` is the `machine` of what is continued. Records of earlier
    versions of this project have fewer entries: there was one number of
    threads then, of OpenMP and of OpenBLAS. What this machine cannot do stays
    as it is: `differences` tells.
    """
    os.environ['OMP_NUM_THREADS'] = str(former['threads'])
    os.environ['OPENBLAS_NUM_THREADS'] = str(
        former.get('blas_threads') or former['threads'])
    # 'Haswell' of 'scipy-openblas 0.3 (Haswell)'.
    core = re.sub(r'^.*\((\w+)\)$', r'\1', former.get('blas') or '')
    if core in CORES and cpu_flags() >= CORES[core]:
        os.environ['OPENBLAS_CORETYPE'] = core
    if former.get('onednn_isa'):
        os.environ['ONEDNN_MAX_CPU_ISA'] = former['onednn_isa']
    for name in VARIABLES if 'variables' in former else ():
        if name in former['variables']:
            os.environ[name] = former['variables'][name]
        elif name != 'OPENBLAS_CORETYPE':
            os.environ.pop(name, None)


def onednn_isa(folder):
    """What oneDNN's library, in a folder, uses of this processor."""
    library = ctypes.CDLL(os.path.join(folder, 'libdnnl.so.3'))
    isa = library.dnnl_get_effective_cpu_isa()
    return ISAS.get(isa, hex(isa))


def variables(own_blas):
    """Those of VARIABLES that are set, and not told otherwise."""
    return {name: os.environ[name] for name in VARIABLES
            if os.environ.get(name)
            and (own_blas or name != 'OPENBLAS_CORETYPE')}


def differences(before, now):
    """What decides bits and is not as it was, a list of words.

    Both are as `environment.provenance.provenance` makes them. What an
    earlier version of this project did not record is taken to be the same.
    """
    return ['%s was %s and is %s' % (
        name.replace('_', ' '), before[part][name] or 'none', value or 'none')
        for part in ('versions', 'machine') if before.get(part)
        for name, value in now[part].items()
        if before[part].get(name, value) != value]


def warn(folder, before, now, consequence):
    """Say in one line where bits will not be as before; `differences`."""
    changed = differences(before, now)
    if changed:
        print('notice: %s: %s: %s' % (folder, ', '.join(changed),
                                      consequence), file=sys.stderr)
    return changed
