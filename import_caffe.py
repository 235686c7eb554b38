#!/usr/bin/env python
"""Make a model of ours of weights that Caffe trained (.caffemodel.h5).

    python import_caffe.py lenet_r0.caffemodel.h5 --model R0 --out runs/caffe
    python import_caffe.py cifar10_r0.caffemodel.h5 --dataset cifar10

LeNet or CIFAR-10 quick is told by the layers in the file. The model is
tested, and the folder it goes to is one that attack_bang.py takes as it
takes those of bang.py. Caffe's file has no mean image: CIFAR-10 quick gets
that of the training part.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError
from papers.bang.recipes import RECIPES
from papers.bang.run_format import BANG
from papers.bang.system import SYSTEM, choose_dataset
from training import script

DATASETS = {'lenet': ('mnist', 'digits'),
            'cifar-quick': ('cifar10', 'folder')}


def parser():
    """The options of import_caffe.py."""
    options = command_line.script_parser(__doc__)
    options.add_argument('file', metavar='FILE', nargs='?',
                         help='Caffe\'s weights')
    options.add_argument('--model', choices=tuple(RECIPES['lenet'].models),
                         help='the row of the paper\'s table that it is')
    options.add_argument('--out', metavar='RUN', help='folder of the model '
                         '(default: runs/ and the name of the file)')
    group = options.add_argument_group('data')
    group.add_argument('--dataset', choices=sum(DATASETS.values(), ()),
                       help='what the model was trained for (default: mnist '
                       'for LeNet, cifar10 for CIFAR-10 quick)')
    group.add_argument('--data-dir', metavar='DIR', help='folder of the '
                       'data\'s files (default: $MNIST_DIR or '
                       '$CIFAR10_DIR)')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Read, test, write."""
    if args.file is None:
        raise UserError('expected the name of a .caffemodel.h5')
    return script.import_weights(
        SYSTEM._replace(describe=describe, folder=folder), args, read)


def read(args):
    """The settings, most of them None, and the weights by name."""
    from papers.bang.caffe import read_caffe
    net, weights = read_caffe(args.file)
    settings = dict(dict.fromkeys(BANG.entries['arguments']), **vars(args))
    return dict(settings, net=net, dataset=choose_dataset(
        args.dataset, net, DATASETS, 'the weights of %s')), weights


def describe(settings, dataset):
    """What run.json says; of a training elsewhere little is known."""
    import data
    from attacking.inputs import printable
    from storage.model_file import checksum
    file = {'name': printable(os.path.basename(settings['file'])),
            'sha256': checksum(settings['file'])}
    return {'title': '%s by Caffe (%s), on %s' % (
                settings['net'], file['name'], data.LABELS[dataset]),
            'model': settings['model'], 'architecture': settings['net'],
            'imported': file}


def folder(settings, dataset):
    """runs/lenet_r0 of lenet_r0.caffemodel.h5."""
    return os.path.join(
        'runs', os.path.basename(settings['file']).split('.')[0])


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
