"""Compile a graph with constants to be folded, and say what it became.

    python tests/compiling_process.py graph NUMBER
    python tests/compiling_process.py lose NUMBER
    python tests/compiling_process.py hold SECONDS

In Theano's compile directory as THEANO_FLAGS names it. `lose` compiles twice,
and empties that directory in between. `hold` takes its lock, says so, and
keeps it: somebody who compiles for long.
Used by test_environment_compiling.py.
"""

import glob
import os
import shutil
import sys
import time

import environment

environment.prepare(threads=1, ops='theano')

import numpy as np
import theano
import theano.tensor as T
from theano.gof import cmodule, compilelock


def compile_graph(number):
    """One of many graphs: its operations in order, and a value."""
    x = T.tensor4('x')
    kernel = T.constant(np.ones((2, 1, 3, 3), 'float32'))
    folded = T.exp(kernel * (number + 2)) - T.log(kernel + number)
    y = T.nnet.relu(T.nnet.conv2d(x, folded)) ** (number + 2)
    function = theano.function([x], T.tanh(y - number).sum())
    value = function(np.linspace(0, 1e-3, 64).reshape(1, 1, 8, 8).astype(
        'float32'))
    return ['%s' % node.op for node in function.maker.fgraph.toposort()
            ] + ['%.4g' % value]


def lose_modules():
    """Somebody clears the cache, before we have loaded what we know of."""
    for folder in glob.glob(theano.config.compiledir + '/tmp*'):
        shutil.rmtree(folder)
        for name in list(sys.modules):
            if name.startswith(os.path.basename(folder) + '.'):
                del sys.modules[name]
    cmodule.get_module_cache(theano.config.compiledir).module_from_name.clear()


def main(work, number):
    """Compile, lose or hold."""
    if work == 'lose':
        print(compile_graph(int(number)))
        lose_modules()
        work = 'graph'
    if work == 'graph':
        print(compile_graph(int(number)), flush=True)
        return
    with compilelock.lock_ctx():
        print('holding', flush=True)
        time.sleep(float(number))


if __name__ == '__main__':
    main(*sys.argv[1:])
