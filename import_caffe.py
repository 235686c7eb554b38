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

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError
from papers.bang.recipes import RECIPES
from papers.bang.system import BANG, ENTRIES

DATASETS = {'lenet': ('mnist', 'digits'),
            'cifar-quick': ('cifar10', 'cifar10-jpeg')}


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
                       'data\'s files (default: $MNIST_DIR, $CIFAR10_DIR, '
                       '$CIFAR10_JPEG_DIR)')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Read, test, write."""
    if args.file is None:
        raise UserError('expected the name of a .caffemodel.h5')
    import environment
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops)
    from papers.bang.caffe import read_caffe
    name, arrays = read_caffe(args.file, BANG.shapes)
    import data
    from environment.provenance import provenance
    from storage.run_folder import new_run
    dataset = data.load(choose(args.dataset, name), args.data_dir)
    data.announce(chosen, dataset)
    folder = args.out or os.path.join(
        'runs', os.path.basename(args.file).split('.')[0])
    description = dict(describe(args, name, dataset), **provenance(chosen))
    with new_run(folder, description, BANG) as run:
        run.update()
        conclude(run, name, arrays, dataset)
        print('wrote %s' % run.path)
    return 0


def choose(dataset, net):
    """The data set of a network, if it is one of its own."""
    if dataset not in (None,) + DATASETS[net]:
        raise UserError('--dataset: expected %s for the weights of %s, got %s'
                        % (' or '.join(DATASETS[net]), net, dataset))
    return dataset or DATASETS[net][0]


def describe(args, net, dataset):
    """What run.json says; of a training elsewhere little is known."""
    import data
    from attacking.inputs import printable
    from environment.provenance import typed_command
    from storage.model_file import checksum
    arguments = dict.fromkeys(ENTRIES['arguments'])
    arguments.update(net=net, model=args.model, float64=args.float64)
    file = {'name': printable(os.path.basename(args.file)),
            'sha256': checksum(args.file)}
    return {'title': '%s by Caffe (%s), on %s' % (
                net, file['name'], data.LABELS[dataset.name]),
            'model': args.model, 'architecture': net, 'imported': file,
            'command': typed_command(),
            'arguments': arguments,
            'data': {'name': dataset.name, 'checksum': dataset.checksum}}


def conclude(run, name, weights, dataset):
    """Test the network and write it as a finished model."""
    import numpy as np

    from metrics import classification
    from network.functions import in_batches
    from papers.bang.functions import as_pixels, logits_function
    from papers.bang.networks import arrays, build_network, set_arrays
    from papers.bang.session import mean_image
    from training.conclusion import finish
    network = build_network(name, np.random.RandomState(0))
    if network.mean is not None:
        weights = dict(weights, **{
            network.mean.name: mean_image(dataset.train.images)})
    set_arrays(network, weights)
    logits = in_batches(logits_function(network), dataset.test.images,
                        as_pixels)
    finish(run, arrays(network),
           classification.describe(logits, dataset.test.labels, 1.),
           logits.argmax(axis=1), dataset)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
