"""Trainings of BANG's networks, as their options tell them; without NumPy."""

import os

from errors import UserError
from papers.bang.recipes import CHOSEN, RECIPES, SOFTMAX, TRAIN_IMAGES, Rule
from papers.bang.run_format import BANG
from training.system import System

DATASETS = {'lenet': ('auto', 'mnist', 'digits'),
            'cifar-quick': ('cifar10', 'cifar100', 'folder')}
#: Channels, height and width of the images that a network takes.
INPUTS = {'lenet': (1, 28, 28), 'cifar-quick': (3, 32, 32)}
NETS = {'lenet': 'LeNet', 'cifar-quick': 'CIFAR-10 quick'}


def settle(args):
    """The settings, with what the options leave to the recipes."""
    recipe = RECIPES[args.net]
    own = [name for name in Rule._fields if getattr(args, name) is not None]
    refuse_two_ways(args, own)
    model = CHOSEN[args.net] if args.bang else args.model
    if not (own or model):
        model = 'R0'
    rule = recipe.models[model or CHOSEN[args.net]]
    settings = dict(
        vars(args), model=model, batch_size=recipe.batch_size,
        iterations=args.iterations or recipe.iterations,
        dataset=choose_dataset(args.dataset, args.net, DATASETS),
        train_images=training_images(args.net, args.train_images))
    for name in Rule._fields:
        if settings[name] is None and rule:
            settings[name] = getattr(rule, name)
    if settings['beta'] is not None:
        settings['softmax'] = args.softmax or SOFTMAX[0]
    elif args.softmax:
        raise UserError('--softmax: expected with training by BANG (--model '
                        'B0 to B5, --bang, --beta), which alone magnifies '
                        'what it rounds; got it with --model %s' % model)
    return settings


def training_images(net, wanted):
    """How many of MNIST's train LeNet; None for other networks."""
    if net == 'lenet':
        return wanted or TRAIN_IMAGES[0]
    if wanted:
        raise UserError('--train-images: expected with LeNet alone, as '
                        'nothing of CIFAR is set aside, got it with --net %s'
                        % net)
    return None


def refuse_two_ways(args, own):
    """Refuse options that both say how to train."""
    ways = ['--model'] * bool(args.model) + ['--bang'] * args.bang + [
        '--' + name for name in own][:1]
    if len(ways) > 1:
        raise UserError('%s and %s: expected one of them, as each says how '
                        'to train' % tuple(ways[:2]))


def choose_dataset(dataset, net, datasets, whose='--net %s'):
    """The data set of a network, if it is one of its own."""
    if dataset not in (None,) + datasets[net]:
        raise UserError('--dataset: expected %s for %s, got %s' % (
            ' or '.join(datasets[net]), whose % net, dataset))
    return dataset or datasets[net][0]


def check(settings):
    """Refuse a training that does not end with a validation."""
    if settings['iterations'] % settings['test_every']:
        raise UserError('--iterations: expected a multiple of --test-every, '
                        '%d, got %d' % (settings['test_every'],
                                        settings['iterations']))


def load(settings):
    """MNIST, digits in its place, or colour images, fit for the network."""
    import data
    kept = settings.get('train_images', TRAIN_IMAGES[0])
    dataset = data.load(settings['dataset'], settings['data_dir'],
                        'paper' if kept == TRAIN_IMAGES[0] else 'whole',
                        settings['limit_train'])
    check_inputs(settings['net'], dataset)
    return dataset


def check_inputs(net, dataset):
    """Refuse images or classes that a network is not made for."""
    shape = dataset.test.images.shape[1:]
    classes = 1 + int(max(dataset.train.labels.max(),
                          dataset.test.labels.max()))
    most = 100 if dataset.name == 'cifar100' else 10
    if shape != INPUTS[net] or classes > most:
        raise UserError(
            '%s takes %d classes of images of %d x %d x %d (channels, height, '
            'width); got %d of %d x %d x %d from %s' % (
                (NETS[net], most) + INPUTS[net] + (classes,) + shape
                + (dataset.source,)))


def describe(settings, dataset):
    """Title, model and architecture for run.json."""
    import data
    how = ('trained regularly' if settings['beta'] is None else
           'trained by BANG (beta %g, epsilon %g, ratio %g)' % (
               settings['beta'], settings['epsilon'], settings['ratio']))
    title = '%s %s, seed %d, on %s' % (
        NETS[settings['net']], how, settings['seed'], data.LABELS[dataset])
    return {'title': title, 'model': settings['model'] or 'BANG',
            'architecture': settings['net'] + (
                '-100' if dataset == 'cifar100' else '')}


def folder(settings, dataset):
    """runs/bang-R0, runs/bang-B1-seed3, runs/bang-cifar10-B0, ..."""
    recipe = RECIPES[settings['net']]
    parts = ['bang'] + ([] if dataset == 'mnist' else [dataset])
    if settings['model']:
        parts.append(settings['model'])
    else:
        parts += ['%s%g' % (name, settings[name]) for name in Rule._fields]
    parts += ['%s%d' % (word, settings[name]) for word, name, usual in (
        ('iterations', 'iterations', recipe.iterations),
        ('every', 'test_every', 500), ('first', 'limit_train', None),
        ('train', 'train_images', training_images(settings['net'], None)),
        ('seed', 'seed', 0)) if settings[name] != usual]
    return os.path.join('runs', '-'.join(
        parts + ['theano'] * (settings['softmax'] == SOFTMAX[1])
        + ['snapshots'] * settings['snapshots']
        + ['float64'] * settings['float64']))


SYSTEM = System(BANG, 'papers.bang.training', settle, load, describe, folder,
                check=check)
