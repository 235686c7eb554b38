"""Records of a study of BANG that nobody ran, with numbers to recognise."""

from papers.bang.attack_names import ATTACKS
from papers.bang.recipes import RECIPES
from papers.bang.records import NOISE
from papers.bang.settings import LENET_50000, OF_TABLE_1
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION

COMMAND = 'python attack_bang.py --models models/seed0/R0'


def training(model, seed=0, correct=9916, **about):
    """The step's about and run.json of a row of table 1."""
    rule = RECIPES['lenet'].models.get(model)
    return (dict({'kind': 'model', 'table': OF_TABLE_1, 'model': model,
                  'seed': seed,
                  'folder': 'models/seed%d/%s' % (seed, model),
                  'command': 'python bang.py --model %s' % model}, **about),
            {'arguments': {'beta': rule and rule.beta, 'seed': seed,
                           'epsilon': rule and rule.epsilon},
             'status': 'finished',
             'test': {'accuracy': correct / 10000, 'correct': correct,
                      'samples': 10000, 'wilson_95': [.98, .999]}})


def one_attack(count, total=100, mean=40., blank=0):
    """One attack of attack.json."""
    return {'rate': {'count': count, 'total': total, 'low': 0., 'high': 1.},
            'blank': blank, 'unaligned': 1,
            'passed': {'mean': .4 if count else None,
                       'deviation': .1 if count else None},
            'l_infinity': {'mean': mean if count else None,
                           'deviation': 15. if count else None},
            'step': {'mean': mean, 'deviation': 0.}}


def attack(model, counts, seed=0, **about):
    """The step's about and its part of attack.json.

    counts: successes of 100 by FGS published, zeros, log-odds and HC1.
    """
    failed = 100 - counts[0]
    part = {'model': model, 'last': 128, 'attacks': dict(zip(ATTACKS, map(
        one_attack, counts))),
        'reach': {'1': 0, '64': 5, '128': counts[3], '256': counts[3]},
        'hidden': {'failed': failed, 'blank': failed - 1,
                   'failed_but_fooled_in_logodds': counts[2] - counts[0],
                   'blank_but_fooled_in_logodds': counts[2] - counts[0]}}
    return (dict({'kind': 'model attack', 'table': OF_TABLE_1, 'model': model,
                  'seed': seed,
                  'of': 'models/seed%d/%s' % (seed, model),
                  'command': COMMAND}, **about), part)


def noise():
    """The step's about and noise.json: 2 images, 10 repeats, 2 stages."""
    changes = {name: {stage: {'50': [0, 1], '100': [at_100, at_100]}
                      for stage in ('500', '1000')}
               for name, at_100 in (('regular', 2), ('bang', 1))}
    return ({'kind': 'noise', 'table': LENET_50000, 'seed': 0,
             'command': 'python noise_bang.py'},
            {'settings': {'iterations': [500, 1000], 'sigmas': [50, 100],
                          'indices': [3, 4], 'repeats': 10},
             'changes': changes,
             'percent': {'regular': [[5., 20.]] * 2,
                         'bang': [[5., 10.]] * 2}})


def records_of(trainings=(), attacks=(), noises=()):
    """As a study reads them."""
    return {DESCRIPTION: list(trainings), RESULTS: list(attacks),
            NOISE: list(noises)}


def records():
    """R0 with two seeds, B1, a 2 x 2 grid of which another B1 is a corner."""
    corner = {'grid': {'beta': 1., 'epsilon': .815, 'level': 0}}
    other = 'other/models/seed0/B1'
    trainings = [training('R0'), training('R0', 1, 9920),
                 training('B1'),
                 training('B1', table=LENET_50000, folder=other, **corner)]
    attacks = [attack('R0', (90, 99, 100, 99)),
               attack('R0', (92, 99, 100, 99), 1),
               attack('B1', (2, 50, 100, 94)),
               attack('B1', (4, 60, 100, 97), table=LENET_50000, of=other,
                      **corner)]
    for beta, epsilon in ((1., .84), (1.6, .815), (1.6, .84)):
        folder = 'grid/models/beta%g-epsilon%g' % (beta, epsilon)
        about = {'kind': 'grid model', 'folder': folder,
                 'table': LENET_50000,
                 'grid': {'beta': beta, 'epsilon': epsilon, 'level': 0}}
        trainings.append(training('B1', **about))
        attacks.append(attack('B1', (3, 60, 100, 90), **dict(
            about, kind='grid model attack', of=folder)))
    return records_of(trainings, attacks, [noise()])
