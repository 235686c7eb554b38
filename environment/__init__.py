"""The one place that prepares the process for NumPy, Theano and Lasagne.

    import environment
    chosen = environment.prepare(device='cpu', float64=False)
    print(chosen)                       # one line: what was chosen

`prepare` runs before NumPy and Theano are imported, because OpenBLAS, OpenMP
and Theano read their settings once, when they load. What the user sets in
THEANO_FLAGS, Theano's files, OMP_NUM_THREADS or OPENBLAS_* stands, but for an
explicit option, and where THEANO_FLAGS and the options contradict one another.
"""

import os
import re
import sys
from typing import NamedTuple

from environment import bits
from environment.cuda import check_device, prepare_cuda
from environment.directories import (
    compile_directory,
    require_code,
    settle_without_home,
)
from environment.headers import speed_up_compilation
from environment.imports import import_lasagne, import_theano
from environment.operations import OPS, choose_ops, register
from environment.processor import set_threads, tune_malloc
from environment.theano_flags import (
    BROKEN,
    UserSettings,
    join_flags,
    join_tags,
)
from environment.toolchain import (
    BLAS_SYMBOLS,
    check_blas,
    check_versions,
    find_blas,
    find_compiler,
    find_onednn,
)
from errors import UserError

__all__ = ['Environment', 'compile_directory', 'prepare']

# Before anybody imports matplotlib, with `prepare` or without.
settle_without_home()


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
    settings: str
    blas_threads: int
    onednn_isa: str
    variables: 'dict[str, str]'

    def __str__(self):
        return ('environment: %s %s, %d threads, BLAS %s, %s, compiling in '
                '%s, ops %s' % self[:7]
                + (' (%s)' % self.ops_note if self.ops_note else '')
                + (', ' + self.gpu if self.gpu else '')
                + (', with ' + self.settings if self.settings else ''))


def prepare(device='cpu', float64=False, threads=None, ops='auto',
            former=None, strict=True):
    """Set up the process, import Theano and describe what was chosen.

    Parameters
    ----------
    device : str
        'cpu', or 'cuda0', 'cuda1', … for a GPU through pygpu.
    float64 : bool
        Compute in double precision (Theano's floatX) instead of single.
    threads : int, optional
        Threads of OpenMP; all the process may use by default.
    ops : str
        Operations of convolutional layers: 'theano', 'c', 'onednn', or
        'auto' for the best that is possible here.
    former : dict, optional
        `machine` of a result that is continued: see `environment.bits`.
    strict : bool
        Refuse settings of Theano's with which networks do not run.

    Returns
    -------
    Environment

    Raises
    ------
    UserError
        If a piece is missing or too new, or Theano is imported already.
    """
    check_start(device)
    ops, note = choose_ops(ops, device, float64)
    if former:
        bits.restore(former)
    threads = set_threads(threads)
    tune_malloc()
    user = read_settings(strict)
    compiler = find_compiler(user)
    blas = check_blas(user) if 'blas.ldflags' in user else find_blas()
    cuda_flags, gpu = {}, ''
    if device != 'cpu':
        cuda_flags, gpu = prepare_cuda(device, user.get('cxx') or 'g++',
                                       user.get('dnn.enabled') != 'False')
    settings = str(user)                       # before THEANO_FLAGS is ours
    flags = make_flags(user, device, float64, blas, ops, cuda_flags)
    require_code(flags['base_compiledir'])
    os.environ['THEANO_FLAGS'] = join_flags(flags)
    theano = import_theano()
    speed_up_compilation(theano, theano.config.base_compiledir)
    if device != 'cpu':
        check_device(theano, device)
    import_lasagne()
    register(ops)
    return Environment(
        theano.config.device, theano.config.floatX, threads,
        blas.description, compiler, theano.config.base_compiledir, ops, note,
        gpu, settings, blas.threads,
        bits.onednn_isa(find_onednn().library) if ops == 'onednn' else '',
        bits.variables(own_blas=not blas.folder))


def check_start(device):
    """Refuse to begin too late, with other versions, or with no device."""
    if 'theano' in sys.modules:
        raise UserError('expected to prepare the environment before Theano is '
                        'imported, but it is imported already: call '
                        'environment.prepare first')
    check_versions()
    if not re.fullmatch(r'cpu|cuda[0-9]{0,3}', device):
        raise UserError('--device: expected cpu or cuda0, cuda1, ..., got %r'
                        % device)


def read_settings(strict):
    """The user's for Theano; if strict, none with which no network runs."""
    user = UserSettings()
    if strict and user.one_of(BROKEN):
        raise UserError('%s, with which Theano cannot run the networks: unset '
                        'it' % user.one_of(BROKEN))
    return user


def make_flags(user, device, float64, blas, ops, cuda_flags):
    """Theano's flags: ours, the user's, and where both have to be, both."""
    flags = {'device': device, 'floatX': 'float64' if float64 else 'float32',
             'openmp': 'True', 'base_compiledir': compile_directory(),
             # Theano's own is to warn, and to compute otherwise.
             'on_opt_error': 'raise'}
    for name in ('device', 'floatX'):
        if user.flags.get(name, flags[name]) != flags[name]:
            raise UserError('THEANO_FLAGS says %s=%s, the options say %s: '
                            'leave both to the options'
                            % (name, user.flags[name], flags[name]))
    flags.update(cuda_flags)
    joined = {**join_tags('optimizer_including', OPS[ops], user),
              **join_tags('optimizer_excluding', [
                  cuda_flags.get('optimizer_excluding')], user)}
    if blas.folder:
        flags['blas.ldflags'] = '-L%s -lscipy_openblas' % blas.folder
        joined['gcc.cxxflags'] = ' '.join(
            ['-D%s=scipy_%s' % (name, name) for name in BLAS_SYMBOLS]
            + [user.get('gcc.cxxflags')]).strip()
    return {**user.over(flags), **joined}
