#!/usr/bin/env python
"""Time training, forward passes, probes and attacks on a GPU.

    python benchmarks/gpu_speed.py --only train
    python benchmarks/gpu_speed.py --only attacks --model runs/gpu/std

Ours through Theano, and PyTorch eager and by CUDA graphs on the same GPU, in
turns as `benchmarks/speed.py` takes them. PyTorch comes with pip install
.[bench]; --no-torch does without.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from benchmarks.measuring import origin, write
from benchmarks.speed import compete

BATCHES = {'train': (32, 128, 512, 2048), 'forward': (128, 1024, 8192),
           'probes': (1, 8, 32), 'attacks': (8, 32, 128)}
CALLS = {'train': 20, 'forward': 20, 'probes': 5, 'attacks': 1}


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--device', default='cuda0', metavar='cuda0')
    options.add_argument('--only', choices=list(BATCHES), default='train')
    options.add_argument('--rounds', type=command_line.whole(1), default=7)
    options.add_argument('--model', default='runs/gpu/std', metavar='RUN',
                         help='for attacks')
    options.add_argument('--no-torch', action='store_true',
                         help='leave PyTorch out')
    options.add_argument('--out', metavar='FILE', default='gpu-speed.json')
    return options


def contenders(args):
    """Name to settings; see `theano_tasks` and `torch_tasks`."""
    both = {'device': args.device, 'model': args.model, 'threads': 2}
    ours = dict(both, framework='theano', ops='theano', tuned=True)
    found = {'ours': dict(ours, float64=False),
             'ours, float64': dict(ours, float64=True)}
    if not args.no_torch:
        torch = dict(both, framework='torch')
        found['PyTorch eager'] = dict(torch, graphs=False)
        if args.only != 'attacks':   # whose calls differ from one another
            found['PyTorch CUDA graphs'] = dict(torch, graphs=True)
    return found


def rows(only, names):
    """Measurements as `speed.measure` wants them."""
    tasks = ([only] if only != 'attacks'
             else ['attack%d' % k for k in (1, 2, 3, 4)])
    return [(task, batch, batch * (784 if only == 'probes' else 1),
             CALLS[only], names) for task in tasks
            for batch in BATCHES[only]]


def main(args, given):
    """Start the contenders, time them in turns, write the figures."""
    taking_part = contenders(args)
    about, figures = compete(taking_part, rows(args.only, set(taking_part)),
                             args)
    write(args.out, {**origin(), 'contenders': {
        name: {key: told[key] for key in ('setup', 'seconds_to_first_call')}
        for name, told in about.items()}, 'figures': figures})


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
