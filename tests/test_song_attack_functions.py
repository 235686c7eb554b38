"""Theano's loss, gradient and log-odds: twins, differences, failures."""

import json

import lasagne
import network_twin as twin
import numpy as np
import pytest
import theano
import theano.tensor as T
from scipy.special import logsumexp
from test_song_network import images, randomise_biases, weights_of

from papers.song.attack_functions import callables, compile_callables
from papers.song.network import build_network
from saliency.arithmetic import log10_gradient, log_sigmoid, softplus
from storage.model_file import Model

pytestmark = pytest.mark.compiled

TEMPERATURES = (1., 3.)
LABELS = np.array([0, 3, 9, 5])


@pytest.fixture(scope='module', params=TEMPERATURES)
def setting(request):
    """A network with random weights, its callables, and T'."""
    network = build_network(np.random.RandomState(3), 20., request.param)
    randomise_biases(network, np.random.RandomState(4))
    weights = network.logits.W
    weights.set_value(20 * weights.get_value())
    return network, compile_callables(network, request.param), request.param


@pytest.fixture
def deep(setting):
    """Images, labels and a way to set the log-odds of the first one."""
    network, model, _ = setting
    kept = [(shared, shared.get_value()) for shared in
            network.logits.get_params()]
    x = images(4)
    y = model.predict(x)

    def scale_to(u):
        for _ in range(6):
            factor = u / model.log_odds(x, y)[0]
            for shared, _ in kept:
                shared.set_value(factor * shared.get_value())

    yield scale_to, x, y
    for shared, value in kept:
        shared.set_value(value)


def onehot(y):
    return np.eye(10)[y]


def twin_log_odds(network, x, y, temperature):
    z = twin.logits(x, weights_of(network)) / temperature
    return logsumexp(np.where(onehot(y) == 1, -np.inf, z), axis=1) - z[
        np.arange(len(y)), y]


