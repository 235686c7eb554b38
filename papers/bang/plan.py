"""BANG's tables and figures as steps, parents before children."""

from typing import NamedTuple, Tuple

from papers.bang.recipes import CHOSEN, RECIPES, SIGMAS, TRAIN_IMAGES
from papers.bang.records import NOISE
from papers.bang.settings import (
    CIFAR,
    CIFAR_OWN,
    EVERY,
    LENET,
    LENET_50000,
)
from storage.attack_file import ARRAYS, RESULTS
from storage.run_description import DESCRIPTION
from study.settings import MNIST_TEST
from study.step import Step

MODELS = tuple(RECIPES['lenet'].models)
SNAPSHOTS = 'snapshots'   # as in training.py, which imports Theano
SCRIPT = 'bang.py'   # trains a model, and continues its run
REGULAR = 'R0'
#: Seconds a thousand iterations; a sample; a million distorted images.
TRAINING = {'lenet': 40., 'cifar-quick': 110.}
ATTACK = {'lenet': .1, 'cifar-quick': .2}
DISTORTING = {'lenet': 100., 'cifar-quick': 200.}
STAGES = 20   # of noise_bang.py
#: Of misclassified elements, in a grid; 1 is bang.py's of LeNet.
RATIO = {'cifar-quick': .5}
#: What a clone gets of a step's folder, by its kind.
FILES = {'model': (DESCRIPTION, 'history.json'), 'model attack': (RESULTS,),
         'grid model': (DESCRIPTION,), 'grid model attack': (RESULTS,),
         'noise': (NOISE, 'noise.png')}
#: Tables whose models were put under noise and whose grids are trained.
FIGURES = (LENET_50000, CIFAR)


class Table(NamedTuple):
    """A table of the paper, on some training images.

    `folder` is where its steps are, '' or with a slash; `training` and
    `attack` are options of all its trainings and attacks, `bang` of its
    trainings by BANG. `models` is the table whose trainings it attacks, and
    `attacks` where its attacks are.
    """

    name: str
    net: str
    folder: str
    models: str
    training: Tuple[str, ...]
    attack: Tuple[str, ...] = ()
    attacks: str = 'attacks/'
    bang: Tuple[str, ...] = ()


#: Those that the study reruns, by name.
TABLES = {table.name: table for table in (
    Table(LENET, 'lenet', 'whole/', LENET,
          ('--train-images', str(TRAIN_IMAGES[1]))),
    Table(LENET_50000, 'lenet', '', LENET_50000,
          ('--train-images', str(TRAIN_IMAGES[0])),
          ('--pass-moves', 'adversarial'), bang=('--softmax', 'theano')),
    Table(CIFAR, 'cifar-quick', 'cifar10/', CIFAR, ('--net', 'cifar-quick'),
          ('--channels', 'reversed', '--pass-moves', 'none')),
    Table(CIFAR_OWN, 'cifar-quick', 'cifar10/', CIFAR, (),
          attacks='own-attacks/'))}


def make_plan(settings):
    """All steps of a study of some `papers.bang.settings`, a list of Step.

    The tables' models seed by seed, each followed by its attacks, then noise,
    then the grids, coarse before fine.
    """
    tables = [TABLES[name] for name in settings['tables']]
    steps = []
    for seed in range(settings['seeds']):
        for table in tables:
            models = [table_model(settings, table, name, seed)
                      for name in MODELS]
            steps += models + [
                attack(settings, model, 'samples', other)
                for other in TABLES.values() if other.models == table.name
                for model in models]
    for table in tables:
        if table.name in FIGURES:
            steps += [noise(settings, table)] + grid(settings, table, steps)
    return steps


def table_model(settings, table, name, seed):
    """A row of a table; the two of its figure of noise keep their weights.

    A clone gets these two of seed 0, and all of LeNet on all images, whose
    attacks are under way.
    """
    shown = seed == 0 and name in (REGULAR, CHOSEN[table.net])
    words = ['--model', name] + ['--snapshots'] * (
        shown and table.name in FIGURES)
    step = training(settings, table, 'models/seed%d/%s' % (seed, name), words,
                    seed, kind='model', model=name)
    if shown or seed == 0 and table.name == LENET:
        step = step._replace(model='-'.join(
            ['bang', *table.folder.split('/')[:-1], name]))
    return step


