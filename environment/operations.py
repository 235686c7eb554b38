"""Which operations compute: Theano's, ours in C++, or oneDNN's.

`ops/` has what 'c' and 'onednn' stand for, and puts it into every graph that
Theano compiles.
"""

import importlib

from environment.theano_flags import BROKEN, UserSettings
from environment.toolchain import INSTALL, find_onednn
from errors import UserError

#: From the slowest to the fastest, each with the tags that include it in
#: Theano's optimizer, and the modules that register them there.
IN_C = {'bias_relu': 'ops.fusion', 'uniform': 'ops.uniform',
        'max_pool': 'ops.max_pool', 'average_pool': 'ops.average_pool',
        'elements': 'ops.elements', 'batch_norm': 'ops.batch_norm',
        'gram': 'ops.gram', 'residual': 'ops.residual'}
OPS = {'theano': {}, 'c': IN_C, 'onednn': {
    **IN_C, 'convolution': 'ops.block_fusion',
    'plain_convolution': 'ops.block_fusion'}}
#: Theano's settings by which it leaves them out, or runs them in Python.
KEEPING_OUT = dict(BROKEN, optimizer=BROKEN['optimizer'] + (
    'o1', 'fast_compile'))


def choose_ops(asked, device, float64):
    """The operations to use, a key of OPS, and why not better ones, or ''.

    `asked` is 'auto' for the best possible, or a key of OPS: a UserError if
    that is not possible.
    """
    if asked not in ('auto', *OPS):
        raise UserError('--ops: expected auto, %s, got %r'
                        % (', '.join(OPS), asked))
    obstacles = obstacles_to(device, float64)
    if asked != 'auto':
        if obstacles[asked]:
            raise UserError('--ops %s: not possible, as %s: use --ops auto'
                            % (asked, obstacles[asked]))
        return asked, ''
    best = next(name for name in reversed(list(OPS)) if not obstacles[name])
    return best, obstacles['onednn']


def obstacles_to(device, float64):
    """What stands in the way of each of OPS; '' where nothing does."""
    ours = kept_out(UserSettings())
    if device != 'cpu':
        ours = 'it is for --device cpu alone'
    onednn = ours or ('oneDNN has no float64' if float64 else '')
    if not onednn and find_onednn() is None:
        onednn = ('onednn-devel-cpu-gomp and onednn-cpu-gomp of one version '
                  'are missing, see ' + INSTALL)
    return {'theano': '', 'c': ours, 'onednn': onednn}


def kept_out(user):
    """The one of the user's own settings that keeps ours out; '' without."""
    excluded = user.get('optimizer_excluding')
    if set().union(*OPS.values()) & set(excluded.split(':')):
        return user.one_of({'optimizer_excluding': (excluded,)})
    return user.one_of(KEEPING_OUT)


def register(ops):
    """Make Theano know them, after it has been imported; build their C++.

    Raises
    ------
    UserError
        If it does not build: here, not from within a graph's compilation.
    """
    for module in OPS[ops].values():
        for operation in importlib.import_module(module).OPERATIONS:
            operation.library()
