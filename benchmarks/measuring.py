"""What benchmarks share: turns, ratios, PyTorch or a word, the file."""

import importlib.util
import time

import command_line
import environment
from environment.provenance import (
    git_commit,
    processor,
    typed_command,
    versions,
)
from errors import UserError
from storage.atomic import write_json

WARMING = 5  # calls before anything counts


def require_torch(otherwise=', or --no-torch'):
    """Refuse to compare with a PyTorch that is not there."""
    if importlib.util.find_spec('torch') is None:
        raise UserError('expected PyTorch, found none: pip install .[bench]'
                        + otherwise)


def add_attack_options(options, out):
    """--data-dir, --threads, --ops and --out, whose default is `out`."""
    options.add_argument('--data-dir', metavar='DIR')
    options.add_argument('--threads', type=command_line.whole(1),
                         metavar='N')
    command_line.add_ops_option(options)
    options.add_argument('--out', metavar='FILE', default=out)


def add_step_options(options, rounds, out):
    """--rounds, --torch, --profile, the environment's, and --out."""
    options.add_argument('--rounds', type=command_line.whole(1),
                         default=rounds, metavar='N')
    options.add_argument('--torch', action='store_true', help='beside '
                         'PyTorch')
    options.add_argument('--profile', action='store_true',
                         help='where the time goes, instead')
    command_line.add_environment_options(options)
    options.add_argument('--out', metavar='FILE', default=out)


def prepare_steps(args):
    """Prepare the process as these say: an environment.Environment."""
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops)
    if args.torch:
        require_torch(', or leave --torch out')
    print(chosen)
    import theano
    theano.config.profile = args.profile
    return chosen


def in_turns(steps, rounds):
    """Seconds of every call, by step; the first in a round alternates.

    In turns, a machine's moods meet all that are compared.

    Parameters
    ----------
    steps : dict of str to callable
    rounds : int

    Returns
    -------
    dict of str to list of float
    """
    seconds = {name: [] for name in steps}
    for number in range(-WARMING, rounds):
        names = list(steps)
        for name in names[::-1] if number % 2 else names:
            begin = time.perf_counter()
            steps[name]()
            if number >= 0:
                seconds[name].append(time.perf_counter() - begin)
    return seconds


def compare(seconds, name, other):
    """All medians in milliseconds, and that of one's ratios to another's."""
    import numpy as np
    ratios = np.divide(seconds[name], seconds[other])
    return {**{each + '_ms': 1000 * float(np.median(kept))
               for each, kept in seconds.items()},
            'ratio': float(np.median(ratios)),
            'quartiles': np.percentile(ratios, [25, 75]).tolist()}


def origin():
    """Where figures of several processes come from, JSON-ready."""
    return {'processor': processor(), 'versions': versions(),
            'git_commit': git_commit()}


def write(path, figures):
    """Write figures, and the command that measured them, as JSON."""
    write_json(path, {'command': typed_command(), **figures})
    print('wrote %s' % path)
