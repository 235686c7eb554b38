"""Probes by receptive field against whole images in a NumPy twin."""

import lasagne
import numpy as np
import pytest
import theano.tensor
from lasagne.layers import (
    Conv2DLayer,
    DenseLayer,
    DropoutLayer,
    InputLayer,
    MaxPool2DLayer,
)

import data
from errors import UserError
from network.receptive_field import receptive_field, stack_of
from ops.probing import (
    POOL,
    RECTIFIED_CONVOLUTION,
    Dense,
    Layer,
    Stack,
    probe_logits,
)
from papers.song.attack_functions import callables
from papers.song.run_format import SONG
from saliency import maps
from storage.model_file import load_model

TOLERANCE = {'float32': 1e-6, 'float64': 1e-13}  # of the largest logit


def build(shape, widths, units=(7, 10), linear=()):
    """A Lasagne stack: widths are channels of convolutions, 'p' pools."""
    lasagne.random.set_rng(np.random.RandomState(len(widths)))
    layer = InputLayer((None,) + shape, input_var=theano.tensor.tensor4())
    for k, width in enumerate(widths):
        if width == 'p':
            layer = MaxPool2DLayer(layer, (2, 2))
        else:
            rectify = (None if k in linear
                       else lasagne.nonlinearities.rectify)
            layer = Conv2DLayer(layer, width, (3, 3), nonlinearity=rectify)
    layer = DropoutLayer(layer)
    for count in units[:-1]:
        layer = DenseLayer(layer, count)
    return DenseLayer(layer, units[-1], nonlinearity=None)


def randomise(layer, rng):
    for shared in lasagne.layers.get_all_params(layer):
        value = shared.get_value()
        shared.set_value(value + 0.02 * rng.normal(size=value.shape))


def brute_force(layer, x, owners, pixels, values):
    """Logits of the probes by Theano in float64, image by image."""
    images = x[owners].astype(np.float64)
    flat = images.reshape(len(images), -1)
    written = np.flatnonzero(pixels >= 0)
    flat[written, pixels[written]] = values[written]
    variable = lasagne.layers.get_all_layers(layer)[0].input_var
    return lasagne.layers.get_output(layer, deterministic=True).eval(
        {variable: images})


def every_probe(x, values):
    """All pixels of all images, and -1, in a mixed order."""
    pixels = np.arange(-1, x[0].size)
    owners = np.repeat(np.arange(len(x)), len(pixels))
    pixels = np.tile(pixels, len(x))
    order = np.random.default_rng(0).permutation(len(owners))
    return (owners[order], pixels[order],
            np.resize(values, len(owners)).astype(x.dtype))


@pytest.mark.compiled
@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('shape, widths, units, linear', [
    ((1, 28, 28), (32, 32, 'p', 64, 64, 'p'), (20, 20, 10), ()),
    ((1, 13, 10), (5, 'p', 17), (6, 10), ()),         # odd sizes, odd widths
    ((3, 9, 11), (4, 3, 'p', 'p'), (10,), (1,)),      # colours, pool on pool
    ((2, 12, 12), (33, 8, 9), (5, 3), (0, 2)),        # no pool, no ReLU
    ((1, 12, 9), (3, 3, 3, 3), (2,), ())])            # the widest: 9 places
def test_every_pixel_of_every_image_is_as_by_brute_force(
        shape, widths, units, linear, dtype):
    rng = np.random.default_rng(len(widths))
    layer = build(shape, widths, units, linear)
    randomise(layer, rng)
    x = (rng.random((2,) + shape) * (rng.random((2,) + shape) < .5)).astype(
        dtype)
    owners, pixels, values = every_probe(x, [1, 0, .3, 1])
    found = receptive_field(layer)(x, owners, pixels, values)
    expected = brute_force(layer, x, owners, pixels, values)
    assert found.dtype == dtype
    error = np.abs(found - expected).max() / np.abs(expected).max()
    assert error < TOLERANCE[dtype], error


@pytest.mark.compiled
def test_trained_networks_too(models):
    model = load_model(models.path('runs', 'std-T5'), SONG)
    asked = callables(model, test_temperature=3.)
    images = data.load('digits').test.images[:2]
    for dtype in TOLERANCE:
        x = data.scale(images, dtype)
        probes = every_probe(x, [1, 0])
        found = asked.probe_logits(x, *probes)
        expected = maps.brute_force(asked.logits, 512,
                                       x.astype(np.float64), *probes)
        error = np.abs(found - expected).max() / np.abs(expected).max()
        assert found.dtype == dtype and error < TOLERANCE[dtype], error


def test_probes_without_effect_have_the_images_own_logits_to_the_bit(
        monkeypatch):
    layer = build((1, 12, 12), (4, 'p'))
    layer.input_layer.input_layer.input_layer.input_layer.b.set_value(
        np.full(4, -100.))                            # no filter ever fires
    x = np.random.default_rng(1).random((3, 1, 12, 12)).astype(np.float32)
    owners, pixels, values = every_probe(x, [1])
    monkeypatch.setattr('ops.probing.CHUNK', 200)
    found = receptive_field(layer)(x, owners, pixels, values)
    for owner in range(3):
        assert len(np.unique(found[owners == owner], axis=0)) == 1


