#!/usr/bin/env python
"""Where a training step goes: every convolutional block beside the machine.

    python benchmarks/blocks.py
    python benchmarks/blocks.py --batch 1024 --out blocks.json

Times the network's four blocks (convolution, bias, ReLU, perhaps max-pool)
as the oneDNN ops compute them, PyTorch's convolutions of the same arrays
without ReLU and pool, and a product of two large matrices, which is about as
fast as this machine computes; all in turns, in milliseconds and GFLOP/s. The
first block has no gradient of its images, as in training. A whole training
step stands beside the sum of its blocks.
"""

import functools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
import environment
from benchmarks.measuring import in_turns, require_torch, write

#: Name, channels, filters, side of the images, whether pooled (Table 1).
BLOCKS = (('conv1', 1, 32, 28, False), ('conv2', 32, 32, 26, True),
          ('conv3', 32, 64, 12, False), ('conv4', 64, 64, 10, True))
SIDE = 2048   # of the matrices


def parser():
    """The options of the benchmark."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--batch', type=command_line.whole(1), default=128)
    options.add_argument('--rounds', type=command_line.whole(1), default=30)
    options.add_argument('--threads', type=command_line.whole(1), default=2,
                         metavar='N')
    options.add_argument('--out', metavar='FILE', default='blocks.json')
    return options


def main(args, given):
    """Time all in turns and write the figures."""
    chosen = environment.prepare(threads=args.threads, ops='onednn')
    require_torch('')
    import torch

    from environment.provenance import provenance
    torch.set_num_threads(chosen.threads)
    matrices = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    calls = {'sgemm': functools.partial(torch.mm, *matrices),
             'training step': step(args.batch)}
    work = {'sgemm': 2 * SIDE ** 3}
    for row in BLOCKS:
        for direction, passes in (('forward', 1), ('backward', 2)):
            name = '%s %s' % (row[0], direction)
            flops = passes - (direction == 'backward' and row[1] == 1)
            for framework, make in (('ours', ours), ('PyTorch', pytorch)):
                calls[framework, name] = make(torch, row, args.batch)[
                    direction]
                work[framework, name] = flops * multiply_adds(
                    row, args.batch) * 2
    seconds = in_turns(calls, args.rounds)
    figures = {' '.join(name) if isinstance(name, tuple) else name:
               figure(kept, work.get(name)) for name, kept in seconds.items()}
    figures['ours, sum of blocks'] = {'ms': sum(
        figures['ours %s %s' % (row[0], direction)]['ms']
        for row in BLOCKS for direction in ('forward', 'backward'))}
    for name, found in figures.items():
        print('%-26s %8.2f ms %8s GFLOP/s' % (
            name, found['ms'], found.get('gflops', '')))
    write(args.out, {'figures': figures, **provenance(chosen)})


def multiply_adds(row, batch):
    """Of one pass of a block's convolution."""
    _, channels, filters, side, _ = row
    return batch * (side - 2) ** 2 * filters * channels * 9


def figure(seconds, flops):
    """Median in milliseconds, the rounds, GFLOP/s where the work is known."""
    middle = sorted(seconds)[len(seconds) // 2]
    found = {'ms': 1e3 * middle, 'rounds_ms': [1e3 * value
                                               for value in seconds]}
    if flops:
        found['gflops'] = round(flops / middle / 1e9)
    return found


def arrays(row, batch):
    """Images, filters and biases of a block; images lie as (n, h, w, c)."""
    import numpy as np
    _, channels, filters, side, _ = row
    rng = np.random.RandomState(0)
    x = rng.rand(batch, side, side, channels).astype(np.float32)
    return (x.transpose(0, 3, 1, 2),
            rng.randn(filters, channels, 3, 3).astype(np.float32),
            rng.rand(filters).astype(np.float32))


def step(batch):
    """A training step by the oneDNN ops."""
    import numpy as np

    from ops.inspection import require
    from papers.song.network import build_network
    from papers.song.training import training_step
    update = training_step(build_network(np.random.RandomState(0), 20.),
                           0.01, 0.5, 0.01).update
    require(update, 'onednn', gradients=True)
    x = arrays(BLOCKS[0], batch)[0]
    return functools.partial(update, x, np.zeros(batch, np.int32))


def ours(torch, row, batch):
    """Callables of a block by the oneDNN ops."""
    import numpy as np
    import theano
    import theano.tensor as T

    from ops.convolution import ConvolutionBlock, ConvolutionBlockGrad
    x, w, b = arrays(row, batch)
    pool, gradient = row[4], row[1] > 1
    symbols = T.tensor4(), T.tensor4(), T.vector()
    forward = theano.function(symbols, ConvolutionBlock(
        pool=pool, mask=pool)(*symbols, return_list=True))
    saved = forward(x, w, b)[-1]
    g = np.ones(saved.transpose(0, 2, 3, 1).shape, np.float32)
    inputs = symbols[:2] + (T.tensor4(dtype=saved.dtype), T.tensor4())
    backward = theano.function(inputs, ConvolutionBlockGrad(
        pool=pool, images=gradient)(*inputs, return_list=True))
    return {'forward': functools.partial(forward, x, w, b),
            'backward': functools.partial(backward, x, w, saved,
                                          g.transpose(0, 3, 1, 2))}


def pytorch(torch, row, batch):
    """Callables of a block's convolution alone by PyTorch."""
    layout = {'memory_format': torch.channels_last}
    x, w, b = map(torch.from_numpy, arrays(row, batch))
    w = w.contiguous(**layout)
    z = torch.nn.functional.conv2d(x, w, b)
    return {'forward': functools.partial(torch.nn.functional.conv2d, x, w, b),
            'backward': functools.partial(
                torch.ops.aten.convolution_backward, torch.ones_like(z), x, w,
                [len(b)], [1, 1], [0, 0], [1, 1], False, [0, 0], 1,
                [row[1] > 1, True, True])}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
