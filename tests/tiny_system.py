"""A whole paper's training, as small as can be; docs/adding-a-paper.md.

    python tests/tiny_system.py --out run

It learns to tell five digits of 8 × 8 pixels in colours.
"""

import hashlib
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from storage.run_description import FLAG, TEXT, RunFormat, whole
from training import script
from training.system import System

FORM = RunFormat(
    script='tests/tiny_system.py', format='tiny-run/1', unit='epoch',
    entries={'arguments': {'epochs': whole(1), 'batch_size': whole(1),
                           'seed': whole(0), 'checkpoint_every': whole(1),
                           'float64': FLAG},
             'data': {'name': TEXT, 'checksum': TEXT},
             'machine': {'device': TEXT, 'threads': whole(1)}},
    shapes={'tiny': {'conv1.W': (4, 3, 3, 3), 'conv1.b': (4,),
                     'centre.mean': (36,), 'dense1.W': (36, 5),
                     'dense1.b': (5,)}})


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--epochs', type=command_line.whole(1), default=4)
    options.add_argument('--batch-size', type=command_line.whole(1),
                         default=10)
    options.add_argument('--seed', type=command_line.whole(0), default=0)
    options.add_argument('--data-dir')
    command_line.add_run_options(options, '--epochs')
    command_line.add_environment_options(options)
    return options


def load(settings):
    """scikit-learn's digits 0 to 4, (n, 3, 8, 8), as a negative in green."""
    import numpy as np
    from sklearn.datasets import load_digits

    from data import Dataset, Part
    digits = load_digits(n_class=5)
    grey = (15 * digits.images).astype(np.uint8)             # (901, 8, 8)
    images = np.stack([grey, 255 - grey, grey // 2], axis=1)
    labels = digits.target.astype(np.uint8)
    return Dataset('digits', 'scikit-learn',
                   hashlib.sha256(images.tobytes()).hexdigest(),
                   *(Part(images[part], labels[part]) for part in (
                       slice(600), slice(600, 750), slice(750, None))))


def describe(settings, dataset):
    """Title, model and architecture for run.json."""
    return {'title': 'a tiny network, seed %d, on %s' % (
                settings['seed'], dataset),
            'model': 'tiny', 'architecture': 'tiny'}


def folder(settings, dataset):
    """Of the run."""
    return os.path.join('runs', 'tiny-seed%d' % settings['seed'])


SYSTEM = System(FORM, 'tiny_training', settle=vars, load=load,
                describe=describe, folder=folder)


def main(args, given):
    """Train or resume."""
    return script.run(SYSTEM, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
