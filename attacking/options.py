"""Options that attack scripts share."""

import command_line


def add_models(group, trained_by, usual):
    """Which models are attacked, and by default which runs."""
    group.add_argument('--models', nargs='+', metavar='RUN',
                       help='runs of %s (default: those of %s that exist)'
                       % (trained_by, ' '.join(usual)))


def add_samples(options, samples):
    """How many test samples are attacked, by default None for all; the
    options of `add_data`."""
    group = options.add_argument_group('data')
    group.add_argument('--samples', type=_samples, default=samples,
                       metavar='N|all', help='test samples, drawn without '
                       'replacement%s' % ('' if samples else
                                          ' (default: all)'))
    add_data(group)


def add_data(group):
    """A list of samples instead of a draw, the draw's seed, the folder."""
    group.add_argument('--indices', metavar='FILE', help='these test samples '
                       'instead: one whole number a line, from 0')
    group.add_argument('--seed', type=command_line.whole(0, 2 ** 32 - 1),
                       default=0, help='of the draw (default: 0)')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the data\'s files (default: '
                       '$MNIST_DIR, $CIFAR10_DIR or what the data set\'s is '
                       'called, else the cache, else a download)')


def add_batch(group):
    """How much memory a call of the network may take."""
    group.add_argument('--batch', type=command_line.whole(1), default=1024,
                       metavar='N', help='most images in one call of the '
                       'network: bounds the memory')


def add_output(options, out, default, pictures, drawn):
    """Where results go, and how many pictures are `drawn` of what.

    `out` and `pictures` are defaults; `default` says what the help of --out
    would not.
    """
    group = options.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', default=out,
                       help='folder of the results%s; a run of the same '
                       'arguments in it is continued' % default)
    group.add_argument('--pictures', type=command_line.whole(0),
                       default=pictures, metavar='N',
                       help='samples drawn %s' % drawn)


def _samples(text):
    return None if text == 'all' else command_line.whole(1)(text)