def grid(settings, table, done):
    """The figure of a grid: a model a pair of beta and epsilon.

    What is a row of the table is not trained again.
    """
    rules = {(rule.beta, rule.epsilon): name for name, rule
             in RECIPES[table.net].models.items() if rule}
    by_name = {step.name: step for step in done}
    prefix = 'cifar_' * (table.net != 'lenet')
    steps = []
    for level, beta, epsilon in coarse_to_fine(settings[prefix + 'betas'],
                                               settings[prefix + 'epsilons']):
        point = {'beta': beta, 'epsilon': epsilon, 'level': level}
        name = rules.get((beta, epsilon))
        if name:
            for folder in ('models', 'attacks'):
                by_name['%s%s/seed0/%s' % (table.folder, folder, name)].about[
                    'grid'] = point
            continue
        model = training(
            settings, table, 'grid/models/beta%g-epsilon%g' % (beta, epsilon),
            ['--beta', '%g' % beta, '--epsilon', '%g' % epsilon]
            + (['--ratio', '%g' % RATIO[table.net]] if prefix else []), 0,
            kind='grid model', grid=point)
        steps += [model, attack(settings, model, 'grid_samples', table)]
    return steps


def coarse_to_fine(betas, epsilons):
    """(level, beta, epsilon) of a grid: its corners first, level 0.

    Every level halves the steps of the one before, so that a study stopped
    between two of them has an even grid.
    """
    ranks = [dict(zip(values, levels(len(values))))
             for values in (betas, epsilons)]
    return sorted((max(ranks[0][beta], ranks[1][epsilon]), beta, epsilon)
                  for beta in betas for epsilon in epsilons)


def levels(count):
    """The level of each of `count` places in a row: 0 at both ends."""
    found = {0: 0, count - 1: 0, **dict(halves(0, count - 1, 1))}
    return [found[place] for place in range(count)]


def halves(low, high, level):
    """(place, level) of all places between two, the middle one first."""
    middle = (low + high) // 2
    if middle > low:
        yield middle, level
        yield from halves(low, middle, level + 1)
        yield from halves(middle, high, level + 1)


def training(settings, table, name, words, seed, **about):
    """A training step; the numbers of a grid may keep one from learning."""
    cifar = table.name == CIFAR
    length = 'cifar_iterations' if cifar else 'iterations'
    iterations = settings[length]
    dataset = CIFAR if cifar else settings['dataset']
    regular = about.get('model', '').startswith('R')
    words = ['--dataset', dataset] + words + list(table.training) + list(
        () if regular else table.bang) + [
        '--iterations', str(iterations), '--test-every',
        str(min(EVERY[length], iterations)), '--seed', str(seed)]
    name = table.folder + name
    return Step(name, SCRIPT, tuple(words), (), (DESCRIPTION,),
                'bang-training-%s' % dataset, iterations / 1000,
                TRAINING[table.net],
                dict(about, table=table.name, seed=seed),
                resume=SCRIPT, may_fail=True, data_dir=not cifar,
                published=FILES[about['kind']])


def attack(settings, model, samples, table):
    """FGS, HC1 and PASS on one model, for a table."""
    count = settings[samples]
    words = ['--models', model.name, *table.attack, '--samples',
             str(count or 'all'), '--seed', '0'] + ['--pictures', '0'] * (
                 samples != 'samples')
    about = dict(model.about, kind=model.about['kind'] + ' attack',
                 table=table.name)
    name = model.name.replace('models/', table.attacks)
    net = table.net
    return Step(name, 'attack_bang.py', tuple(words), (model.name,),
                (RESULTS, ARRAYS), 'bang-attack-%s' % net,
                count or MNIST_TEST, ATTACK[net],
                dict(about, of=model.name),
                data_dir=model.data_dir, published=FILES[about['kind']])


def noise(settings, table):
    """A regular model and one of BANG under random noise, over training."""
    parents = tuple('%smodels/seed0/%s' % (table.folder, name)
                    for name in (REGULAR, CHOSEN[table.net]))
    words = parents + (
        '--images', str(settings['noise_images']), '--repeats',
        str(settings['noise_repeats']), '--seed', '0')
    name = table.folder + 'noise'
    return Step(name, 'noise_bang.py', words, parents, (NOISE,),
                'bang-noise-%s' % table.net, 10 * settings['noise_images']
                * settings['noise_repeats'] * STAGES * len(SIGMAS[table.net])
                * 2 / 1e6, DISTORTING[table.net],
                {'kind': 'noise', 'table': table.name, 'seed': 0},
                needs=(SNAPSHOTS,),
                data_dir=table.name != CIFAR, published=FILES['noise'])
