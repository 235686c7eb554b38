#!/usr/bin/env python
"""What BANG costs: a training step of it beside a regular one.

    python benchmarks/bang.py
    python benchmarks/bang.py --weights weights/bang-R0 weights/bang-B1
    python benchmarks/bang.py --net cifar-quick --torch --threads 1

Both steps are the recipe's, batch, solver and dropout, on weights of their
own and the same real images, and take turns, call by call. What counts is
the median over the rounds of the ratio of the two; all of it goes to a JSON
file. `--weights` goes on from two trained models, the regular one first:
the errors of a network that is sure of itself are smaller by far than those
of a fresh one. `--torch` lets the regular step in PyTorch, in its two memory
layouts, take turns, too. `--profile` prints instead where the time of BANG's
step goes, by Theano's own profiler.
"""

import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from benchmarks.measuring import (
    add_step_options,
    compare,
    in_turns,
    prepare_steps,
    write,
)
from benchmarks.torch_bang import LAYOUTS, torch_steps
from errors import UserError
from papers.bang.recipes import CHOSEN, RECIPES
from papers.bang.run_format import BANG

DATA = {'lenet': ('auto', 'mnist', 'digits'),
        'cifar-quick': ('cifar10', 'folder')}


def parser():
    """The options of the benchmark."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--net', choices=tuple(RECIPES), default='lenet')
    options.add_argument('--dataset', choices=sum(DATA.values(), ()),
                         help='(default: auto, cifar10)')
    options.add_argument('--data-dir', metavar='DIR')
    options.add_argument('--weights', nargs=2, metavar='RUN', help='go on '
                         'from these models (default: from fresh weights)')
    add_step_options(options, 200, 'benchmark-bang.json')
    return options


def main(args, given):
    """Time both steps in turns and write the figures."""
    chosen = prepare_steps(args)
    import theano

    import data
    from environment.provenance import provenance
    from storage.model_file import load_model
    dataset = data.load(args.dataset or DATA[args.net][0], args.data_dir)
    models = [load_model(run, BANG) for run in args.weights or ()]
    check(args.net, models)
    batches = make_batches(args.net, dataset, theano.config.floatX)
    steps = {name: make_step(args.net, rule, dataset, batches, model)
             for (name, rule), model in itertools.zip_longest(
                 rules(args.net).items(), models)}
    if args.torch:
        steps.update(torch_steps(
            args.net, batches, mean_of(args.net, dataset), chosen.threads))
    seconds = in_turns(steps, args.rounds)
    if args.profile:
        return
    figures = compare(seconds, 'bang', 'regular')
    print('%s, batch %d: regular %.2f ms, BANG %.2f ms a step; ratio, median '
          'of %d rounds, %.3f (quartiles %.3f to %.3f)' % (
              args.net, RECIPES[args.net].batch_size,
              figures['regular_ms'], figures['bang_ms'], args.rounds,
              figures['ratio'], *figures['quartiles']))
    if args.torch:
        best = min(LAYOUTS, key=lambda name: figures['pytorch_%s_ms' % name])
        beside = compare(seconds, 'regular', 'pytorch_' + best)
        figures.update(pytorch_best=best, pytorch_ratio=beside['ratio'],
                       pytorch_quartiles=beside['quartiles'])
        print('PyTorch, %s: %.2f ms a regular step; ours in %.3f of its time '
              '(quartiles %.3f to %.3f)' % (
                  best, figures['pytorch_%s_ms' % best], beside['ratio'],
                  *beside['quartiles']))
    write(args.out, {
        'arguments': vars(args), 'data': data.LABELS[dataset.name],
        **provenance(chosen), **figures, 'seconds': seconds})


def rules(net):
    """The two trainings: None, and BANG's parameters."""
    return {'regular': None, 'bang': RECIPES[net].models[CHOSEN[net]]}


def check(net, models):
    """Refuse another network's weights, and the two in another order."""
    for model, regular in zip(models, (True, False)):
        about = model.description
        if about['architecture'] != net or (
                about['arguments']['beta'] is None) != regular:
            raise UserError(
                '--weights: expected a model of %s trained regularly, then '
                'one by BANG, got %s' % (net, about['title']))


def make_batches(net, dataset, floatX):
    """Ten batches of the training part, as both frameworks take them."""
    import numpy as np
    images, labels = dataset.train
    size = RECIPES[net].batch_size
    return [(images[start:start + size].astype(floatX),
             labels[start:start + size].astype(np.int32))
            for start in range(0, 10 * size, size)]


def mean_of(net, dataset):
    """The mean image that a network subtracts, float32, or None."""
    from papers.bang.training import mean_image
    if net == 'lenet':
        return None
    return mean_image(dataset.train.images).astype('float32')


def make_step(net, rule, dataset, batches, model):
    """A callable that trains on one batch, the next one every time.

    It goes on from a model's weights, or without one from fresh ones.
    """
    import numpy as np

    from network.functions import set_arrays
    from papers.bang.networks import build_network
    from papers.bang.training import training_step
    recipe = RECIPES[net]
    network = build_network(net, np.random.RandomState(0))
    if network.mean is not None:
        network.mean.set_value(mean_of(net, dataset))
    step = training_step(network, recipe, rule)
    if model:
        set_arrays(network, model.weights)
        step.generators[-1].set_value(recipe.iterations)   # so far
    turn = itertools.cycle(batches)
    return lambda: step.update(*next(turn))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
