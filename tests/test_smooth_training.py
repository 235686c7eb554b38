"""Whole steps of the report's trainings against PyTorch's, in float64."""

from collections import OrderedDict

import numpy as np
import pytest
import smooth_twin
import theano.tensor as T
from test_smooth_networks import assert_close, random_network
from theano.gof.graph import inputs, io_toposort
from theano.tensor.nnet.bn import AbstractBatchNormTrain

from data import Dataset, Part
from data.normalisation import IMAGENET
from network.functions import arrays
from papers.smooth.architecture import Architecture
from papers.smooth.training import (
    batch,
    halves,
    normalisation_of,
    phases,
    scale,
    training_step,
)

PLAIN = {'adversary': 'none', 'cut': False, 'gamma': None, 'power': None,
         'beta': None, 'optimiser': 'sgd', 'decay': .01}
TRAININGS = {
    'plain': (Architecture(3), PLAIN),
    'smooth': (Architecture(3), dict(PLAIN, gamma=.1, power=1)),
    'everything': (Architecture(3, parseval=True), dict(
        PLAIN, adversary='report', cut=True, noise_pass='training', gamma=.5,
        power=2, beta=.02))}


def some(seed, n=6):
    """Pixels, labels, and steps of the first half, as `batch` makes them."""
    generator = np.random.RandomState(seed)
    images = scale(generator.randint(0, 256, (n, 3, 32, 32)).astype(np.uint8),
                   'float64')
    return (images, generator.randint(0, 10, n).astype(np.int32),
            np.abs(generator.randn(n // 2, 3, 32, 32)) / 10)


def penalty_of(features, labels, gamma, power):
    """The twin's, step by step in PyTorch, so that it has a gradient."""
    import torch
    found = []
    for layer in features:
        rows = torch.nn.functional.normalize(layer.flatten(1))
        weights = rows @ rows.T
        laplacian = torch.diag(weights.sum(1)) - weights
        own = torch.nn.functional.one_hot(labels, 10).to(rows)
        found.append(torch.trace(
            own.T @ torch.linalg.matrix_power(laplacian, power) @ own))
    expected = smooth_twin.penalty([layer.detach().numpy()
                                    for layer in features], labels.numpy(),
                                   10, gamma, power)
    value = gamma ** power * (torch.stack(found).diff().abs().mean())
    np.testing.assert_allclose(value.item(), expected, rtol=1e-9)
    return value


def torch_step(model, optimiser, arguments, pixels, labels, steps):
    """Objective and cross-entropy of one batch, after which it is learnt."""
    import torch
    entropy = torch.nn.functional.cross_entropy
    x = (torch.from_numpy(pixels) - .5) / .25
    labels = torch.from_numpy(labels).long()
    if arguments['adversary'] == 'none':
        logits, features = model(x)
        loss = found = entropy(logits, labels)
    else:
        half = len(x) // 2
        first = x[:half].clone().requires_grad_()
        slope, = torch.autograd.grad(entropy(model(first)[0], labels[:half]),
                                     first)
        worse = first.detach() + torch.from_numpy(steps) * slope.sign()
        adversarial = entropy(model(worse.clamp(-2, 2))[0], labels[:half])
        logits, features = model(x[half:])
        labels = labels[half:]
        loss = found = (half * adversarial + .3 * half * entropy(
            logits, labels)) / (1.3 * half)
    if arguments['gamma']:
        loss = loss + penalty_of(features, labels, arguments['gamma'],
                                 arguments['power'])
    objective = loss + arguments['decay'] / 2 * sum(
        (weights ** 2).sum() for weights in model.parameters())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if arguments['beta']:
        with torch.no_grad():
            for weights in model.parameters():
                if weights.ndim > 1:
                    weights.copy_(torch.from_numpy(smooth_twin.project(
                        weights.numpy(), arguments['beta'])))
    return objective.item(), found.item()


@pytest.mark.slow
@pytest.mark.parametrize('name', TRAININGS)
def test_three_steps_are_pytorchs(name):
    torch = pytest.importorskip('torch')
    from benchmarks import torch_smooth
    architecture, arguments = TRAININGS[name]
    network = random_network(architecture)
    network.normalised.mean.set_value(np.full(3, .5))
    network.normalised.deviation.set_value(np.full(3, .25))
    model = torch_smooth.ResNet(architecture).double()
    torch_smooth.load(model, arrays(network))
    optimiser = torch.optim.SGD(model.parameters(), .01, momentum=.9,
                                weight_decay=arguments['decay'])
    step = training_step(network, arguments)
    step.rate.set_value(.01)
    assert len(step.state) == 32 and len(step.parameters) == len(
        step.velocities)
    for seed in range(3):
        pixels, labels, steps = some(seed)
        inputs = (pixels, labels, steps)[:2 + (
            arguments['adversary'] != 'none')]
        np.testing.assert_allclose(
            step.update(*inputs),
            torch_step(model, optimiser, arguments, pixels, labels, steps),
            rtol=1e-8)
        after = arrays(network)
        for key, value in torch_smooth.values(model).items():
            assert_close(after[key], value, 1e-7, key)


@pytest.mark.parametrize('kind, passes', [('training', 3), ('test', 2)])
def test_the_noises_pass_is_in_training_mode_or_not(kind, passes):
    network = random_network(Architecture(2))
    moved = OrderedDict()
    loss, features, labels = halves(
        network, network.pixels, T.ivector(), T.tensor4(),
        {'cut': False, 'noise_pass': kind}, moved)
    assert len(features) == 17 and labels.ndim == 1 and len(moved) == 32

    nodes = io_toposort(inputs([loss]), [loss])
    assert 16 * passes == sum(isinstance(node.op, AbstractBatchNormTrain)
                              for node in nodes)


ARGUMENTS = {'augment': False, 'crop': None, 'adversary': 'none',
             'epsilon': None}


def test_a_batch_is_what_its_options_say():
    pixels, labels, _ = some(0)

    def made(seed=1, **others):
        return batch(dict(ARGUMENTS, **others), pixels, labels,
                     np.random.RandomState(seed))

    plain = made()
    assert len(plain) == 2
    np.testing.assert_array_equal(plain[0], pixels)
    crops = made(augment=True, crop=24)[0]
    assert crops.shape == (6, 3, 24, 24)
    noise = {'adversary': 'report', 'epsilon': .1}
    images, own, steps = made(augment=True, crop=24, **noise)
    np.testing.assert_array_equal(images, crops)
    np.testing.assert_array_equal(own, labels)
    assert steps.shape == (3, 3, 24, 24) and steps.min() >= 0
    assert steps.max() == .2 and steps.dtype == images.dtype
    np.testing.assert_array_equal(steps, made(augment=True, crop=24,
                                              **noise)[2])
    assert (made(2, augment=True, crop=24, **noise)[2] != steps).any()
    assert (made(adversary='constant', epsilon=.1)[2] == .4).all()


def test_phases_are_those_of_the_run():
    found = phases({'rates': [.1, .01, .001], 'boundaries': [2, 5]})
    assert found == ((0, .1), (2, .01), (5, .001))


def dataset(name):
    """Four images."""
    part = Part(np.random.RandomState(0).randint(
        0, 256, (4, 3, 8, 8)).astype(np.uint8), np.arange(4, dtype=np.uint8))
    return Dataset(name, 'noise', '0' * 64, part, part, part)


def test_every_data_set_is_normalised_as_in_the_report():
    found = normalisation_of(dataset('svhn'))
    assert not found.mean.any() and (found.deviation == 1).all()
    assert normalisation_of(dataset('svhn-train')).deviation.all()
    assert normalisation_of(dataset('tiny-imagenet-part')) is IMAGENET
    cifar = dataset('cifar100')
    found = normalisation_of(cifar)
    x = cifar.train.images / 255
    np.testing.assert_allclose(found.mean, x.mean((0, 2, 3)))
    np.testing.assert_allclose(found.deviation, x.std((0, 2, 3)))
