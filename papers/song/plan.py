"""The whole paper as a list of steps, parents before children."""

import os

from papers.song.explorer_store import ABOUT, ARRAYS
from papers.song.rates import DISTILL, HOT_MODEL, NAMES, STD
from papers.song.settings import HOT
from storage.attack_file import ARRAYS as ATTACK_ARRAYS
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION
from study.step import Step

#: Algorithm -> script.
SCRIPTS = {1: 'test1.py', 2: 'test3.py', 3: 'test2.py', 4: 'test4.py'}
TRAIN = 'mnist_cnn.py'
#: Seconds an epoch; a sample, model and arithmetic; in all: see `Step`.
EPOCH = {'mnist': 200., 'digits': 4.}
SAMPLE = {1: .1, 2: .3, 3: .1, 4: 10.}
EXPLORING = 400.
EXPLORER = 'explorer'
LIMIT, PIXELS = 100, 784
UNBOUNDED_SAMPLES = 100
#: What a clone gets of a step's folder, by its kind: of attacks on the models
#: the JSON file, which has every sample.
FILES = {'model': (DESCRIPTION, 'history.json'), 'attack': (RESULTS,),
         'unbounded': (RESULTS,), EXPLORER: (ABOUT, ARRAYS)}


def make_plan(settings):
    """All steps of a study of some `papers.song.settings`, a list of Step."""
    steps = []
    for seed in range(settings['seeds']):
        steps += models(settings, seed)
    sweep = sweep_models(settings, steps)
    for seed in range(settings['seeds']):
        steps += attacks(settings, seed)
    steps += [explorer(settings)] + unbounded(settings) + sweep
    return steps + [one for step in steps if step.about.get('sweep')
                    for one in sweep_attacks(settings, step)]


def models(settings, seed):
    """The paper's three models of a seed."""
    std, hot, student = paths(seed)
    epochs = settings['epochs']
    found = [
        training(settings, std, 1, .1, epochs, seed, kind='model', model=STD),
        training(settings, hot, HOT, .1, epochs, seed, kind='model',
                 model=HOT_MODEL),
        training(settings, student, HOT, settings['student_rate'], epochs,
                 seed, hot, kind='model', model=DISTILL)]
    return [step._replace(published=FILES['model'], model=os.path.join(
        'seed%d' % seed if seed else '', step.about['model']))
        for step in found]


def paths(seed):
    """Where the paper's three models of a seed lie."""
    return tuple('models/seed%d/%s' % (seed, name) for name in NAMES)


def sweep_models(settings, done):
    """A model a temperature and rate; those there already are told so."""
    by_setting = {(step.arguments, step.script): step for step in done}
    for temperature in settings['temperatures']:
        for rate, value in (('fixed', .1), ('scaled', .1 * temperature)):
            step = training(
                settings, 'sweep/%s/T%g' % (rate, temperature), temperature,
                value, settings['sweep_epochs'], 0, kind='sweep model',
                sweep=[])
            step = by_setting.setdefault((step.arguments, step.script), step)
            step.about.setdefault('sweep', []).append(rate)
    return [step._replace(may_fail=True) for step in by_setting.values()
            if step not in done]


def training(settings, name, temperature, rate, epochs, seed, teacher=None,
             **about):
    """A training step."""
    words = ['--dataset', settings['dataset'], '--temperature',
             '%g' % temperature, '--learning-rate', '%g' % rate, '--epochs',
             str(epochs), '--seed', str(seed)]
    words += ['--teacher', teacher] if teacher else []
    return Step(
        name, 'distill.py' if teacher else TRAIN, tuple(words),
        (teacher,) if teacher else (), (DESCRIPTION,),
        'training-%s' % settings['dataset'], epochs,
        EPOCH[settings['dataset']], dict(about, seed=seed),
        resume=TRAIN, may_fail=settings['quick'])


def attacks(settings, seed):
    """Every algorithm in both variants on the three models of a seed."""
    return [attack(
        settings, 'attacks/seed%d/algorithm%d-%s' % (seed, algorithm,
                                                     variant),
        paths(seed), algorithm, samples_of(settings, algorithm), seed,
        ['--variant', variant], kind='attack', variant=variant)
        for algorithm in SCRIPTS for variant in ('paper', 'script')]


def explorer(settings):
    """Attacks recorded pixel by pixel on the models of seed 0."""
    words = ['--models', *paths(0), '--seed', '0', '--limit', str(LIMIT)]
    if settings['quick']:              # Algorithm 4 takes most of the time
        words += ['--algorithm', '1', '2', '3']
    return Step(
        EXPLORER, 'explore.py', tuple(words), paths(0), (ABOUT, ARRAYS),
        EXPLORER, 1, EXPLORING,
        {'kind': EXPLORER, 'seed': 0}, published=FILES[EXPLORER])


def unbounded(settings):
    """Algorithms 1 to 3 with leave to overwrite every pixel."""
    return [attack(
        settings, 'unbounded/algorithm%d' % algorithm, paths(0), algorithm,
        min(UNBOUNDED_SAMPLES, settings['samples']), 0,
        ['--arithmetic', 'float32', 'logodds'], limit=PIXELS,
        kind='unbounded', variant='paper') for algorithm in (1, 2, 3)]


def sweep_attacks(settings, model):
    """Every algorithm on one model of the sweep."""
    return [attack(
        settings, 'sweep-attacks/%s/algorithm%d' % (model.name, algorithm),
        (model.name,), algorithm,
        samples_of(settings, algorithm, 'sweep_samples'), 0,
        ['--pictures', '0'], kind='sweep attack', variant='paper',
        of=model.name) for algorithm in SCRIPTS]


def attack(settings, name, models, algorithm, samples, seed, extra,
           limit=LIMIT, **about):
    """An attack step on models that lie in the study."""
    words = ['--models', *models, '--samples', str(samples), '--seed',
             str(seed), '--limit', str(limit), *extra]
    arithmetics = 2 if '--arithmetic' in extra else 3
    return Step(
        name, SCRIPTS[algorithm], tuple(words), tuple(models),
        (RESULTS, ATTACK_ARRAYS),
        '%s-algorithm%d' % (about['kind'].replace(' ', '-'), algorithm),
        samples * len(models) * arithmetics, SAMPLE[algorithm],
        dict(about, seed=seed, algorithm=algorithm),
        published=FILES.get(about['kind'], ()))


def samples_of(settings, algorithm, name='samples'):
    """How many samples an algorithm attacks; 4 is a hundred times slower."""
    return settings[name + '4' if algorithm == 4 else name]
