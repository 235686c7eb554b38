"""The paper's settings: solvers, BANG's parameters, the tables' models.

Plain numbers: the command line shows them before anything is imported.
"""

from typing import NamedTuple, Optional, Tuple


class Rule(NamedTuple):
    """BANG's parameters (equations 4 and 6), the same for all layers.

    `ratio` is what epsilon is multiplied by for misclassified elements.
    """

    beta: float
    epsilon: float
    ratio: float


class Recipe(NamedTuple):
    """How Caffe trains a network.

    The learning rate is `rate` · (1 + `gamma` · iteration)^-`power`, and is
    divided by 10 at each of `steps`. `models` are those of the paper's table
    by name, each a `Rule` or, trained regularly, None.
    """

    iterations: int
    batch_size: int
    rate: float
    gamma: float
    power: float
    steps: Tuple[int, ...]
    momentum: float
    decay: float
    models: 'dict[str, Optional[Rule]]'


def table(ratio, *pairs):
    """R0, R1 and B0, B1, … of (beta, epsilon) pairs."""
    models = {'R0': None, 'R1': None}
    for number, (beta, epsilon) in enumerate(pairs):
        models['B%d' % number] = Rule(beta, epsilon, ratio)
    return models


#: Table 1 and section 4.1, table 2 and section 4.2, and the solvers that
#: Caffe ships with these networks, which the paper takes unchanged.
RECIPES = {
    'lenet': Recipe(
        10000, 64, 0.01, 1e-4, 0.75, (), 0.9, 0.0005,
        table(1., (1., .785), (1., .815), (1.2, .81), (1.35, .78),
              (1.5, .84), (1.6, .78))),
    'cifar-quick': Recipe(
        20000, 100, 0.001, 0., 0., (18000, 19000), 0.9, 0.004,
        table(.5, (.4, .855), (.45, .805), (.75, .8), (.75, .845),
              (.95, .84), (1., .8))),
}
#: Standard deviations of noise, grey levels: those of figures 3 and 5.
SIGMAS = {'lenet': tuple(range(10, 101, 10)),
          'cifar-quick': tuple(range(5, 41, 5))}
#: Of MNIST, which LeNet trains on: those that the paper says, and all.
TRAIN_IMAGES = (50000, 60000)
#: Whose softmax a training by BANG has: see `papers.bang.adjusting.errors`.
SOFTMAX = ('caffe', 'theano')
#: The model that --bang stands for: those of figures 3 and 5.
CHOSEN = {'lenet': 'B1', 'cifar-quick': 'B0'}
#: Choices of attack_bang.py: the image that PASS moves (see
#: metrics.pass_score, which takes OpenCV), the channels of gradients; its
#: usual models.
MOVED = ('original', 'adversarial', 'none')
CHANNELS = ('own', 'reversed')
ATTACKED = ('runs/bang-R0', 'runs/bang-B1')
