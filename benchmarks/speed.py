#!/usr/bin/env python
"""Time training, forward passes and probes: our ops, Theano's, PyTorch.

    python benchmarks/speed.py
    python benchmarks/speed.py --rounds 3 --only train --out speed.json
    python benchmarks/speed.py --no-torch

Every contender is a process of its own, as its settings are read once; all
are alive at once and take turns, measurement by measurement and round by
round, so that whatever else the machine does disturbs them alike. Each round
begins with the next one, and every turn with a pause: idle threads of the
one before, OpenBLAS's in plain Theano above all, else spin for a while on
the cores of whoever follows. A ratio of two contenders is the median of the
rounds' ratios. Figures go to a JSON
file; `benchmarks/speed_report.py` makes the tables of docs/speed.md and a
plot. PyTorch comes with pip install .[bench].
"""

import multiprocessing
import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from benchmarks.measuring import origin, require_torch, write
from errors import UserError

THEANO = {'framework': 'theano', 'float64': False, 'tuned': True}
TORCH = {'framework': 'torch', 'float64': False, 'layout': 'default',
         'malloc': False, 'compile': False}
#: Name to settings; see `theano_tasks` and `torch_tasks`.
CONTENDERS = {
    'oneDNN ops': dict(THEANO, ops='onednn'),
    'C ops': dict(THEANO, ops='c'),
    'Theano, our settings': dict(THEANO, ops='theano'),
    'plain Theano': dict(THEANO, ops='theano', tuned=False),
    'PyTorch': TORCH,
    'PyTorch, our malloc': dict(TORCH, malloc=True),
    'PyTorch channels_last': dict(TORCH, layout='channels_last'),
    'PyTorch channels_last, our malloc': dict(
        TORCH, layout='channels_last', malloc=True),
    'PyTorch compiled': dict(TORCH, compile=True, malloc=True),
    'PyTorch compiled, channels_last': dict(
        TORCH, compile=True, malloc=True, layout='channels_last'),
    'C ops, float64': dict(THEANO, ops='c', float64=True),
    'Theano, our settings, float64': dict(THEANO, ops='theano',
                                          float64=True),
    'plain Theano, float64': dict(THEANO, ops='theano', float64=True,
                                  tuned=False),
}
PAUSE = 0.1   # seconds
DOUBLE = {name for name in CONTENDERS if 'float64' in name}
SINGLE = set(CONTENDERS) - DOUBLE
OURS = {'oneDNN ops', 'C ops, float64'}
#: Task, batch, images a call, calls a round, who takes part.
MEASUREMENTS = (
    [('train', 128, 128, 3, SINGLE | DOUBLE),
     ('forward', 128, 128, 5, SINGLE | DOUBLE),
     ('forward', 1024, 1024, 2, SINGLE | DOUBLE),
     ('probes', 8, 8 * 784, 1, OURS),
     ('brute_probes', 1, 784, 1, SINGLE | DOUBLE)]
    + [(task, batch, batch, 3, {'oneDNN ops', 'C ops', 'plain Theano',
                                'PyTorch channels_last, our malloc'})
       for task in ('train', 'forward') for batch in (1, 8, 32, 512)])


def parser():
    """The options of the benchmark."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--rounds', type=command_line.whole(1), default=9)
    options.add_argument('--threads', type=command_line.whole(1), default=2,
                         metavar='N')
    options.add_argument('--only', metavar='TASK', help='one task alone',
                         choices=sorted({row[0] for row in MEASUREMENTS}))
    options.add_argument('--contenders', nargs='+', metavar='NAME',
                         choices=list(CONTENDERS), default=list(CONTENDERS),
                         help='these alone: %s (default: all)' % ', '.join(
                             map(repr, CONTENDERS)))
    options.add_argument('--no-torch', action='store_true',
                         help='leave PyTorch out')
    options.add_argument('--out', metavar='FILE', default='speed.json')
    return options


def main(args, given):
    """Start the contenders, time them in turns, write the figures."""
    contenders = {name: dict(CONTENDERS[name], threads=args.threads)
                  for name in args.contenders
                  if not (args.no_torch and 'PyTorch' in name)}
    about, figures = compete(contenders, [
        row for row in MEASUREMENTS if args.only in (None, row[0])], args)
    write(args.out, {'threads': args.threads, **origin(),
                     'contenders': about, 'figures': figures})


def compete(contenders, rows, args):
    """Start the contenders and time them in turns.

    Parameters
    ----------
    contenders : dict
        Name to settings.
    rows : list
        As MEASUREMENTS.
    args : argparse.Namespace
        rounds; no_torch: whether it goes without PyTorch.

    Returns
    -------
    dict, list
        What each contender says of itself, by name; `measure` of every row.
    """
    if not args.no_torch:
        require_torch()
    running = {}
    try:
        for name, settings in contenders.items():
            running[name] = Contender(name, settings)
        figures = [measure(running, row, args.rounds) for row in rows]
    finally:
        for contender in running.values():
            contender.end()
    return {name: {'setup': contender.setup, 'peak_MiB': contender.peak,
                   'seconds_to_start': contender.start,
                   'seconds_to_first_call': contender.first}
            for name, contender in running.items()}, figures


class Contender:
    """A process that waits for requests; see `benchmarks.contender`."""

    def __init__(self, name, settings):
        from benchmarks.contender import serve
        self.name, self.peak, self.first = name, None, {}
        fresh = multiprocessing.get_context('spawn')
        self.pipe, theirs = fresh.Pipe()
        self.process = fresh.Process(target=serve, args=(settings, theirs))
        self.process.start()
        theirs.close()
        reply = self.read()
        self.setup, self.start = reply['setup'], reply['start']

    def ask(self, task, batch, calls):
        """Seconds a call."""
        self.pipe.send((task, batch, calls))
        reply = self.read()
        self.peak = self.peak or reply['peak_MiB']
        if reply['first'] is not None:
            self.first['%s %d' % (task, batch)] = reply['first']
        return reply['seconds']

    def read(self):
        """The next answer."""
        try:
            return self.pipe.recv()
        except EOFError:
            self.process.join()
            raise UserError('the process of %s ended with code %s: see above'
                            % (self.name, self.process.exitcode)) from None

    def end(self):
        """Let it end."""
        self.pipe.close()
        self.process.join()


def measure(running, row, rounds):
    """One measurement of all who take part: seconds a call, all rounds."""
    task, batch, images, calls, part = row
    seconds = {name: [] for name in running if name in part}
    names = list(seconds)
    for turn in range(rounds + 1):  # the first compiles and warms up
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            time.sleep(PAUSE)
            taken = running[name].ask(task, batch, calls if turn else 1)
            if turn:
                seconds[name].append(taken)
    for name, kept in seconds.items():
        middle = sorted(kept)[len(kept) // 2]
        print('%-12s batch %4d  %-34s %9.2f ms %10.0f images/s' % (
            task, batch, name, 1000 * middle, images / middle), flush=True)
    return {'task': task, 'batch': batch, 'images': images,
            'seconds': seconds}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
