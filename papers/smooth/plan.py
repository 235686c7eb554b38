"""The report as steps: trainings seed by seed, then the attacks on them.

A step attacks several networks of a seed, since an attack is transferred from
one of them, Vanilla. Parseval networks are attacked apart: they learn slowly,
and one that has learnt nothing leaves nothing to attack to its whole step.
"""

from papers.smooth.attack_names import RATIOS, REPORTED
from papers.smooth.printed import TABLES
from papers.smooth.recipes import MODELS, schedule
from papers.smooth.settings import (
    CIFAR,
    REPORTED_BLOCKS,
    SVHN,
    TINY,
    WIDTH,
)
from storage.attack_file import ARRAYS, RESULTS
from storage.run_description import DESCRIPTION
from study.step import Step

SCRIPT, ATTACK = 'smooth.py', 'attack_smooth.py'
VANILLA = 'Vanilla'
#: The training that must give labels away, by the name that runs have.
CONTROL = 'Constant adv'
#: The row that rises with the attack's strength.
RISING = 'Adv + Smooth 0.001, 2'
#: What is trained on each data set: rows of the report's tables, controls.
ROWS = {
    CIFAR: (VANILLA, 'Adv', 'Smooth 0.01, 2', 'Adv + Psv',
            'Adv + Smooth 0.01, 2', RISING, 'Adv + Psv + Smooth 0.001, 1',
            CONTROL),
    SVHN: (*TABLES[SVHN], CONTROL),
    TINY: tuple(TABLES[TINY])}
#: Of ten blocks on CIFAR-10: the rows that may have had them in the report,
#: and what transferred attacks come from.
TEN_ROWS = (VANILLA, 'Adv + Smooth 0.01, 2', RISING)
#: Test images attacked of the report's own data sets.
SAMPLES = 10000
IMAGES = {CIFAR: 50000, SVHN: 594388, TINY: 100000}
#: A guess at images a second in training: on one core at width 16, whose
#: cost grows by an exponent of the width, and on a GPU at width 64.
CORE, EXPONENT, GPU = 181., 1.96, 1000
ADVERSARIAL = 1.5   # passes of an adversarial training, those of a plain one 1
GRADIENTS = 220     # an attacked image's: PGD's at the report's strengths
#: What a clone gets of a step's folder, by its kind.
FILES = {'model': (DESCRIPTION, 'history.json'), 'attack': (RESULTS,)}


def make_plan(settings):
    """All steps of a study of some `papers.smooth.settings`, list of Step."""
    return [step for part in settings['parts']
            for blocks in blocks_of(settings, part)
            for seed in range(settings['seeds'])
            for step in seed_steps(settings, part, blocks, seed)]


def blocks_of(settings, part):
    """The numbers of blocks that a part's networks have."""
    return {CIFAR: settings['blocks'], SVHN: (8, 10),
            TINY: (REPORTED_BLOCKS,)}[part]


def seed_steps(settings, part, blocks, seed):
    """The trainings of a seed, and the attack on them."""
    rows = TEN_ROWS if (part, blocks) == (CIFAR, 10) else ROWS[part]
    trained = [training(settings, part, blocks, row, seed) for row in rows]
    return trained + [
        attack(settings, part, blocks, seed, group, [
            step for step in trained if step.about['model'] == VANILLA
            or group_of(step.about['model']) == group])
        for group in dict.fromkeys(map(group_of, rows))]


def group_of(row):
    """With which others a row's networks are attacked."""
    rule = MODELS.get(row)
    return 'parseval' if rule and rule.parseval else 'plain'


def place(part, blocks):
    """Where a part's steps are: '', 'svhn/', 'svhn/10-blocks/', ..."""
    return '%s%s' % ('' if part == CIFAR else part + '/',
                     '' if blocks == REPORTED_BLOCKS
                     else '%d-blocks/' % blocks)


def folder(row):
    """A row as the name of a folder: 'Adv-Psv-Smooth-0.001-1'."""
    return row.replace(' + ', '-').replace(', ', '-').replace(' ', '-')


def size(settings, part, row):
    """(width, epochs, training images) of a training."""
    if part == CIFAR or settings['quick']:
        return tuple(settings[name]
                     for name in ('width', 'epochs', 'limit_train'))
    rule = MODELS.get(row)
    return (WIDTH, schedule(part, rule and rule.augment).ends[-1],
            IMAGES[part])


def training(settings, part, blocks, row, seed):
    """A training step; a clone gets the weights of CIFAR-10's seed 0."""
    width, epochs, images = size(settings, part, row)
    words = ['--dataset', part] + (
        ['--model', row] if row in MODELS else ['--adversary', 'constant']) + [
        '--width', str(width), '--blocks', str(blocks), '--epochs',
        str(epochs), '--seed', str(seed)]
    if images != IMAGES[part]:
        words += ['--limit-train', str(images)]
    name = '%smodels/seed%d/%s' % (place(part, blocks), seed, folder(row))
    shown = part == CIFAR and blocks == REPORTED_BLOCKS and seed == 0
    return Step(name, SCRIPT, tuple(words), (), (DESCRIPTION,),
                'smooth-training-%s-%d' % (part, width),
                work(row, epochs, images) / 1000, 1000 * seconds(width),
                about('model', part, blocks, seed, model=row),
                resume=SCRIPT, may_fail=settings['quick'],
                data_dir=part == CIFAR, published=FILES['model'],
                model='smooth-' + folder(row) if shown else None)


def attack(settings, part, blocks, seed, group, trained):
    """All attacks on a group of a seed's networks."""
    models = tuple(step.name for step in trained)
    width, _, _ = size(settings, part, VANILLA)
    snrs = REPORTED if settings['quick'] else RATIOS
    samples = (settings['samples'] if part == CIFAR or settings['quick']
               else SAMPLES)
    words = ('--models', *models, '--snr', *map('{:g}'.format, snrs),
             '--samples', str(samples), '--seed', '0')
    return Step('%sattacks/seed%d/%s' % (place(part, blocks), seed, group),
                ATTACK, words, models, (RESULTS, ARRAYS),
                'smooth-attack-%s-%d' % (part, width),
                samples * len(models) * GRADIENTS / 1000,
                1000 * seconds(width), about('attack', part, blocks, seed),
                data_dir=part == CIFAR, published=FILES['attack'])


def about(kind, part, blocks, seed, **more):
    """What the ledger needs to know of a step."""
    return dict(more, kind=kind, part=part, blocks=blocks, seed=seed)


def work(row, epochs, images):
    """Images of a training, an adversarial one's counted by its passes."""
    rule = MODELS.get(row)
    plain = rule is not None and rule.adversary == 'none'
    return epochs * images * (1 if plain else ADVERSARIAL)


def seconds(width):
    """An image's, in training on one core: a guess."""
    return (width / 16) ** EXPONENT / CORE


def gpu_hours(part, row):
    """Of a training as the report's, on a GPU: an estimate."""
    epochs = schedule(part, MODELS[row].augment).ends[-1]
    return work(row, epochs, IMAGES[part]) / GPU / 3600
