"""Not a test: float32, as users have it, looked at from a test.

    python ops_process.py ARRAYS.npz THREADS

Writes what the operations compute into a file and, as one thread, prints a
line of JSON on the graphs of the paper's network.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import environment

print(environment.prepare(ops='onednn', threads=int(sys.argv[2])))

import graph_looks
import numpy as np
import theano

from ops.bias_relu import BiasReLUPool, BiasReLUPoolGrad
from ops.convolution import (
    ConvolutionBlock,
    ConvolutionBlockGrad,
)

CASES = [(13, 3, 12, 9, 8, True), (37, 16, 24, 24, 32, False)]


def blocks():
    """Results of single operations: name -> array."""
    found = {}
    for k, (n, c, h, width, f, pool) in enumerate(CASES):
        generator = np.random.RandomState(k)
        x, w, b = [theano.shared(generator.standard_normal(shape).astype('f4'))
                   for shape in ((n, c, h, width), (f, c, 3, 3), (f,))]
        y = ConvolutionBlock(pool=pool, mask=pool)(x, w, b, return_list=True)
        gradients = ConvolutionBlockGrad(pool=pool)(x, w, y[-1], y[0] + 1)
        bias = theano.shared(generator.standard_normal(c).astype('f4'))
        p, mask = BiasReLUPool()(x, bias)
        ours = [p, mask] + BiasReLUPoolGrad()(mask, p + 1, x.shape)
        for name, outputs in (('onednn', y + gradients), ('c', ours)):
            function = theano.function([], outputs)
            results, again = function(), function()
            for j, (result, same) in enumerate(zip(results, again)):
                assert result.tobytes() == same.tobytes(), (name, j)
                found['%s %d %d' % (name, k, j)] = result
    return found


def report():
    """On the graphs of the paper's network."""
    images, labels = graph_looks.bordered_images(13)
    fused = graph_looks.loss_and_gradients()
    results, again = [fused(images, labels) for _ in range(2)]
    compiled = [fused] + graph_looks.real_functions(20., soft=True)
    plain = graph_looks.loss_and_gradients(
        theano.compile.get_default_mode().excluding(
            'bias_relu', 'convolution'))
    return {
        'unfused': sum(map(graph_looks.unfused, compiled), []),
        'blocks': min(graph_looks.names(function).get('ConvolutionBlock', 0)
                      for function in compiled),
        'repeated': all(a.tobytes() == b.tobytes()
                        for a, b in zip(results, again)),
        'errors': graph_looks.errors(results, plain(images, labels))}


np.savez(sys.argv[1], **blocks())
if sys.argv[2] == '1':
    print(json.dumps(report()))
