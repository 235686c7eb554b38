"""The whole preparation, in order."""

import os
import re
import sys
from typing import NamedTuple

from environment.cuda import Cuda, exclude, prepare_cuda
from environment.cuda_check import check_device
from environment.directories import compile_directory
from environment.headers import speed_up_compilation
from environment.imports import adapt_lasagne, import_theano
from environment.operations import choose_ops, include, register
from environment.processor import set_threads, tune_malloc
from environment.theano_flags import join_flags, user_flags
from environment.toolchain import BLAS_SYMBOLS, find_blas, find_compiler
from environment.versions import check_versions
from errors import UserError


class Environment(NamedTuple):
    """What `prepare` chose; `str()` of it is the line that scripts print."""

    device: str
    floatX: str
    threads: int
    blas: str
    compiler: str
    compiledir: str
    ops: str
    ops_note: str
    gpu: str

    def __str__(self):
        return ('environment: %s %s, %d threads, BLAS %s, %s, compiling in '
                '%s, ops %s' % self[:-2]
                + (' (%s)' % self.ops_note if self.ops_note else '')
                + (', ' + self.gpu if self.gpu else ''))


def prepare(device='cpu', float64=False, threads=None, ops='auto'):
    """Set up the process, import Theano and describe what was chosen.

    Parameters
    ----------
    device : str
        'cpu', or 'cuda0', 'cuda1', … for a GPU through pygpu.
    float64 : bool
        Compute in double precision (Theano's floatX) instead of single.
    threads : int, optional
        Threads of OpenMP and OpenBLAS; all the process may use by default.
    ops : str
        Operations of convolutional layers: 'theano', 'c', 'onednn', or
        'auto' for the best that is possible here.

    Returns
    -------
    Environment

    Raises
    ------
    UserError
        If a piece is missing or too new, or Theano is imported already.
    """
    if 'theano' in sys.modules:
        raise UserError('expected to prepare the environment before Theano is '
                        'imported, but it is imported already: call '
                        'environment.prepare first')
    check_versions()
    if not re.fullmatch(r'cpu|cuda[0-9]{0,3}', device):
        raise UserError('--device: expected cpu or cuda0, cuda1, ..., got %r'
                        % device)
    ops, note = choose_ops(ops, device, float64)
    threads = set_threads(threads)
    tune_malloc()
    user = user_flags()
    compiler = find_compiler(user)
    flags = {'device': device, 'floatX': 'float64' if float64 else 'float32',
             'openmp': 'True', 'base_compiledir': compile_directory(),
             # Seconds between looks at the compile lock that processes
             # share; Theano's own 5 to 10 add up.
             'compile.wait': '1'}
    for name in ('device', 'floatX'):
        if user.get(name, flags[name]) != flags[name]:
            raise UserError('THEANO_FLAGS says %s=%s, the options say %s: '
                            'leave both to the options'
                            % (name, user[name], flags[name]))
    blas = 'from THEANO_FLAGS'
    if 'blas.ldflags' not in user:
        library, blas = find_blas()
        flags['blas.ldflags'] = '-L%s -lscipy_openblas' % library
        flags['gcc.cxxflags'] = ' '.join(
            ['-D%s=scipy_%s' % (name, name) for name in BLAS_SYMBOLS]
            + [user.pop('gcc.cxxflags', '')]).strip()
    cuda = Cuda({}, '')
    if device != 'cpu':
        cuda = prepare_cuda(device, user.get('cxx') or 'g++',
                            user.get('dnn.enabled') != 'False')
    flags.update(cuda.flags)
    flags.update(user, **include(ops, user), **exclude(cuda.flags, user))
    os.environ['THEANO_FLAGS'] = join_flags(flags)
    theano = import_theano()
    if not theano.config.cxx:
        raise UserError('expected a C++ compiler, but THEANO_FLAGS sets cxx '
                        'to nothing, and Theano would crawl: unset it')
    speed_up_compilation(theano, flags['base_compiledir'])
    if device != 'cpu':
        check_device(theano, device)
    adapt_lasagne()
    register(ops)
    return Environment(theano.config.device, theano.config.floatX, threads,
                       blas, compiler, theano.config.base_compiledir, ops,
                       note, cuda.description)
