#!/usr/bin/env python
"""Train LeNet or CIFAR-10 quick regularly or with BANG (Rozsa et al.).

    python bang.py                            regularly: R0
    python bang.py --bang                     by BANG, as the paper's figures
    python bang.py --model B3 --seed 2        a row of the paper's table
    python bang.py --beta 1.3 --epsilon 0.8   a point of its grid
    python bang.py --net cifar-quick --model B0 --dataset cifar10
    python bang.py --resume runs/bang-B1      continue after any interruption

Everything else is as Caffe ships these networks: initial weights, solver,
order of the samples, number of iterations. The last iterate is the model. A
run writes its weights, history and pictures into one folder.
"""

import os
import sys

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError
from papers.bang.recipes import CHOSEN, RECIPES, Rule
from papers.bang.system import BANG, ENTRIES

RESUMABLE = {'resume', 'iterations', 'device', 'threads', 'data_dir', 'graph'}
DATASETS = {'lenet': ('auto', 'mnist', 'digits'),
            'cifar-quick': ('cifar10', 'cifar10-jpeg')}


def parser():
    """The options of bang.py."""
    whole, number = command_line.whole, command_line.number
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('training')
    group.add_argument('--net', choices=tuple(RECIPES), default='lenet',
                       help='which network, with its solver')
    group.add_argument('--model', choices=tuple(RECIPES['lenet'].models),
                       help='a row of the paper\'s table 1 (LeNet) or 2; R1 '
                       'is R0 with other random numbers (default: R0)')
    group.add_argument('--bang', action='store_true', help='the model of the '
                       'paper\'s figures: %s' % ', '.join(
                           '%s %s' % pair for pair in CHOSEN.items()))
    group.add_argument('--beta', type=number(0, inclusive=False),
                       metavar='B', help='train by BANG, with this factor of '
                       'all gradients (default: that of --bang)')
    group.add_argument('--epsilon', type=number(0), metavar='E',
                       help='train by BANG, balancing this much (default: '
                       'that of --bang)')
    group.add_argument('--ratio', type=number(0), metavar='R',
                       help='train by BANG, with epsilon times this for '
                       'misclassified elements (default: that of --bang)')
    group.add_argument('--iterations', type=whole(1), metavar='N',
                       help='batches to train on (default: %s)' % ', '.join(
                           '%s %d' % (name, recipe.iterations)
                           for name, recipe in RECIPES.items()))
    group.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                       metavar='N', help='of weights and dropout')
    add_output_options(options)
    add_data_options(options)
    command_line.add_environment_options(options)
    return options


def add_output_options(options):
    """Where results go, and what is kept of the way there."""
    group = command_line.add_run_options(options, '--iterations')
    group.add_argument('--test-every', type=command_line.whole(1),
                       default=500, metavar='N',
                       help='iterations between two validations')
    group.add_argument('--snapshots', action='store_true',
                       help='keep the weights at every validation, for '
                       'noise_bang.py')


def add_data_options(options):
    """Which data, and where they are."""
    group = options.add_argument_group('data')
    group.add_argument(
        '--dataset', choices=sum(DATASETS.values(), ()),
        help='for LeNet auto: MNIST, or scikit-learn\'s digits, with a loud '
        'notice, where MNIST is neither on disk nor to be downloaded; for '
        'cifar-quick the original archive, or the same images as JPEG files '
        '(default: auto, cifar10)')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the data\'s files (default: '
                       '$MNIST_DIR, else the cache, else a download; '
                       '$CIFAR10_DIR; $CIFAR10_JPEG_DIR)')
    command_line.add_limit_option(group)


def main(args, given):
    """Train or resume, as the options say."""
    if args.resume:
        return resume(args, given)
    return train_new(args)


def train_new(args):
    """Train from scratch in a new folder."""
    settle(args)
    import environment
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops)
    import data
    from environment.provenance import provenance
    dataset = data.load(args.dataset, args.data_dir,
                        limit_train=args.limit_train)
    data.announce(chosen, dataset)
    from papers.bang.session import train
    from storage.run_folder import new_run
    folder = args.out or default_folder(args, dataset.name)
    description = dict(describe(args, dataset), **provenance(chosen))
    with new_run(folder, description, BANG) as run:
        run.update()
        train(run, dataset, args.graph)
        print('wrote %s' % run.path)
    return 0


