"""The report's trainings, as their options tell them; without NumPy."""

import os

from errors import UserError
from papers.smooth.architecture import Architecture
from papers.smooth.recipes import (
    BATCH_SIZE,
    BETA,
    CLASSES,
    CROP,
    DECAY,
    EPSILONS,
    FAMILIES,
    MEASURED,
    MODELS,
    PASSES,
    Rule,
    schedule,
)
from papers.smooth.run_format import SMOOTH
from training.system import System


def settle(args):
    """The settings, with what the options leave to the report."""
    rule = chosen_rule(args)
    name = next((name for name, known in MODELS.items() if known == rule),
                None)
    family = FAMILIES[args.dataset]
    plan = schedule(family, rule.augment)
    settings = dict(
        vars(args), model=name, **rule._asdict(), optimiser=plan.optimiser,
        rates=list(plan.rates), epochs=args.epochs or plan.ends[-1])
    if args.boundaries is None:
        settings['boundaries'] = plan.boundaries(settings['epochs'])
    settings['cut'] = args.cut == 'always' or (
        args.cut in (None, 'report') and family == 'svhn')
    if rule.adversary == 'none':
        refuse(args, ('epsilon_from', 'cut', 'noise_pass'),
               'with an adversary')
        settings['cut'] = False
    else:
        settings['epsilon_from'] = args.epsilon_from or MEASURED[0]
        settings['noise_pass'] = args.noise_pass or PASSES[0]
    if not rule.augment:
        refuse(args, ('crop',), 'with --augment')
    else:
        settings['crop'] = args.crop or CROP
    return settings


def chosen_rule(args):
    """The Rule of --model, or of the options in its place.

    A UserError where they contradict each other, or one lacks another.
    """
    own = {name: getattr(args, name) for name in Rule._fields
           if getattr(args, name) is not None}
    if args.model:
        if own:
            raise UserError('--model and --%s: expected one of them, as each '
                            'says how to train' % next(iter(own)))
        return MODELS[args.model]
    for name, other in (('gamma', 'power'), ('power', 'gamma')):
        if name in own and other not in own:
            raise UserError('--%s: expected with --%s, which the regulariser '
                            'needs, too' % (name, other))
    if 'beta' in own and 'parseval' not in own:
        raise UserError('--beta: expected with --parseval, the network that '
                        'the projection is for')
    if 'parseval' in own:
        own.setdefault('beta', BETA)
    return Rule(**own)


def refuse(args, names, where):
    """Refuse options that say nothing here."""
    for name in names:
        if getattr(args, name) is not None:
            raise UserError('--%s: expected %s alone'
                            % (name.replace('_', '-'), where))


def check(settings):
    """Refuse phases that cannot be, and halves that are empty."""
    boundaries, rates = settings['boundaries'], settings['rates']
    if len(boundaries) != len(rates) - 1 or any(
            type(end) is not int or end <= before
            for before, end in zip([0, *boundaries], boundaries)):
        raise UserError(
            '--boundaries: expected %d epochs, one after the other, at the '
            'end of which the learning rates %s change, got %s' % (
                len(rates) - 1, ', '.join('%g' % rate for rate in rates),
                ', '.join(map(str, boundaries)) or 'none'))
    halved = settings['adversary'] != 'none'
    if halved and settings['batch_size'] < 2:
        raise UserError('--batch-size: expected 2 or more with an adversary, '
                        'which has one half of each batch, got 1')
    # Strides make one pixel of 8 x 8, or of 16 x 16; whole images have more.
    least = 8 if settings['blocks'] == 8 else 16
    if settings.get('dataset') == 'tiny-imagenet':
        least *= 2                   # its pool
    images = settings['batch_size'] // (2 if halved else 1)
    if settings['augment'] and settings['crop'] <= least and images < 2:
        raise UserError(
            '--batch-size: expected 2 images or more in all that batch norm '
            'sees, as crops of %d pixels end as one pixel, got 1%s' % (
                settings['crop'], ' in half a batch' if halved else ''))


def load(settings):
    """Colour images; the test part validates, too, as in the report."""
    import data
    return data.load(settings['dataset'], settings['data_dir'], 'whole',
                     settings['limit_train'])


def complete(settings, dataset):
    """With the adversary's epsilon, which depends on the data."""
    if settings['adversary'] == 'none':
        return dict(settings, epsilon=None)
    measured = settings['epsilon_from']
    if measured == 'published':
        return dict(settings, epsilon=EPSILONS[FAMILIES[dataset.name]])
    from papers.smooth.adversary import mean_step
    from papers.smooth.training import normalisation_of
    epsilon = mean_step(getattr(dataset, measured).images,
                        *normalisation_of(dataset))
    print('epsilon of 33 dB, from the %s images: %.6g' % (
        {'train': 'training'}.get(measured, measured), epsilon), flush=True)
    return dict(settings, epsilon=epsilon)


def architecture(settings, dataset):
    """The Architecture for a data set of that name."""
    family = FAMILIES[dataset]
    return Architecture(
        settings['width'], settings['blocks'], classes=CLASSES[family],
        pool=family == 'tiny-imagenet', parseval=settings['parseval'])


def describe(settings, dataset):
    """Title, model and architecture for run.json."""
    import data
    model = model_name(settings)
    return {'title': '%s, width %d, %d blocks, seed %d, on %s' % (
                model, settings['width'], settings['blocks'],
                settings['seed'], data.LABELS[dataset]),
            'model': model,
            'architecture': architecture(settings, dataset).name}


def model_name(settings):
    """A row of the tables, or what the training is made of."""
    if settings['model']:
        return settings['model']
    parts = {'report': ['Adv'], 'constant': ['Constant adv'],
             'none': []}[settings['adversary']]
    if settings['parseval']:
        parts.append('Psv %g' % settings['beta'])
    if settings['gamma']:
        parts.append('Smooth %(gamma)g, %(power)d' % settings)
    return ' + '.join(parts + ['da'] * settings['augment'])


def folder(settings, dataset):
    """runs/smooth-cifar10-Vanilla, runs/smooth-svhn-Adv-Psv-width16, ..."""
    name = model_name(settings).replace(' + ', '-').replace(',', '')
    plan = schedule(FAMILIES[dataset], settings['augment'])
    parts = ['smooth', dataset, name.replace(' ', '-')]
    parts += ['%s%s' % (word, settings[name]) for word, name, usual in (
        ('width', 'width', Architecture().width),
        ('blocks', 'blocks', Architecture().blocks),
        ('epsilon-', 'epsilon_from', MEASURED[0]),
        ('noise-', 'noise_pass', PASSES[0]),
        ('crop', 'crop', CROP), ('decay', 'decay', DECAY),
        ('batch', 'batch_size', BATCH_SIZE),
        ('epochs', 'epochs', plan.ends[-1]), ('first', 'limit_train', None),
        ('seed', 'seed', 0)) if settings[name] not in (usual, None)]
    if settings['boundaries'] != plan.boundaries(settings['epochs']):
        parts += ['to%d' % end for end in settings['boundaries']]
    if settings['adversary'] != 'none' and settings['cut'] != (
            FAMILIES[dataset] == 'svhn'):
        parts.append('cut' if settings['cut'] else 'uncut')
    return os.path.join('runs', '-'.join(
        parts + ['float64'] * settings['float64']))


SYSTEM = System(SMOOTH, 'papers.smooth.training', settle, load, describe,
                folder, complete=complete, check=check)
