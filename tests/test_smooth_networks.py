"""The report's network against PyTorch, and a twin in NumPy."""

from collections import OrderedDict

import lasagne
import numpy as np
import pytest
import smooth_twin
import theano
import theano.tensor as T

from network.functions import arrays
from papers.smooth.architecture import Architecture, Shapes, parse
from papers.smooth.networks import (
    apply,
    build_network,
    normalise,
    parameters,
)

ARCHITECTURES = {
    'plain': (Architecture(4), 32),
    'parseval of ten blocks': (Architecture(4, 10, parseval=True), 32),
    'of Tiny ImageNet': (Architecture(4, classes=7, pool=True), 64)}


def random_network(architecture):
    """A network of which every array is random."""
    generator = np.random.RandomState(4)
    network = build_network(architecture, generator)
    for shared in lasagne.layers.get_all_params(network.logits):
        if shared.ndim == 1 and shared is not network.logits.b:
            shared.set_value(generator.uniform(
                .5, 1.5, shared.get_value().shape).astype(shared.dtype))
    return network


def batch(architecture, size, n=4, seed=5):
    """Normalised images and labels."""
    generator = np.random.RandomState(seed)
    return (generator.randn(n, architecture.channels, size, size),
            generator.randint(0, architecture.classes, n).astype(np.int32))


def passes(network, deterministic):
    """Compile logits, features, loss, gradients of images and weights.

    The function moves the running statistics.
    """
    images, labels, moved = T.tensor4(), T.ivector(), OrderedDict()
    logits, features = apply(network, images, moved, deterministic)
    loss = lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(logits), labels).mean()
    return theano.function(
        [images, labels], [logits, *features, loss] + T.grad(
            loss, [images] + parameters(network)), updates=moved)


def assert_close(found, expected, tolerance, name=''):
    """Up to a share of the largest number."""
    assert found.shape == expected.shape, name
    worst = np.abs(found - expected).max()
    assert worst <= tolerance * np.abs(expected).max(), (name, worst)


@pytest.mark.slow
@pytest.mark.parametrize('dtype', ['float64', 'float32'])
@pytest.mark.parametrize('deterministic', [False, True])
@pytest.mark.parametrize('name', ARCHITECTURES)
def test_everything_is_pytorchs(name, deterministic, dtype, monkeypatch):
    torch = pytest.importorskip('torch')
    from benchmarks import torch_smooth
    monkeypatch.setattr(theano.config, 'floatX', dtype)
    architecture, size = ARCHITECTURES[name]
    network = random_network(architecture)
    model = torch_smooth.ResNet(architecture).to(getattr(torch, dtype))
    torch_smooth.load(model, arrays(network))
    model.train(not deterministic)
    images, labels = batch(architecture, size)
    images = images.astype(dtype)
    found = passes(network, deterministic)(images, labels)
    x = torch.from_numpy(images).requires_grad_()
    logits, features = model(x)
    loss = torch.nn.functional.cross_entropy(
        logits, torch.from_numpy(labels).long())
    loss.backward()
    assert len(features) == 2 * architecture.blocks + 1
    values, slopes = (1e-10, 1e-10) if dtype == 'float64' else (1e-5, 1e-4)
    for number, theirs in enumerate([logits, *features, loss]):
        assert_close(found[number], theirs.detach().numpy(), values, number)
    gradients = torch_smooth.gradients(model)
    ours = dict(zip(['images'] + [shared.name for shared
                                  in parameters(network)],
                    found[len(features) + 2:]))
    assert ours.keys() == {'images', *gradients}
    for key, gradient in {'images': x.grad.numpy(), **gradients}.items():
        assert_close(ours[key], gradient, slopes, key)
    after = arrays(network)
    for key, value in torch_smooth.values(model).items():
        assert_close(after[key], value, values, key)
    assert [np.array_equal(after[key], value) for key, value
            in arrays(random_network(architecture)).items()
            if key.endswith('.mean')][1:] == (
                [deterministic] * 2 * architecture.blocks)