def test_loss_and_log_odds_are_the_twins(setting):
    network, model, temperature = setting
    x = images(4)
    expected = twin_log_odds(network, x, LABELS, temperature)
    np.testing.assert_allclose(model.log_odds(x, LABELS), expected,
                               rtol=1e-10)
    np.testing.assert_allclose(model.loss(x, LABELS), softplus(expected),
                               rtol=1e-10)
    np.testing.assert_allclose(
        model.logits(x), twin.logits(x, weights_of(network)) / temperature,
        rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize('of, gradient', [
    ('loss', 'gradient'), ('log_odds', 'log_odds_gradient')])
def test_gradients_by_finite_differences(setting, of, gradient):
    model = setting[1]
    x = images(4)
    slopes = getattr(model, gradient)(x, LABELS).reshape(4, -1)
    assert slopes.shape == (4, 784) and slopes.dtype == np.float64
    size = 1e-6
    for pixel in np.random.RandomState(8).randint(0, 784, 12):
        moved = [x.copy(), x.copy()]
        for images_, step in zip(moved, (size, -size)):
            images_.reshape(4, -1)[:, pixel] += step
        up, down = (getattr(model, of)(images_, LABELS)
                    for images_ in moved)
        np.testing.assert_allclose((up - down) / (2 * size),
                                   slopes[:, pixel], rtol=1e-5, atol=1e-8)


def test_the_gradient_of_log_odds_is_the_twins_by_differences(setting):
    network, model, temperature = setting
    x = images(1)
    slopes = model.log_odds_gradient(x, LABELS[:1]).ravel()
    for pixel in (100, 400, 777):
        moved = np.repeat(x, 2, axis=0)
        moved.reshape(2, -1)[:, pixel] += (1e-6, -1e-6)
        up, down = twin_log_odds(network, moved, LABELS[[0, 0]], temperature)
        assert (up - down) / 2e-6 == pytest.approx(slopes[pixel], rel=1e-5,
                                                   abs=1e-8)


def test_the_gradient_is_softmax_minus_onehot_bit_for_bit(setting):
    network, model, temperature = setting
    x = images(4)
    logits = lasagne.layers.get_output(network.logits, deterministic=True)
    scaled, seed = logits / np.float64(temperature), T.matrix('seed')
    push = theano.function([network.images, seed], T.grad(
        None, network.images, known_grads={scaled: seed}))
    v = T.matrix('v')
    softmax = theano.function([v], T.nnet.softmax(v))
    literal = push(x, softmax(model.logits(x)) - onehot(LABELS))
    np.testing.assert_array_equal(model.gradient(x, LABELS), literal)


def test_the_loss_is_a_difference_of_logits_bit_for_bit(setting):
    model = setting[1]
    x = images(4)
    z = model.logits(x)
    top = z.max(axis=1)
    v = T.matrix('v')
    log_sum = theano.function([v], T.log(T.exp(v).sum(axis=1)))
    literal = (-z[np.arange(4), LABELS] + top) + log_sum(z - top[:, None])
    np.testing.assert_allclose(model.loss(x, LABELS), literal, rtol=1e-15)


def test_the_loss_outlives_the_underflow_of_p_y(deep, setting):
    scale_to, x, y = deep
    model = setting[1]
    scale_to(-2000)
    other = np.argmin(model.logits(x[:1]), axis=1)
    with np.errstate(divide='ignore'):
        p = twin.softmax(model.logits(x[:1]), 1.)[0, other]
    assert p == 0
    assert 2000 < model.loss(x[:1], other)[0] < np.inf


@pytest.fixture(scope='module')
def slope_of(setting):
    """(image, class j) -> dv_j/dx, (784,)."""
    network, _, temperature = setting
    logits = lasagne.layers.get_output(network.logits, deterministic=True)
    j = T.iscalar('j')
    function = theano.function([network.images, j], T.grad(
        logits[0, j] / temperature, network.images))
    return lambda x, j: function(x, j).ravel()


@pytest.mark.parametrize('u, lost', [(-30, False), (-45, True),
                                     (-300, True)])
def test_cancellation_deletes_the_labels_term(deep, setting, slope_of, u,
                                              lost):
    """Between the two limits every p_j is accurate, and 1 - p_y is 0."""
    scale_to, x, y = deep
    model = setting[1]
    scale_to(u)
    x, y = x[:1], y[:1]
    assert model.log_odds(x, y)[0] == pytest.approx(u)
    assert (model.loss(x, y)[0] == 0) == lost
    found = model.gradient(x, y).ravel()
    exact = np.exp(log_sigmoid(u)) * model.log_odds_gradient(x, y).ravel()
    p = twin.softmax(model.logits(x), 1.)[0]
    without_label = sum(p[j] * slope_of(x, j) for j in range(10)
                        if j != y[0])
    right, wrong = (without_label, exact) if lost else (exact, without_label)
    scale = np.abs(exact).max()
    np.testing.assert_allclose(found / scale, right / scale, atol=1e-3)
    assert np.abs(found - wrong).max() > .1 * scale
    if lost:
        assert list(np.argsort(found)) != list(np.argsort(exact))


def test_underflow_leaves_a_map_of_zeros_that_log_odds_rank(deep, setting):
    scale_to, x, y = deep
    model = setting[1]
    scale_to(-700)
    assert model.gradient(x[:1], y[:1]).any()
    scale_to(-800)
    assert not model.gradient(x[:1], y[:1]).any()
    u = model.log_odds(x[:1], y[:1])
    slope = model.log_odds_gradient(x[:1], y[:1])
    assert u[0] == pytest.approx(-800) and np.isfinite(slope).all()
    assert len(np.unique(slope)) > 300
    magnitude = log10_gradient(u, slope).max()
    assert magnitude == pytest.approx(
        -800 / np.log(10) + np.log10(np.abs(slope).max()))


def test_a_model_from_disk_is_cast_and_asked_at_its_test_temperature():
    network = build_network(np.random.RandomState(3), 20., 1.)
    weights = {name: value.astype(np.float32)
               for name, value in weights_of(network).items()}
    model = Model('here', {'arguments': {'temperature': 20.}}, weights)
    x = images(2)
    asked = callables(model, test_temperature=4.)
    assert asked.dtype == np.float64
    np.testing.assert_allclose(
        asked.logits(x), twin.logits(x, weights) / 4, rtol=1e-6, atol=1e-8)


def test_a_sample_is_asked_by_itself(setting):
    model = setting[1]
    x = images(4)
    for function in (model.loss, model.gradient, model.log_odds,
                     model.log_odds_gradient):
        together = function(x, LABELS)
        alone = [function(x[k:k + 1], LABELS[k:k + 1])[0] for k in range(4)]
        np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_losses_of_logits_are_theanos_own_to_the_last_bit(scripts, floatX):
    """What a probe is answered by is what the whole graph would say."""
    counts = json.loads(scripts.succeed('tests/whole_graph.py', floatX))
    assert [total for _, total in counts] == [240, 240 * 784, 240]
    assert all(equal == total for equal, total in counts), counts


def test_theano_sums_a_float32_loss_in_double():
    """So Algorithm 2 on the CPU sees in float32 what it sees in float64."""
    scores, labels = T.fmatrix(), T.ivector()
    loss = theano.function([scores, labels], (
        lasagne.objectives.categorical_crossentropy(T.nnet.softmax(scores),
                                                    labels)))
    for u, seen in ((-16., True), (-20., True), (-36., True), (-38., False)):
        found = loss(np.array([[0, u]], np.float32), np.zeros(1, np.int32))
        assert found.dtype == np.float32
        expected = np.exp(u) if seen else 0
        assert found[0] == pytest.approx(expected, rel=.2), u
