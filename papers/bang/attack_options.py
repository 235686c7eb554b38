"""The command line of attack_bang.py."""

import command_line
from attacking.options import add_batch, add_models, add_output, add_samples

#: The image that PASS moves: see metrics.pass_score, which takes OpenCV.
MOVED = ('original', 'adversarial', 'none')
CHANNELS = ('own', 'reversed')
MODELS = ('runs/bang-R0', 'runs/bang-B1')


def parser(description):
    """The options; the description is the script's docstring."""
    options = command_line.script_parser(description)
    group = options.add_argument_group('attack')
    add_models(group, 'bang.py and import_caffe.py', MODELS)
    group.add_argument('--last', type=command_line.whole(1, 2 ** 20),
                       default=2 ** 14, metavar='S', help='how far HC1 '
                       'searches: the largest step, in grey levels of the '
                       'pixel that moves most; the paper does not say')
    group.add_argument('--pass-moves', choices=MOVED, default=MOVED[0],
                       help='which image PASS aligns with the other: the '
                       'paper\'s formula moves the adversarial image, its '
                       'figures of MNIST are those of the original moved, '
                       'of CIFAR-10 those of none')
    group.add_argument('--channels', choices=CHANNELS, default=CHANNELS[0],
                       help='of gradients in colour: with red and blue '
                       'reversed come the figures of the paper\'s table 2')
    add_samples(options, None)
    add_output(options, 'runs/attack-bang', '', 5, 'a model')
    command_line.add_environment_options(options)
    add_batch(options)
    return options