@pytest.mark.compiled
@pytest.mark.parametrize('name', ARCHITECTURES)
def test_logits_and_features_are_the_twins(name):
    architecture, size = ARCHITECTURES[name]
    network = random_network(architecture)
    images, first, second = T.tensor4(), T.tensor4(), T.tensor4()
    # Twice in a graph, each time by the statistics of its own batch.
    moved = OrderedDict()
    outputs = [apply(network, x, moved) for x in (first, second)] + [
        apply(network, images, deterministic=True)]
    function = theano.function(
        [first, second, images],
        [value for logits, features in outputs
         for value in (logits, features[-1], features[3])], updates=moved)
    before = arrays(network)
    batches = [batch(architecture, size, n, n)[0] for n in (3, 2, 4)]
    found = function(*batches)
    expected = []
    for number, x in enumerate(batches):
        logits, features, before = smooth_twin.network(
            x, before if number < 2 else arrays(random_network(
                architecture)), architecture, training=number < 2)
        expected += [logits, features[-1], features[3]]
        if number == 1:
            after = before
    for ours, theirs in zip(found, expected):
        assert_close(ours, theirs, 1e-10)
    for key, value in arrays(network).items():
        assert_close(value, after[key], 1e-10, key)


@pytest.mark.parametrize('architecture', [
    Architecture(2), Architecture(3, 10, 1, 5), Architecture(
        2, classes=200, pool=True, parseval=True)])
def test_arrays_have_the_names_and_shapes_on_disk(architecture):
    network = build_network(architecture.name, np.random.RandomState(0))
    assert network.architecture == architecture == parse(architecture.name)
    expected = Shapes()[architecture.name]
    assert {key: value.shape for key, value in arrays(network).items()
            } == expected
    assert list(arrays(network)) == list(expected)
    assert [shared.name for shared in parameters(network)] == [
        key for key in expected if key.rpartition('.')[2] not in (
            'mean', 'variance', 'deviation')]


def test_the_reports_network_has_its_size():
    """PyTorch's PreActResNet18 of ten classes has 11,171,146 numbers."""
    shapes = Shapes()[Architecture().name]
    assert sum(np.prod(shape) for name, shape in shapes.items()
               if name.rpartition('.')[2] in (
                   'W', 'b', 'scale', 'shift')) == 11171146


@pytest.mark.parametrize('name', [
    'resnet', 'preact-0x8-3-10', 'preact-4x9-3-10', 'preact-4x8-3-10-',
    'preact-4x8-3-10-parseval-pool', ''])
def test_other_names_are_none(name):
    assert name not in Shapes()
    with pytest.raises(ValueError, match='expected a name such as preact-'):
        parse(name)


def test_it_starts_as_pytorchs_networks_do():
    values = arrays(build_network(Architecture(16), np.random.RandomState(0)))
    for name, fan_in in (('conv.W', 27), ('block1.conv1.W', 144),
                         ('block3.shortcut.W', 16), ('block8.conv2.W', 1152),
                         ('dense.W', 128), ('dense.b', 128)):
        bound = 1 / np.sqrt(fan_in)
        found = np.abs(values[name]).max()
        assert (.7 if name == 'dense.b' else .97) * bound < found <= bound
        if name != 'dense.b':
            assert abs(values[name].std() / bound * np.sqrt(3) - 1) < .06
    for name, value in values.items():
        kind = name.rpartition('.')[2]
        if kind not in 'Wb':
            assert (value == (kind in ('scale', 'variance', 'deviation'))
                    ).all(), name


def test_the_seed_decides_the_weights():
    first, again, other = (
        arrays(build_network(Architecture(2), np.random.RandomState(seed)))
        for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
        assert name[-1] not in 'Wb' or (first[name] != other[name]).all()


@pytest.mark.compiled
def test_pixels_are_normalised_by_channel():
    network = build_network(Architecture(2), np.random.RandomState(0))
    mean, deviation = np.array([.5, .25, 0]), np.array([.5, 2, 1])
    network.normalised.mean.set_value(mean)
    network.normalised.deviation.set_value(deviation)
    x = np.random.RandomState(1).rand(2, 3, 4, 4)
    found = theano.function([network.pixels], [
        normalise(network, network.pixels), *network.normalised.range()])(x)
    np.testing.assert_allclose(found[0], (x - mean[:, None, None])
                               / deviation[:, None, None])
    np.testing.assert_allclose(found[1:], [[-1, -.125, 0], [1, .375, 1]])
