"""The command line that test1.py to test4.py share."""

import command_line

ARITHMETICS = ('float32', 'float64', 'logodds')
PIXELS = 784
PROBING = ('auto', 'receptive-field', 'brute')
MODELS = ('runs/std', 'runs/std-T20', 'runs/distill')


def parser(description, samples=1000, variant_help=''):
    """The options of an attack script.

    Parameters
    ----------
    description : str
        The script's docstring.
    samples : int
        How many test samples are attacked by default.
    variant_help : str
        What --variant means to this algorithm beside the last pixel.
    """
    options = command_line.script_parser(description)
    add_attack(options, variant_help)
    add_samples(options, samples)
    group = options.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', help='folder of the results '
                       '(default: runs/ and the name of the script); a run '
                       'of the same arguments in it is continued')
    group.add_argument('--pictures', type=command_line.whole(0), default=3,
                       metavar='N', help='samples drawn a model and '
                       'arithmetic')
    add_machine(options)
    return options


def add_attack(options, variant_help=''):
    """What is attacked and how; the group, for more."""
    group = options.add_argument_group('attack')
    group.add_argument('--models', nargs='+', metavar='RUN',
                       help='runs of mnist_cnn.py and distill.py (default: '
                       'those of %s that exist)' % ' '.join(MODELS))
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
    group = options.add_argument_group('machine')
    command_line.add_device_option(group)
    group.add_argument('--threads', type=command_line.whole(1), metavar='N',
                       help='CPU threads (default: all)')
    command_line.add_ops_option(group)
    group.add_argument('--batch', type=command_line.whole(1), default=1024,
                       metavar='N', help='most images in one call of the '
                       'network: bounds the memory')
    group.add_argument('--probing', choices=PROBING, default='auto',
                       help='how Algorithms 2 and 4 try a pixel: on the '
                       'patch of every layer that sees it, or on the whole '
                       'image; auto: the first where the network allows it, '
                       'on a GPU whole images that are made there')


def add_samples(options, samples):
    """How many test samples by default, None for all, and add_data's."""
    group = options.add_argument_group('data')
    group.add_argument('--samples', type=_samples, default=samples,
                       metavar='N|all', help='test samples, drawn without '
                       'replacement%s' % ('' if samples else
                                          ' (default: all)'))
    add_data(group)


def add_data(group):
    """Which samples in place of drawn ones, how they are drawn, from where."""
    group.add_argument('--indices', metavar='FILE', help='these test samples '
                       'instead: one whole number a line, from 0')
    group.add_argument('--seed', type=command_line.whole(0, 2 ** 32 - 1),
                       default=0, help='of the draw (default: 0)')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the data\'s files (default: '
                       '$MNIST_DIR, else the cache, else a download)')


def _samples(text):
    return None if text == 'all' else command_line.whole(1)(text)
