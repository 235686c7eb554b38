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

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError

# Digits fill few batches: at T = 20 and batch 128 they never leave ln 10.
DIGITS_BATCH_SIZE = 16
PAPER_BATCH_SIZE = 128
RESUMABLE = {'resume', 'epochs', 'device', 'threads', 'data_dir', 'graph'}
# Settings that name a run's default folder where they are not the default.
NAMED = (('batch_size', 'batch'), ('learning_rate', 'rate'),
         ('momentum', 'momentum'), ('penalty', 'penalty'),
         ('split', ''), ('limit_train', 'first'), ('seed', 'seed'))


def parser():
    """The options of mnist_cnn.py."""
    options = command_line.script_parser(__doc__)
    add_training_options(options, temperature=1., learning_rate=0.1)
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
    if args.resume:
        return resume(args, given)
    return train_new(args, 'std')


def train_new(args, name, label=None):
    """Train from scratch in a new folder.

    Parameters
    ----------
    args : argparse.Namespace
    name : str
        The model's part of the default folder name.
    label : callable, optional
        (run description, dataset) -> (soft labels, teacher's description),
        for distillation.
    """
    import environment
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops)
    import data
    from environment.provenance import provenance
    dataset = data.load(args.dataset, args.data_dir, args.split,
                        args.limit_train)
    data.announce(chosen, dataset)
    if args.batch_size is None:
        args.batch_size = (DIGITS_BATCH_SIZE if dataset.name == 'digits'
                           else PAPER_BATCH_SIZE)
    if args.batch_size > len(dataset.train.labels):
        raise UserError('--batch-size: expected at most the %d training '
                        'samples, got %d' % (len(dataset.train.labels),
                                             args.batch_size))
    from papers.song.labels import write_labels
    from storage.run_folder import check_new, new_run
    from training.session import train
    folder = args.out or default_folder(args, dataset.name, name)
    check_new(folder)             # before a teacher is asked for its labels
    description = dict(describe(args, dataset, name), **provenance(chosen))
    labels = None
    if label:
        labels, description['distillation'] = label(args, dataset)
    with new_run(folder, description) as run:
        if label:
            write_labels(run, labels)
        run.update()
        train(run, dataset, labels, args.graph)
        print('wrote %s' % run.path)
    return 0


def describe(args, dataset, name):
    """What run.json says of a training before it starts."""
    import data
    from environment.provenance import typed_command
    from storage.run_description import ARCHITECTURE, ENTRIES
    arguments = {key: getattr(args, key) for key in ENTRIES['arguments']}
    arguments['save_errors'] = args.save_errors
    title = '%s at T = %g, seed %d, on %s' % (
        'standard CNN' if name == 'std' else 'distilled CNN',
        args.temperature, args.seed, data.LABELS[dataset.name])
    return {'title': title, 'model': name, 'architecture': ARCHITECTURE,
            'command': typed_command(),
            'arguments': arguments,
            'data': {'name': dataset.name, 'checksum': dataset.checksum}}


def default_folder(args, dataset, name, temperature=None):
    """runs/std, runs/std-T20, runs/distill, runs/digits-std-seed3, ...

    Parameters
    ----------
    args : argparse.Namespace
    dataset, name : str
        The data set's, the model's.
    temperature : float, optional
        Another one than args.temperature.
    """
    temperature = args.temperature if temperature is None else temperature
    parts = ['digits'] if dataset == 'digits' else []
    parts.append(name)
    if temperature != (1. if name == 'std' else 20.):
        parts.append('T%g' % temperature)
    usual = {'batch_size': (DIGITS_BATCH_SIZE if dataset == 'digits'
                            else PAPER_BATCH_SIZE),
             'learning_rate': 0.1 if name == 'std' else 0.05,
             'momentum': 0.5, 'penalty': 0.01, 'split': 'paper',
             'limit_train': None, 'seed': 0}
    parts += ['%s%s' % (word, getattr(args, key)) for key, word in NAMED
              if getattr(args, key) != usual[key]]
    return os.path.join('runs', '-'.join(
        parts + ['float64'] * args.float64))


def resume(args, given):
    """Continue a run exactly where its last checkpoint stands."""
    from storage.run_folder import existing_run
    from training import continuing
    continuing.refuse_settings(given, RESUMABLE)
    with existing_run(args.resume) as run:
        if 'epochs' in given:
            continuing.lengthen(run, 'epochs', args.epochs)
        if continuing.is_complete(run):
            print(continuing.nothing_to_do(run, 'epochs'))
            return 0
        continuing.check_checkpoint(run)
        continue_run(run, args, given)
        print('wrote %s' % run.path)
    return 0


def continue_run(run, args, given):
    """Prepare the process as the run was prepared, and train on."""
    from training import continuing
    chosen = continuing.prepare_again(run, args, given)
    import data
    from papers.song.labels import read_labels
    from training.session import train
    arguments = run.description['arguments']
    dataset = data.load(run.description['data']['name'], args.data_dir,
                        arguments['split'], arguments['limit_train'])
    continuing.check_data(run, dataset)
    data.announce(chosen, dataset)
    continuing.note_resumption(run, chosen)
    train(run, dataset, read_labels(run), args.graph)


def classify(args):
    """Print ten probabilities of one image, at T = 1 and at T."""
    if not args.model:
        raise UserError('--classify: expected --model RUN beside it')
    import environment
    print(environment.prepare(args.device, args.float64, args.threads,
                              args.ops))
    import data
    from network.functions import in_batches
    from papers.song.classify import classification_table, find_image
    from papers.song.training_step import load_logits
    from storage.model_file import load_model
    model = load_model(args.model)
    image, name = find_image(args.classify, model, args.data_dir)
    logits = in_batches(load_logits(model), image, data.scale)
    print(classification_table(logits, name, model))
    return 0


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
