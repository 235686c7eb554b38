#!/usr/bin/env python
"""Train the CNN of Song 2017 on MNIST and test it.

    python mnist_cnn.py                       M_std    (T = 1)
    python mnist_cnn.py --temperature 20      M_std-T  (T = 20)
    python mnist_cnn.py --resume runs/std     continue after any interruption
    python mnist_cnn.py --classify 7 --model runs/std
    python mnist_cnn.py --classify my_digit.png --model runs/std

Training uses softmax(z / T), testing softmax(z), as in the published
scripts. The defaults are the paper's. A run writes its weights, history and
pictures into one folder.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError
from papers.song.system import (
    DIGITS_BATCH_SIZE,
    PAPER_BATCH_SIZE,
    SYSTEM,
    USUAL,
)
from training import script


def parser():
    """The options of mnist_cnn.py."""
    options = command_line.script_parser(__doc__)
    add_training_options(options, *USUAL['std'])
    group = options.add_argument_group('classifying')
    group.add_argument('--classify', metavar='IMAGE|INDEX',
                       help='print ten probabilities, at T = 1 and at the '
                       'model\'s T, for an image file or a test image')
    group.add_argument('--model', metavar='RUN',
                       help='the run folder of the model that classifies')
    return options


def add_training_options(options, temperature, learning_rate):
    """Options of every training script, with the paper's defaults."""
    whole, number = command_line.whole, command_line.number
    group = options.add_argument_group('training')
    group.add_argument('--temperature', type=number(0, inclusive=False),
                       default=temperature, metavar='T',
                       help='T of the trained head')
    group.add_argument('--epochs', type=whole(1), default=50, metavar='N',
                       help='passes over the training part')
    group.add_argument('--batch-size', type=whole(1), metavar='N',
                       help='samples a batch (default: %d; digits: %d)'
                       % (PAPER_BATCH_SIZE, DIGITS_BATCH_SIZE))
    group.add_argument('--learning-rate', default=learning_rate,
                       type=number(0, inclusive=False), metavar='RATE',
                       help='of Nesterov\'s update')
    group.add_argument('--momentum', type=number(0), default=0.5,
                       help='of Nesterov\'s update, too', metavar='M')
    group.add_argument('--penalty', type=number(0), default=0.01,
                       metavar='P', help='times the sum of squares of the '
                       'last layer\'s weights: not in the paper, but in its '
                       'scripts')
    group.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                       metavar='N', help='of weights, dropout and batches')
    command_line.add_run_options(options, '--epochs')
    command_line.add_data_options(options)
    command_line.add_environment_options(options)


def main(args, given):
    """Train, resume or classify, as the options say."""
    if args.classify is not None:
        return classify(args)
    if args.model:
        raise UserError('--model: expected together with --classify')
    return script.run(SYSTEM, args, given)


def classify(args):
    """Print ten probabilities of one image, at T = 1 and at T."""
    if not args.model:
        raise UserError('--classify: expected --model RUN beside it')
    print(script.prepare(args))
    import data
    from network.functions import logits_function, outputs_of
    from papers.song.classify import classification_table, find_image
    from papers.song.network import load_network
    from papers.song.run_format import SONG
    from storage.model_file import load_model
    model = load_model(args.model, SONG)
    image, name = find_image(args.classify, model, args.data_dir)
    logits = outputs_of(logits_function(load_network(model)), image,
                        data.scale)
    print(classification_table(logits, name, model))
    return 0


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
