"""Probes made in the graph, on the CPU: brute force's, and receptive
fields'; and calls that shrink until they fit."""

import sys
import types

import lasagne
import numpy as np
import pytest
from test_song_network import images, randomise_biases

from network.functions import Fitting
from papers.song.attack_functions import compile_callables
from papers.song.network import build_network
from saliency.maps import algorithm2, brute_force

CHUNK = 100


@pytest.fixture(scope='module')
def network():
    network = build_network(np.random.RandomState(3), 20., 2.)
    randomise_biases(network, np.random.RandomState(4))
    return network


@pytest.fixture(scope='module')
def model(network):
    return compile_callables(network, 2., 'device', CHUNK)


@pytest.fixture(scope='module')
def probes():
    """Of three images; some change nothing, and owners are not in order."""
    generator = np.random.RandomState(5)
    count = 257
    return (images(3), generator.randint(0, 3, count),
            generator.randint(-1, 784, count),
            generator.randint(0, 2, count).astype(np.float64))


@pytest.mark.compiled
def test_probes_in_the_graph_are_brute_forces(model, probes):
    expected = brute_force(model.logits, 64, *probes)
    found = model.probe_logits(*probes)
    assert found.shape == (257, 10) and found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.compiled
def test_they_are_those_by_receptive_field(network, model, probes):
    field = compile_callables(network, 2., 'receptive-field')
    np.testing.assert_allclose(
        model.probe_logits(*probes), field.probe_logits(*probes),
        rtol=1e-9, atol=1e-12)


@pytest.mark.compiled
def test_a_probe_of_one_chunk_is_that_of_another(model, probes):
    """The images of a chunk begin with the first one that it needs."""
    x = probes[0]
    owners = np.repeat([2, 1], CHUNK)
    found = model.probe_logits(x, owners, np.full(2 * CHUNK, -1),
                               np.zeros(2 * CHUNK))
    np.testing.assert_allclose(found[::CHUNK], model.logits(x[[2, 1]]),
                               rtol=1e-10)


@pytest.mark.compiled
def test_maps_of_algorithm_2_rank_alike(network, model):
    x = images(2)
    field = compile_callables(network, 2., 'receptive-field')
    y = field.predict(x)
    expected, found = (algorithm2(which, x, y, log_odds=True)
                       for which in (field, model))
    np.testing.assert_array_equal(found.order[:, :20], expected.order[:, :20])
    np.testing.assert_array_equal(found.value, expected.value)


@pytest.mark.compiled
def test_the_networks_later_weights_are_seen(network, model, probes):
    before = model.probe_logits(*probes)
    weights = lasagne.layers.get_all_params(network.logits)[-2]
    kept = weights.get_value()
    weights.set_value(2 * kept)
    try:
        assert np.abs(model.probe_logits(*probes) - before).max() > 1e-3
    finally:
        weights.set_value(kept)


@pytest.fixture
def gpu(monkeypatch):
    """As if pygpu had been imported."""
    monkeypatch.setitem(sys.modules, 'pygpu', types.ModuleType('pygpu'))


class Small:
    """A device on which no more than so many rows fit."""

    def __init__(self, rows, error):
        self.rows, self.error, self.calls = rows, error, []

    def __call__(self, x, y):
        self.calls.append(len(x))
        if len(x) > self.rows:
            raise self.error
        return x + y[:, None]


ERRORS = [MemoryError(), RuntimeError('GpuPool: failed to allocate memory'),
          ValueError('cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of memory')]


@pytest.mark.parametrize('error', ERRORS)
def test_what_does_not_fit_is_asked_again_by_halves(gpu, error):
    device = Small(3, error)
    function = Fitting(device)
    x, y = np.arange(20.).reshape(10, 2), np.arange(10.)
    np.testing.assert_array_equal(function(x, y), x + y[:, None])
    assert device.calls == [10, 5, 2, 2, 2, 2, 2]
    device.calls.clear()
    np.testing.assert_array_equal(function(x, y), x + y[:, None])
    assert max(device.calls) == 2


def test_where_not_one_row_fits_it_is_one_line(gpu):
    from errors import UserError
    with pytest.raises(UserError, match='^out of memory: the device does not '
                       'hold what one image takes'):
        Fitting(Small(0, ERRORS[1]))(np.ones((4, 2)), np.ones(4))


def test_other_errors_are_not_tried_again(gpu):
    device = Small(0, RuntimeError('unspecified launch failure'))
    with pytest.raises(RuntimeError, match='launch failure'):
        Fitting(device)(np.ones((4, 2)), np.ones(4))
    assert device.calls == [4]
