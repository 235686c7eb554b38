"""The network against its NumPy twin, in float64."""

import lasagne
import network_twin as twin
import numpy as np
import pytest
import theano

from network.functions import logits_function
from papers.song.network import build_network, parameters
from papers.song.run_format import SHAPES

TEMPERATURE = 20.


@pytest.fixture(scope='module')
def network():
    built = build_network(np.random.RandomState(3), TEMPERATURE, 1.)
    randomise_biases(built, np.random.RandomState(4))
    return built


def randomise_biases(network, generator):
    """Keep pre-activations off 0, where ReLU has no derivative."""
    for shared in parameters(network):
        if shared.name.endswith('.b'):
            shared.set_value(.1 * generator.randn(*SHAPES[shared.name]))


def weights_of(network):
    return {shared.name: shared.get_value() for shared in parameters(network)}


def images(count, seed=5):
    return np.random.RandomState(seed).rand(count, 1, 28, 28)


def test_it_has_the_papers_312202_parameters(network):
    sizes = [shared.get_value().size for shared in parameters(network)]
    assert sum(sizes) == 312202


def test_names_and_shapes_are_those_of_the_file_format(network):
    assert {name: array.shape for name, array
            in weights_of(network).items()} == SHAPES
    assert [shared.name for shared in parameters(network)] == list(SHAPES)


def test_layers_have_the_shapes_of_the_papers_table_1(network):
    shapes = [layer.output_shape[1:] for layer in
              lasagne.layers.get_all_layers(network.logits)]
    assert shapes == [
        (1, 28, 28), (32, 26, 26), (32, 24, 24), (32, 12, 12), (64, 10, 10),
        (64, 8, 8), (64, 4, 4), (64, 4, 4), (200,), (200,), (200,), (200,),
        (10,)]


@pytest.mark.compiled
def test_logits_are_the_twins(network):
    batch = images(3)
    expected = twin.logits(batch, weights_of(network))
    np.testing.assert_allclose(logits_function(network)(batch), expected,
                               rtol=1e-12, atol=1e-13)


@pytest.mark.compiled
def test_both_heads_read_the_same_logits_at_their_own_temperature(network):
    heads = theano.function([network.images], lasagne.layers.get_output(
        [network.training_head, network.test_head], deterministic=True))
    batch = images(3)
    scores = twin.logits(batch, weights_of(network))
    for found, temperature in zip(heads(batch), (TEMPERATURE, 1.)):
        np.testing.assert_allclose(found, twin.softmax(scores, temperature),
                                   rtol=1e-11)
    assert (parameters(network) == lasagne.layers.get_all_params(
        [network.training_head, network.test_head]))


def test_fresh_weights_are_glorot_uniform_with_zero_biases():
    weights = weights_of(build_network(np.random.RandomState(0)))
    for name, array in weights.items():
        if name.endswith('.b'):
            assert not array.any()
            continue
        shape = SHAPES[name]
        fans = sum(shape[:2]) * int(np.prod(shape[2:]))
        bound = np.sqrt(6. / fans)
        assert np.abs(array).max() <= bound
        assert np.abs(array).max() > .9 * bound
        assert abs(array.mean()) < bound / np.sqrt(array.size) * 3


def test_the_seed_decides_the_weights():
    first, again, other = [
        weights_of(build_network(np.random.RandomState(seed)))
        for seed in (7, 7, 8)]
    for name in SHAPES:
        np.testing.assert_array_equal(first[name], again[name])
    assert (first['conv1.W'] != other['conv1.W']).all()


@pytest.mark.compiled
def test_dropout_is_on_in_stochastic_logits_only(network):
    batch = images(2)
    noisy, plain = [logits_function(network, stochastic)
                    for stochastic in (True, False)]
    assert (noisy(batch) != noisy(batch)).all()
    np.testing.assert_array_equal(plain(batch), plain(batch))
