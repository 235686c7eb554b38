"""Records of a study of the report that nobody ran, to recognise.

Networks are as attack_smooth.py's attack.json has them: see
`papers.smooth.records`.
"""

import json

from metrics.proportions import rate
from papers.smooth.attack_names import (
    ATTACKS,
    FORMAT,
    LEAST_LIKELY,
    LOG_ODDS,
    PREDICTED,
    RANDOM,
    TRANSFER,
    TRUE,
)
from papers.smooth.measures import FLOAT32, FLOAT64, LONG
from papers.smooth.plan import CONTROL, RISING, VANILLA
from papers.smooth.settings import CIFAR
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION

SNRS = [60, 50, 45, 40, 33, 25]
TOTAL = 1000
COMMAND = 'python attack_smooth.py --models models/seed0/Vanilla --snr 50 33'
#: Of 1,000 images right under the attacks at the strengths above, of a
#: network without a secret.
CURVE = {TRUE: [900, 850, 780, 700, 500, 300],
         LEAST_LIKELY: [900, 860, 800, 740, 600, 400],
         PREDICTED: [902, 855, 785, 705, 510, 310],
         LONG: [900, 845, 770, 680, 450, 240],
         TRANSFER: [905, 890, 870, 820, 700, 600],
         RANDOM: [910, 909, 908, 905, 900, 880]}


def shares(counts):
    return [rate(count, TOTAL) for count in counts]


def one_attack(counts, recovered=None):
    """One attack of an arithmetic; 3 images are lost again, or recovered."""
    if recovered is None:
        recovered = 3 + max(0, counts[4] - counts[1])
    cumulative = [min(counts[:k + 1]) for k in range(len(counts))]
    return {'accuracy': shares(counts), 'cumulative': shares(cumulative),
            'recovered': rate(recovered, TOTAL), 'blank': 0,
            'snr_after': [snr + .1 for snr in SNRS]}


def network(row=VANILLA, seed=0, clean=915, recovered=None, exact=None,
            worst=None, width=16, blocks=8, **changed):
    """A network's part; `changed` are counts by FGSM_true, PGD_40, ..."""
    names = {name.replace(' ', '_').replace('-', '_'): name
             for name in ATTACKS.values()}
    curves = {name: CURVE.get(name, CURVE[TRUE]) for name in ATTACKS.values()}
    curves.update({names[name]: counts for name, counts in changed.items()})
    found = {name: one_attack(counts, recovered if name == TRUE else None)
             for name, counts in curves.items()}
    double = dict(found, **{LOG_ODDS: one_attack(exact or curves[TRUE])})
    lowest = worst or [min(counts) for counts in zip(*curves.values())]
    return {'model': row, 'row': row, 'seed': seed, 'width': width,
            'blocks': blocks,
            'clean': rate(clean, TOTAL), 'snr': SNRS,
            'arithmetics': {
                FLOAT32: {'clean': rate(clean, TOTAL), 'attacks': found},
                FLOAT64: {'clean': rate(clean, TOTAL), 'attacks': double}},
            'worst': {FLOAT32: shares(lowest)},
            'saturated': {FLOAT32: 1, FLOAT64: 0}}


#: Accuracies that rise with strength along the true label's gradient alone.
LEAK = {'FGSM_true': [900, 940, 950, 960, 980, 970], 'recovered': 60}


def robust(row, seed=0, **changed):
    """A network that resists."""
    higher = [900, 890, 870, 850, 800, 600]
    curves = dict.fromkeys(
        ('FGSM_true', 'FGSM_predicted', 'FGSM_log_odds', 'R+FGSM', 'PGD_10',
         'FGSM_least_likely', 'transfer'), higher)
    curves['PGD_40'] = [900, 885, 865, 840, 780, 560]
    return network(row, seed, **dict(curves, **changed))


def control(seed=0):
    """The control, caught."""
    return network(CONTROL, seed, **LEAK)


def attack(*networks, part=CIFAR, seed=0, blocks=8):
    """A step's about and the networks of its attack.json."""
    return ({'kind': 'attack', 'part': part, 'blocks': blocks, 'seed': seed,
             'command': COMMAND, 'folder': 'attacks/seed%d' % seed},
            list(networks))


def training(row, seed=0, correct=9150, part=CIFAR, blocks=8, fitted=49000):
    """A step's about and its run.json, as far as it is read."""
    return ({'kind': 'model', 'part': part, 'blocks': blocks, 'seed': seed,
             'model': row, 'command': 'python smooth.py --seed %d' % seed,
             'folder': 'models/seed%d/%s' % (seed, row)},
            {'status': 'finished', 'test': {
                'accuracy': correct / 10000, 'correct': correct,
                'samples': 10000}, 'train': {
                    'accuracy': fitted / 50000, 'correct': fitted,
                    'samples': 50000}})


def records_of(trainings=(), attacks=()):
    """As a study reads them."""
    return {DESCRIPTION: list(trainings), RESULTS: list(attacks)}


def records():
    """Vanilla and Adv of two seeds, the row that rises and the control."""
    return records_of(
        [training(VANILLA), training(VANILLA, 1, 9170)],
        [attack(network(VANILLA), robust('Adv'), robust(RISING), control()),
         attack(network(VANILLA, 1), robust('Adv', 1), seed=1)])


def write(folder, networks, **changed):
    """A finished attack.json."""
    (folder / RESULTS).write_text(json.dumps(dict(
        {'format': FORMAT, 'status': 'finished', 'identity': {},
         'report': '', 'models': networks}, **changed)))
