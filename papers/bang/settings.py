"""The options of the study of BANG that its steps depend on."""

from errors import UserError
from study.settings import PAPER, notice_of

NAME = 'bang'
#: Figure 2: 13 x 13 models.
BETAS = tuple(round(1 + .05 * k, 2) for k in range(13))
EPSILONS = tuple(round(.78 + .005 * k, 3) for k in range(13))
#: The paper's, and what --quick makes of them. `samples` is how many test
#: images are attacked, None all; the paper's noise is that of its figure 3.
FULL = {'dataset': 'mnist', 'seeds': 3, 'iterations': 10000,
        'samples': None, 'grid_samples': 1000, 'noise_images': 100,
        'noise_repeats': 1000, 'betas': BETAS, 'epsilons': EPSILONS}
QUICK = dict(FULL, seeds=1, iterations=300, samples=24, grid_samples=12,
             noise_images=2, noise_repeats=5, betas=(1., 1.6),
             epsilons=(.78, .84))
#: More of these adds steps to a study and changes none.
MAY_CHANGE = ('seeds', 'betas', 'epsilons')
#: See `study.settings`; figure 3's interval is its images'.
LENGTH, AT_LEAST = 'iterations', ('samples', 'grid_samples', 'noise_images')
EVERY = 500   # iterations between two validations, as in figure 3


def settle(args, given):
    """The settings that the options ask for, a JSON-ready dict."""
    settings = dict(QUICK if args.quick else FULL)
    settings.update({PAPER: NAME, 'quick': args.quick, 'dataset':
                     args.dataset or ('digits' if args.quick else 'mnist')})
    for name in set(FULL) & given - {'dataset'}:
        settings[name] = getattr(args, name)
    if settings['iterations'] % min(EVERY, settings['iterations']):
        raise UserError('--iterations: expected a multiple of %d, or fewer, '
                        'got %d' % (EVERY, settings['iterations']))
    for name in ('betas', 'epsilons'):
        settings[name] = sorted(set(settings[name]))
    return settings


def notice(settings):
    """What every product of a study of other settings has to say, else ''."""
    return notice_of(settings, FULL, LENGTH, AT_LEAST)
