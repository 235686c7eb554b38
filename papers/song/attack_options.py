"""Options that test1.py to test4.py and explore.py share."""

import command_line
from attacking.options import add_batch, add_models

ARITHMETICS = ('float32', 'float64', 'logodds')
PIXELS = 784
PROBING = ('auto', 'receptive-field', 'brute')
MODELS = ('runs/std', 'runs/std-T20', 'runs/distill')


def add_attack(options, variant_help=''):
    """What is attacked and how; the group, for more."""
    group = options.add_argument_group('attack')
    add_models(group, 'mnist_cnn.py and distill.py', MODELS)
    group.add_argument('--arithmetic', nargs='+', choices=ARITHMETICS,
                       default=list(ARITHMETICS), help='floating point as '
                       'published, the same in double precision, or '
                       'log-odds, which never underflow (default: all three)')
    group.add_argument('--variant', choices=('paper', 'script'),
                       default='paper', help='script: the last pixel of the '
                       'limit never counts, as in the published loop%s'
                       % variant_help)
    group.add_argument('--limit', type=command_line.whole(1, PIXELS),
                       default=100, metavar='N',
                       help='most pixels to overwrite')
    group.add_argument('--test-temperature', default=1., metavar='T',
                       type=command_line.number(0, inclusive=False),
                       help='T\' of the attacked head')
    return group


def add_machine(options):
    """What computes; results depend on it by rounding alone."""
    group = command_line.add_environment_options(options, float64=False)
    add_batch(group)
    group.add_argument('--probing', choices=PROBING, default='auto',
                       help='how Algorithms 2 and 4 try a pixel: on the '
                       'patch of every layer that sees it, or on the whole '
                       'image; auto: the first where the network allows it, '
                       'on a GPU whole images that are made there')
