"""Table 1, figure 3 and figure 2 of BANG as steps, parents before children."""

from papers.bang.recipes import CHOSEN, RECIPES
from papers.bang.records import NOISE
from papers.bang.settings import EVERY
from storage.attack_file import ARRAYS, RESULTS
from storage.run_description import DESCRIPTION
from study.settings import MNIST_TEST
from study.step import Step

MODELS = tuple(RECIPES['lenet'].models)
SNAPSHOTS = 'snapshots'   # as in snapshots.py, which imports Theano
SCRIPT = 'bang.py'   # trains a model, and continues its run
REGULAR, NOISE_MODEL = 'R0', CHOSEN['lenet']
#: Seconds a thousand iterations; a sample; a million distorted images.
TRAINING, ATTACK, DISTORTING = 40., .1, 100.
STAGES, SIGMAS = 20, 10   # of noise_bang.py


def make_plan(settings):
    """All steps of a study.

    Parameters
    ----------
    settings : dict
        See `papers.bang.settings`.

    Returns
    -------
    list of study.step.Step
        The table's models seed by seed, each followed by its attacks, then
        noise, then the grid, coarse before fine.
    """
    steps = []
    for seed in range(settings['seeds']):
        models = [table_model(settings, name, seed) for name in MODELS]
        steps += models + [attack(settings, model, 'samples')
                           for model in models]
    return steps + [noise(settings)] + grid(settings, steps)


def table_model(settings, name, seed):
    """A row of table 1; the two of figure 3 keep their weights."""
    words = ['--model', name] + ['--snapshots'] * (
        seed == 0 and name in (REGULAR, NOISE_MODEL))
    return training(settings, 'models/seed%d/%s' % (seed, name), words, seed,
                    kind='model', model=name)


def grid(settings, done):
    """Figure 2: a model a pair of beta and epsilon, coarse before fine.

    What is a row of table 1 is not trained again.
    """
    rules = {(rule.beta, rule.epsilon): name for name, rule
             in RECIPES['lenet'].models.items() if rule}
    by_name = {step.name: step for step in done}
    steps = []
    for level, beta, epsilon in coarse_to_fine(settings['betas'],
                                               settings['epsilons']):
        point = {'beta': beta, 'epsilon': epsilon, 'level': level}
        name = rules.get((beta, epsilon))
        if name:
            for folder in ('models', 'attacks'):
                by_name['%s/seed0/%s' % (folder, name)].about['grid'] = point
            continue
        model = training(
            settings, 'grid/models/beta%g-epsilon%g' % (beta, epsilon),
            ['--beta', '%g' % beta, '--epsilon', '%g' % epsilon], 0,
            kind='grid model', grid=point)
        steps += [model, attack(settings, model, 'grid_samples')]
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
    found = [None] * count
    if count:
        found[0] = found[-1] = 0
    level, spans = 1, [(0, count - 1)]
    while spans:
        halves = []
        for low, high in spans:
            if high - low > 1:
                middle = (low + high) // 2
                found[middle] = level
                halves += [(low, middle), (middle, high)]
        level, spans = level + 1, halves
    return found


def training(settings, name, words, seed, **about):
    """A training step; the numbers of a grid may keep one from learning."""
    every = min(EVERY, settings['iterations'])
    words = ['--dataset', settings['dataset']] + words + [
        '--iterations', str(settings['iterations']), '--test-every',
        str(every), '--seed', str(seed)]
    return Step(name, SCRIPT, tuple(words), (), (DESCRIPTION,),
                'bang-training-%s' % settings['dataset'],
                settings['iterations'] / 1000, TRAINING,
                dict(about, seed=seed, folder=name), resume=SCRIPT,
                may_fail=True)


def attack(settings, model, samples):
    """FGS, HC1 and PASS on one model."""
    count = settings[samples]
    words = ['--models', model.name, '--samples', str(count or 'all'),
             '--seed', '0'] + ['--pictures', '0'] * (samples != 'samples')
    about = dict(model.about, kind=model.about['kind'] + ' attack')
    name = model.name.replace('models/', 'attacks/')
    return Step(name, 'attack_bang.py', tuple(words), (model.name,),
                (RESULTS, ARRAYS), 'bang-attack', count or MNIST_TEST,
                ATTACK, dict(about, folder=name, of=model.name))


def noise(settings):
    """Figure 3: a regular model and one of BANG under random noise."""
    parents = tuple('models/seed0/' + name for name in (REGULAR, NOISE_MODEL))
    words = parents + (
        '--images', str(settings['noise_images']), '--repeats',
        str(settings['noise_repeats']), '--seed', '0')
    return Step('noise', 'noise_bang.py', words, parents, (NOISE,),
                'bang-noise', 10 * settings['noise_images']
                * settings['noise_repeats'] * STAGES * SIGMAS * 2 / 1e6,
                DISTORTING, {'kind': 'noise', 'seed': 0, 'folder': 'noise'},
                needs=(SNAPSHOTS,))
