"""What works: Theano compiles C, uses it, and calls the BLAS it should; what
computes the layers is ours, and computes right.

Theano falls back to Python, and to its own operations, without a word that a
user would notice: so the thunks of a compiled function are looked at one by
one, and the graph for our operations (`ops.inspection`).
"""

import importlib
import os
import sys
import time
import timeit

import environment
from checks import Finding
from environment import operations
from environment.cuda import TOLERANCE, relative_error
from environment.theano_flags import UserSettings, unset

SIZE = 1536          # of the square matrices that time the BLAS
SLOW_GEMM = 5e9      # a core of the last ten years does several times that
SAMPLES = 100        # random numbers of the small network
SETTINGS = unset('mode', 'linker', 'optimizer...')


def compiled(args):
    """Prepare the process, and look at what Theano makes of it."""
    yield Finding('ok', 'Theano', str(environment.prepare(
        args.device, args.float64, args.threads, args.ops, strict=False)))
    yield from compiled_code()
    yield from blas()
    yield from openmp()


def compiled_code():
    """Compile a small function and see that its thunks are C."""
    import numpy as np
    import theano
    import theano.tensor as T
    x = T.matrix()
    # Named after this moment, so that no cached code answers for a compiler
    # that has stopped working.
    salt = np.asarray(time.time() % 1, theano.config.floatX)
    start = time.perf_counter()
    try:
        function = theano.function([x], (T.exp(x) * salt).sum())
    except Exception as error:
        yield Finding('FAIL', 'C code', 'does not compile: %s'
                      % first_line(error), 'see the compiler\'s output above; '
                      'remove the compile dir if it is damaged')
        return
    interpreted = python_nodes(function)
    if interpreted:
        yield Finding('FAIL', 'C code', 'compiles, but is not used for %s'
                      % ', '.join(interpreted), unset(
                          'mode', 'linker') + '. Is NumPy below 1.24?')
        return
    image = np.ones((3, 3), theano.config.floatX)
    wrong = abs(float(function(image)) / (9 * np.e * salt) - 1) > 1e-4
    yield Finding('FAIL' if wrong else 'ok', 'C code', '%s, %.1f s' % (
        'computes something else' if wrong else 'compiles and is used',
        time.perf_counter() - start))


def python_nodes(function):
    """Names of the operations of a function that run in Python, not in C."""
    thunks = getattr(function.fn, 'thunks', None)
    if thunks is None:
        return ['the whole function']
    nodes = function.maker.fgraph.toposort()
    return [str(node.op) for node, thunk in zip(nodes, thunks)
            if not hasattr(thunk, 'cthunk')]


def blas():
    """Time a matrix product through Theano; check it against NumPy."""
    import numpy as np
    import theano
    import theano.tensor as T
    a, b = T.matrices('ab')
    function = theano.function([a, b], T.dot(a, b))
    linked = theano.config.blas.ldflags or 'no BLAS'
    generator = np.random.RandomState(0)
    left, right = generator.rand(2, SIZE, SIZE).astype(theano.config.floatX)
    product = function(left, right)
    seconds = min(timeit.repeat(lambda: function(left, right), number=1,
                                repeat=4))
    rate = 2 * SIZE ** 3 / seconds
    fact = '%.0f GFLOP/s in %s' % (rate / 1e9, theano.config.floatX)
    if not np.allclose(product[:9], np.dot(left[:9].astype(np.float64),
                                           right), rtol=1e-3):
        yield Finding('FAIL', 'BLAS', 'wrong product from %s' % linked,
                      'use the pinned one: unset blas.ldflags')
    elif rate < SLOW_GEMM:
        yield Finding('warn', 'BLAS', fact + ': slow', 'linked: %s; is the '
                      'machine busy?' % linked)
    else:
        yield Finding('ok', 'BLAS', fact)


def openmp():
    """Whether convolutions are spread over the cores."""
    import theano
    if theano.config.openmp:
        yield Finding('ok', 'OpenMP', '%s threads'
                      % os.environ.get('OMP_NUM_THREADS'))
    else:
        yield Finding('warn', 'OpenMP', 'off', 'install a g++ with libgomp; '
                      + unset('openmp'))


def first_line(error):
    """The first line of an exception's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def active(args):
    """The operations in use, tried out on a small network."""
    if 'theano' not in sys.modules:
        return            # why it was not prepared has been said
    import theano

    from ops.inspection import missing
    name, note = operations.choose_ops(args.ops, args.device, args.float64)
    said = '%s: %s' % (name, note)
    if args.device != 'cpu':
        yield Finding('ok', 'ops', said)
        return
    if operations.kept_out(UserSettings()):
        yield Finding('warn', 'ops', said, SETTINGS)
    elif note and not args.float64:
        yield Finding('warn', 'ops', said,
                      'install them: docs/speed.md says what they gain')
    try:
        function, arrays = block()
        results = function(*arrays)
    except Exception as error:
        yield Finding('FAIL', 'ops', '%s: %s' % (name, first_line(error)),
                      SETTINGS if name == 'theano' else
                      'meanwhile, --ops theano does without')
        return
    absent = missing(function, name, gradients=True)
    worst = max(map(relative_error, results, twin(*arrays)))
    if absent:
        yield Finding('FAIL', 'ops', '%s, but graphs go without %s'
                      % (name, ', '.join(absent)), SETTINGS)
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


CHECKS = [compiled, active]
