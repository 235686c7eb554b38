"""What works: Theano compiles C, uses it, and calls the BLAS it should.

Theano falls back to Python without a word that a user would notice, so the
thunks of a compiled function are looked at one by one.
"""

import os
import time
import timeit

import environment
from checks import Finding
from environment.theano_flags import unset

SIZE = 1536          # of the square matrices that time the BLAS
SLOW_GEMM = 5e9      # a core of the last ten years does several times that


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
    threads = os.environ.get('OMP_NUM_THREADS')
    if theano.config.openmp:
        yield Finding('ok', 'OpenMP', '%s threads' % threads)
    else:
        yield Finding('warn', 'OpenMP', 'off', 'install a g++ with libgomp; '
                      + unset('openmp'))


def first_line(error):
    """The first line of an exception's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


CHECKS = [compiled]