def settle(args):
    """Put in what the options leave to the recipes; refuse contradictions."""
    recipe = RECIPES[args.net]
    own = [name for name in Rule._fields if getattr(args, name) is not None]
    ways = ['--model'] * bool(args.model) + ['--bang'] * args.bang + [
        '--' + name for name in own][:1]
    if len(ways) > 1:
        raise UserError('%s and %s: expected one of them, as each says how '
                        'to train' % tuple(ways[:2]))
    if args.bang:
        args.model = CHOSEN[args.net]
    if not (own or args.model):
        args.model = 'R0'
    rule = recipe.models[args.model or CHOSEN[args.net]]
    for name in Rule._fields:
        if getattr(args, name) is None:
            setattr(args, name, getattr(rule, name) if rule else None)
    args.iterations = args.iterations or recipe.iterations
    args.batch_size = recipe.batch_size
    check_iterations(args.iterations, args.test_every)
    if args.dataset is None:
        args.dataset = DATASETS[args.net][0]
    if args.dataset not in DATASETS[args.net]:
        raise UserError('--dataset: expected %s for --net %s, got %s' % (
            ' or '.join(DATASETS[args.net]), args.net, args.dataset))


def check_iterations(iterations, every):
    """Refuse a training that does not end with a validation."""
    if iterations % every:
        raise UserError('--iterations: expected a multiple of --test-every, '
                        '%d, got %d' % (every, iterations))


def describe(args, dataset):
    """What run.json says of a training before it starts."""
    import data
    from environment.provenance import typed_command
    arguments = {key: getattr(args, key) for key in ENTRIES['arguments']}
    arguments['save_errors'] = args.save_errors
    how = ('trained regularly' if args.beta is None else
           'trained by BANG (beta %g, epsilon %g, ratio %g)' % (
               args.beta, args.epsilon, args.ratio))
    title = '%s %s, seed %d, on %s' % (
        {'lenet': 'LeNet', 'cifar-quick': 'CIFAR-10 quick'}[args.net], how,
        args.seed, data.LABELS[dataset.name])
    return {'title': title, 'model': args.model or 'BANG',
            'architecture': args.net,
            'command': typed_command(),
            'arguments': arguments,
            'data': {'name': dataset.name, 'checksum': dataset.checksum}}


def default_folder(args, dataset):
    """runs/bang-R0, runs/bang-B1-seed3, runs/bang-cifar10-jpeg-B0, ..."""
    recipe = RECIPES[args.net]
    parts = ['bang'] + ([] if dataset == 'mnist' else [dataset])
    if args.model:
        parts.append(args.model)
    else:
        parts += ['%s%g' % (name, getattr(args, name))
                  for name in Rule._fields]
    parts += ['%s%d' % (word, value) for word, value, usual in (
        ('iterations', args.iterations, recipe.iterations),
        ('every', args.test_every, 500),
        ('first', args.limit_train, None), ('seed', args.seed, 0))
        if value != usual]
    return os.path.join('runs', '-'.join(
        parts + ['snapshots'] * args.snapshots + ['float64'] * args.float64))


def resume(args, given):
    """Continue a run exactly where its last checkpoint stands."""
    from storage.run_folder import existing_run
    from training import continuing
    continuing.refuse_settings(given, RESUMABLE)
    with existing_run(args.resume, BANG) as run:
        if 'iterations' in given:
            continuing.lengthen(run, 'iterations', args.iterations)
        if continuing.is_complete(run):
            print(continuing.nothing_to_do(run, 'iterations'))
            return 0
        continuing.check_checkpoint(run)
        arguments = run.description['arguments']
        check_iterations(arguments['iterations'], arguments['test_every'])
        continue_run(run, args, given)
        print('wrote %s' % run.path)
    return 0


def continue_run(run, args, given):
    """Prepare the process as the run was prepared, and train on."""
    from training import continuing
    chosen = continuing.prepare_again(run, args, given)
    import data
    from papers.bang.session import train
    dataset = data.load(
        run.description['data']['name'], args.data_dir,
        limit_train=run.description['arguments']['limit_train'])
    continuing.check_data(run, dataset)
    data.announce(chosen, dataset)
    continuing.note_resumption(run, chosen)
    train(run, dataset, args.graph)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
