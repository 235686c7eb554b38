"""What computes the layers, and whether it computes right.

Theano goes on without them, and without a word: see `ops.inspection`.
"""

import importlib
import sys

from checks import Finding
from checks.compiled import first_line
from environment import operations
from environment.theano_flags import UserSettings, unset

SAMPLES = 100
SETTINGS = unset('mode', 'linker', 'optimizer...')
TOLERANCE = {'float32': 1e-5, 'float64': 1e-12}


def active(args):
    """The operations in use, tried out on a small network."""
    if 'theano' not in sys.modules:
        return            # why it was not prepared has been said
    import theano

    from ops.inspection import missing
    name, note = operations.choose_ops(args.ops, args.device, args.float64)
    if args.device == 'cpu' and operations.kept_out(UserSettings()):
        yield Finding('warn', 'ops', '%s: %s' % (name, note), SETTINGS)
    elif note and args.device == 'cpu' and not args.float64:
        yield Finding('warn', 'ops', '%s: %s' % (name, note),
                      'install them: docs/speed.md says what they gain')
    if args.device != 'cpu':
        yield Finding('ok', 'ops', '%s: %s' % (name, note))
        return
    try:
        function, arrays = block()
        results = function(*arrays)
    except Exception as error:
        yield Finding('FAIL', 'ops', '%s: %s' % (name, first_line(error)),
                      SETTINGS if name == 'theano' else
                      'meanwhile, --ops theano does without')
        return
    absent = missing(function, name, gradients=True)
    worst = max(map(difference, results, twin(*arrays)))
    if absent:
        yield Finding('FAIL', 'ops', '%s, but graphs go without %s'
                      % (name, ', '.join(absent)),
                      SETTINGS)
    elif not worst < TOLERANCE[theano.config.floatX]:
        yield Finding('FAIL', 'ops', '%s computes something else (%.0e off)'
                      % (name, worst), 'use --ops theano, and tell us')
    else:
        yield Finding('ok', 'ops', '%s: in the graph, within %.0e of NumPy'
                      % (name, worst))


def block():
    """A pooled block, its gradients and random numbers, compiled; arrays."""
    import numpy as np
    import theano
    import theano.tensor as T
    from theano.sandbox.rng_mrg import mrg_uniform
    pool_2d = importlib.import_module('theano.tensor.signal.pool').pool_2d
    x, w, b, g = T.tensor4(), T.tensor4(), T.vector(), T.tensor4()
    result = pool_2d(T.nnet.relu(T.nnet.conv2d(x, w) + b.dimshuffle(
        'x', 0, 'x', 'x')), (2, 2), ignore_border=True)
    gradients = theano.grad(None, [x, w, b], known_grads={result: g})
    state = T.imatrix()
    _, samples = mrg_uniform(T.vector().type)(state, [SAMPLES])
    generator = np.random.RandomState(0)
    return (theano.function([x, w, b, g, state],
                            [result] + gradients + [samples]), [
        generator.standard_normal(shape).astype(theano.config.floatX)
        for shape in ((5, 3, 12, 11), (8, 3, 3, 3), (8,), (5, 8, 5, 4))] + [
        generator.randint(1, 2 ** 30, (40, 6)).astype(np.int32)])


def twin(x, w, b, g, state):
    """The same in NumPy."""
    import numpy as np

    from ops import twins
    w = w[:, :, ::-1, ::-1]
    seen = twins.windows(x, w.shape[2:], (1, 1), (0, 0))
    z = np.tensordot(seen, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    y, mask = twins.pool(twins.add_bias(z, b))
    gz = twins.unpool(mask, g.astype(np.float64), z.shape[2:])
    gw = np.tensordot(gz, seen, ((0, 2, 3), (0, 2, 3)))[:, :, ::-1, ::-1]
    return [y, twins.spread(gz, w, x.shape, (1, 1), (0, 0)), gw,
            gz.sum(axis=(0, 2, 3)),
            twins.uniform(state, SAMPLES, x.dtype.name)[0]]


def difference(got, expected):
    """Relative L2 error."""
    import numpy as np
    return np.linalg.norm(got - expected) / np.linalg.norm(expected)


CHECKS = [active]
