"""The report's settings: schedules, rows of its tables, constants.

Plain numbers: the command line shows them before anything is imported.
"""

from typing import NamedTuple, Optional, Tuple


class Schedule(NamedTuple):
    """Learning rates, and the epochs after which each ends."""

    optimiser: str
    rates: Tuple[float, ...]
    ends: Tuple[int, ...]

    def boundaries(self, epochs):
        """The epochs after which rates change, of a training so long.

        Those of the report, or of a shorter training the same shares of it,
        rounded, with at least an epoch before each.
        """
        share = min(1, epochs / self.ends[-1])
        found = []
        for end in self.ends[:-1]:
            found.append(max(round(share * end), (found or [0])[-1] + 1))
        return found


class Rule(NamedTuple):
    """What a row of the report's tables adds to plain training.

    `parseval` is the network's variant; `beta`, of the projection, that of
    the table, `gamma` and `power` (m) too: None where it has 0. `adversary`
    is one of ADVERSARIES.
    """

    adversary: str = 'none'
    parseval: bool = False
    beta: Optional[float] = None
    gamma: Optional[float] = None
    power: Optional[int] = None
    augment: bool = False


#: Those that --dataset takes.
DATASETS = ('cifar10', 'cifar100', 'svhn', 'svhn-train', 'tiny-imagenet')
#: Which of the report's each is, whole or in part.
FAMILIES = {'cifar10': 'cifar10', 'cifar100': 'cifar100', 'svhn': 'svhn',
            'svhn-train': 'svhn', 'tiny-imagenet': 'tiny-imagenet',
            'tiny-imagenet-part': 'tiny-imagenet'}
CLASSES = {'cifar10': 10, 'cifar100': 100, 'svhn': 10, 'tiny-imagenet': 200}
ADVERSARIES = ('none', 'report', 'constant')

SHORT = Schedule('sgd', (.1, .001), (5, 55))
LONG = Schedule('sgd', (.1, .01, .001), (150, 250, 350))
ADAM = Schedule('adam', (1e-4, 1e-5), (20, 40))

BATCH_SIZE = 100
DECAY = 5e-4
BETA = .01
#: Of an image of the clean half, that of an adversarial one being 1.
CLEAN_WEIGHT = .3
#: Steps of the adversary 'constant', in epsilons.
CONSTANT = 4
#: The mean step of 33 dB, as the author's scripts have it.
EPSILONS = {'svhn': 0.010732325, 'cifar10': 0.0314, 'cifar100': 0.0314,
            'tiny-imagenet': 0.0314}
#: Images that epsilon is measured on, or the constants above.
MEASURED = ('train', 'test', 'published')
#: How the network sees the images whose gradient is asked for: in the
#: author's scripts as in training, by the half's own statistics, which then
#: count among the running ones; or as in tests.
PASSES = ('training', 'test')
#: Where adversarial pixels are cut to what pixels can be: where the author's
#: scripts do it (SVHN), everywhere, nowhere.
CUTS = ('report', 'always', 'never')
#: Edge of the crops that augmentation makes, also of Tiny ImageNet's 64
#: pixels, whose whole images are tested.
CROP = 32


def smooth(gamma, power):
    """A row with a regulariser."""
    return {'gamma': gamma, 'power': power}


#: What the words of a row's name stand for.
ADV = {'adversary': 'report'}
PSV = {'parseval': True, 'beta': BETA}
DA = {'augment': True}
#: The rows of tables 1 (SVHN) and 2 (Tiny ImageNet): the network type as it
#: is printed there, with γ and m where there are any.
MODELS = {
    'Vanilla': Rule(),
    'Adv': Rule(**ADV),
    'Smooth 0.01, 2': Rule(**smooth(.01, 2)),
    'Smooth 0.003, 2': Rule(**smooth(.003, 2)),
    'Smooth 0.001, 1': Rule(**smooth(.001, 1)),
    'Adv + Psv': Rule(**ADV, **PSV),
    'Adv + Smooth 0.001, 1': Rule(**ADV, **smooth(.001, 1)),
    'Adv + Smooth 0.01, 2': Rule(**ADV, **smooth(.01, 2)),
    'Adv + Smooth 0.001, 2': Rule(**ADV, **smooth(.001, 2)),
    'Adv + Psv + Smooth 0.001, 1': Rule(**ADV, **PSV, **smooth(.001, 1)),
    'da': Rule(**DA),
    'Adv + da': Rule(**ADV, **DA),
    'Smooth + da 0.01, 2': Rule(**DA, **smooth(.01, 2)),
    'Adv + Psv + da': Rule(**ADV, **PSV, **DA),
    'Adv + Smooth + da 0.01, 2': Rule(**ADV, **DA, **smooth(.01, 2)),
    'Adv + Psv + Smooth + da 0.001, 1': Rule(**ADV, **PSV, **DA,
                                             **smooth(.001, 1)),
}


def schedule(dataset, augment):
    """The report's Schedule of a data set."""
    if augment:
        return LONG
    return ADAM if dataset == 'tiny-imagenet' else SHORT