@pytest.mark.compiled
def test_later_weights_are_seen_and_chunks_change_nothing(monkeypatch):
    layer = build((1, 12, 12), (4, 'p'))
    ask = receptive_field(layer, 2.)
    rng = np.random.default_rng(2)
    x = rng.random((3, 1, 12, 12))
    probes = every_probe(x, [1, 0])
    randomise(layer, rng)
    whole = ask(x, *probes)
    np.testing.assert_allclose(whole, brute_force(layer, x, *probes) / 2,
                               rtol=1e-12, atol=1e-13)
    monkeypatch.setattr('ops.probing.CHUNK', 7)
    np.testing.assert_allclose(ask(x, *probes), whole, rtol=1e-13)
    monkeypatch.setattr('ops.probing.CHUNK', 1000)
    monkeypatch.setattr('ops.probing.IMAGES', 2)
    np.testing.assert_allclose(ask(x, *probes), whole, rtol=1e-13)


def test_arrays_may_lie_in_memory_as_they_like():
    layer = build((1, 12, 12), (4, 'p'))
    x = np.random.default_rng(3).random((2, 1, 12, 12)).astype(np.float32)
    owners, pixels, _ = every_probe(x, [1])
    values = np.ones(len(owners), np.float32)
    ask = receptive_field(layer)
    expected = ask(x, owners, pixels, values)
    found = ask(x.transpose(0, 1, 3, 2).copy().transpose(0, 1, 3, 2),
                np.stack([owners, owners], 1)[:, 0],
                np.stack([pixels, pixels], 1)[:, 1],
                np.broadcast_to(np.float32(1), len(owners)))
    np.testing.assert_array_equal(found, expected)
    assert ask(x, owners[:0], pixels[:0], values[:0]).shape == (0, 10)


@pytest.mark.parametrize('wrong, message', [
    ({'x': np.zeros((1, 1, 12, 12), int)}, 'float32 or float64, got int'),
    ({'owners': [1]}, 'owners from 0 to 0, got 1 to 1'),
    ({'pixels': [144]}, 'pixels from -1 to 143, got 144 to 144'),
    ({'pixels': [-2]}, 'pixels from -1'),
    ({'values': [1., 1.]}, 'as many owners as pixels')])
def test_what_does_not_fit_is_not_read(wrong, message):
    given = dict({'x': np.zeros((1, 1, 12, 12)), 'owners': [0],
                  'pixels': [0], 'values': [1.]}, **wrong)
    with pytest.raises(ValueError, match=message):
        receptive_field(build((1, 12, 12), (4, 'p')))(**given)


def padded():
    layer = InputLayer((None, 1, 12, 12))
    return DenseLayer(Conv2DLayer(layer, 3, (3, 3), pad=1, name='same'), 10,
                      nonlinearity=None)


def strided():
    layer = InputLayer((None, 1, 12, 12))
    return DenseLayer(Conv2DLayer(layer, 3, (3, 3), stride=2), 10)


def overlapping():
    layer = Conv2DLayer(InputLayer((None, 1, 12, 12)), 3, (3, 3))
    return DenseLayer(MaxPool2DLayer(layer, (3, 3), stride=2), 10)


def hyperbolic():
    layer = Conv2DLayer(InputLayer((None, 1, 12, 12)), 3, (3, 3),
                        nonlinearity=lasagne.nonlinearities.tanh)
    return DenseLayer(layer, 10)


class Doubled(DenseLayer):
    def get_output_for(self, values, **options):
        return 2 * super().get_output_for(values, **options)


def of_another_kind():
    layer = Conv2DLayer(InputLayer((None, 1, 12, 12)), 3, (3, 3))
    return Doubled(layer, 10)


def of_any_size():
    layer = Conv2DLayer(InputLayer((None, 1, None, None)), 3, (3, 3))
    return Conv2DLayer(layer, 3, (3, 3))


def without_bias():
    layer = Conv2DLayer(InputLayer((None, 1, 12, 12)), 3, (3, 3), b=None)
    return DenseLayer(layer, 10)


def dense_only():
    return DenseLayer(InputLayer((None, 1, 12, 12)), 10)


@pytest.mark.parametrize('make, message', [
    (padded, 'convolutions valid, 3 x 3, .*the layer same'),
    (strided, 'stride 1'), (overlapping, 'max-pools of 2 x 2'),
    (hyperbolic, 'rectifiers or no'), (without_bias, 'a bias'),
    (of_another_kind, 'Doubled'), (of_any_size, 'known size'),
    (dense_only, 'convolutions, then dense'),
    (lambda: build((1, 16, 16), (2,) * 5), 'at most 8 places .* got 9'),
    (lambda: build((1, 5, 5), (2, 'p'))
     .input_layer.input_layer.input_layer, 'convolutions, then dense')])
def test_other_geometries_are_refused(make, message):
    with pytest.raises(UserError, match=message):
        receptive_field(make())


def test_images_and_stacks_that_do_not_fit_are_refused():
    stack = stack_of(build((1, 12, 12), (4, 'p')))
    nothing = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match='expected images'):
        probe_logits(stack, np.zeros((1, 1, 12, 13)), nothing, nothing,
                     nothing)
    first_a_pool = Stack((1, 4, 4), [Layer(POOL)],
                         [Dense(np.ones((4, 2)), np.ones(2), False)])
    filters = Layer(RECTIFIED_CONVOLUTION, np.ones((1, 1, 3, 3)), np.ones(1))
    too_wide = Stack((1, 16, 16), [filters] * 5,
                     [Dense(np.ones((36, 2)), np.ones(2), False)])
    for stack in (first_a_pool, too_wide):
        with pytest.raises(ValueError, match='can be probed'):
            probe_logits(stack, np.zeros((1,) + stack.shape), nothing,
                         nothing, nothing)
