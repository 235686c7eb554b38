"""Log-odds against mpmath at 400 digits, and how floating point fails."""

import mpmath
import numpy as np
import pytest
from toy_models import (
    log_odds,
    random_images,
    random_weights,
    relu_model,
    softmax,
    softmax_gradient,
)

from saliency.arithmetic import (
    log10_gradient,
    log_sigmoid,
    log_softplus_difference,
    softplus,
)
from saliency.maps import algorithm1, algorithm2, algorithm2_script, algorithm3

TINY = 1e-12  # of a decimal exponent; the project asks for 1e-5


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(400):
        yield


def exact_softplus(u):
    # 1 + exp(-1000) needs 435 digits of its own; log1p needs none.
    return mpmath.log1p(mpmath.exp(mpmath.mpf(float(u))))


def log_odds_pairs():
    rng = np.random.default_rng(0)
    first = rng.uniform(-1000, 1000, 400)
    near = first * (1 + rng.choice([-1, 1], 400)
                    * 10. ** rng.uniform(-16, -1, 400))
    edges = np.array([-1000., -745.2, -104., -37., -17., -1., -1e-9, 0.,
                      1e-9, 1., 17., 37., 104., 745.2, 1000.])
    grid = [np.repeat(edges, len(edges)), np.tile(edges, len(edges))]
    return (np.concatenate([first, first, grid[0]]),
            np.concatenate([rng.uniform(-1000, 1000, 400), near, grid[1]]))


def test_softplus_and_log_sigmoid():
    u = np.concatenate(log_odds_pairs())
    for function, exact in [
            (softplus, exact_softplus),
            (log_sigmoid, lambda v: -exact_softplus(-v))]:
        for value, v in zip(function(u), u):
            truth = exact(v)
            assert abs(mpmath.mpf(value) - truth) <= (
                4e-16 * abs(truth) + mpmath.mpf('5e-324'))


def test_log_softplus_difference():
    u1, u0 = log_odds_pairs()
    for value, one, zero in zip(log_softplus_difference(u1, u0), u1, u0):
        if one == zero:
            assert value == -np.inf
            continue
        truth = mpmath.log(abs(exact_softplus(one) - exact_softplus(zero)))
        assert abs(value - truth) / mpmath.log(10) < TINY


def test_softplus_differences_that_floats_lose():
    u1, u0 = np.array([-800., -40., 3.]), np.array([-900., -41., 3 + 4e-16])
    with np.errstate(under='ignore'):
        assert softplus(u1[0]) - softplus(u0[0]) == 0
    expected = [-800 + np.log1p(-np.exp(-100.)), -40 + np.log1p(-np.exp(-1.)),
                np.log(4.440892098500626e-16 / (1 + np.exp(-3.)))]
    np.testing.assert_allclose(log_softplus_difference(u1, u0), expected,
                               rtol=1e-14)


def test_falls_saturate_without_changing_places():
    for u0 in (-860., -120.5, -3., 0.1, 2.1):
        u1 = u0 - np.concatenate([np.linspace(0, 60, 20001), [400., 900.]])
        sizes = log_softplus_difference(u1, u0)
        slack = 0 if u0 < -40 else 1e-15
        assert np.all(np.diff(sizes) >= -slack)
        whole = u0 if u0 < -40 else np.log(softplus(u0))
        assert sizes[-1] == sizes[-2] == pytest.approx(whole, abs=1e-15)


def test_float32_is_taken_exactly_and_computed_in_float64():
    u1, u0 = (u.astype(np.float32) for u in log_odds_pairs())
    for function in (log_softplus_difference,
                     lambda a, b: log10_gradient(a, b[:, None])):
        result = function(u1, u0)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(
            result, function(u1.astype(np.float64), u0.astype(np.float64)))


def test_log10_gradient_broadcasts_over_images_and_keeps_zeros():
    u = np.array([-1000., 50.])
    gradient = np.zeros((2, 1, 3, 3))
    gradient[:, 0, 1, 1] = -100., 1e-300
    magnitude = log10_gradient(u, gradient)
    assert magnitude.shape == gradient.shape
    np.testing.assert_allclose(magnitude[:, 0, 1, 1],
                               [2 - 1000 / np.log(10), -300.], rtol=1e-14)
    assert np.all(magnitude[gradient == 0] == -np.inf)


# The NumPy twin of the float gradient, d loss / d z = p - [j = y].

def two_logits(u, dtype):
    return np.array([[0., u]], dtype), np.array([0])


@pytest.mark.parametrize('dtype, alive, dead', [
    (np.float32, -103.9, -104.), (np.float64, -745.1, -745.2)])
def test_failure_a_the_other_probabilities_underflow(dtype, alive, dead):
    assert softmax(two_logits(alive, dtype)[0])[0, 1] > 0
    z, y = two_logits(dead, dtype)
    assert softmax(z)[0, 1] == 0
    assert not softmax_gradient(z, y).any()
    assert np.isfinite(log10_gradient(log_odds(z, y), np.ones(1))).all()


@pytest.mark.parametrize('dtype, alive, dead', [
    (np.float32, -16.6, -17.4), (np.float64, -36.7, -37.5)])
def test_failure_b_the_label_cancels_and_the_others_live(dtype, alive, dead):
    assert softmax_gradient(*two_logits(alive, dtype))[0, 0] < 0
    own, other = softmax_gradient(*two_logits(dead, dtype))[0]
    assert own == 0
    assert other == pytest.approx(np.exp(dead), rel=1e-5)


@pytest.mark.parametrize('dtype, last', [
    (np.float32, -24 * np.log(2)), (np.float64, -53 * np.log(2))])
def test_where_rounding_one_plus_exp_sets_the_limit_of_b(dtype, last):
    above = softmax_gradient(*two_logits(last + 1e-3, dtype))[0, 0]
    below = softmax_gradient(*two_logits(last - 1e-3, dtype))[0, 0]
    assert above < 0 and below == 0


def test_failure_b_is_there_at_full_range_and_reorders_the_map():
    # dz_y/dx pulls pixel 0, dz_j/dx pixel 1; half as much, but all there is.
    pull = np.array([[3., 0.], [0., 2.]])  # (class, pixel)
    z, y = two_logits(-50., np.float64)
    as_formed = softmax_gradient(z, y)[0] @ pull
    exact = np.array([-3., 2.]) * np.exp(-50.)
    assert np.argmax(np.abs(exact)) == 0
    assert np.argmax(np.abs(as_formed)) == 1 and as_formed[0] == 0
    assert as_formed[1] == pytest.approx(exact[1])


# Whole networks, once in NumPy and once in mpmath.

class ExactNet:
    """x -> max(x V, 0) W at 400 digits, for one flat image."""

    def __init__(self, first, second):
        self.first, self.second = exactly(first), exactly(second)

    def hidden(self, x):
        sums = times(x, self.first)
        return [max(value, mpmath.mpf(0)) for value in sums]

    def loss(self, x, y):
        z = times(self.hidden(x), self.second)
        others = mpmath.fsum(mpmath.exp(value - z[y])
                             for j, value in enumerate(z) if j != y)
        return mpmath.log1p(others)

    def gradient(self, x, y):
        hidden = self.hidden(x)
        z = times(hidden, self.second)
        powers = [mpmath.exp(value - z[y]) for value in z]
        total = mpmath.fsum(powers)
        dz = [power / total for power in powers]
        dz[y] = -mpmath.fsum(p for j, p in enumerate(dz) if j != y)
        dh = [mpmath.fsum(w * d for w, d in zip(row, dz)) * (h > 0)
              for row, h in zip(self.second, hidden)]
        return [mpmath.fsum(w * d for w, d in zip(row, dh))
                for row in self.first]


def exactly(array):
    return [[mpmath.mpf(float(value)) for value in row] for row in array]


def times(vector, matrix):
    return [mpmath.fsum(v * row[k] for v, row in zip(vector, matrix))
            for k in range(len(matrix[0]))]


def exact_order(values):
    return sorted(range(len(values)), key=lambda k: -values[k])


@pytest.mark.parametrize('scale, least, most', [
    (1., 0, 15), (30., 50, 200), (500., 600, 1200)])
def test_maps_of_a_network_at_all_margins(scale, least, most):
    rng = np.random.default_rng(11)
    weights = random_weights(rng, pixels=16, hidden=8, classes=4,
                             scale=scale)
    net, model = ExactNet(*weights), relu_model(*weights)
    x = random_images(rng, 40, side=4)
    y = model.predict(x)
    u = model.log_odds(x, y)
    chosen = np.argsort(u)[:3]  # the widest margins
    assert least < -u[chosen[0]] < most
    for k in chosen:
        compare(net, model, x[k:k + 1], y[k:k + 1])


def compare(net, model, x, y):
    flat = exactly(x.reshape(1, -1))[0]
    gradient = net.gradient(flat, y[0])
    slope = model.log_odds_gradient(x, y)
    magnitude = log10_gradient(model.log_odds(x, y), slope).ravel()
    for value, truth in zip(magnitude, gradient):
        assert abs(value - mpmath.log10(abs(truth))) < 1e-10
    assert list(algorithm1(slope).order[0]) == exact_order(
        gradient)
    assert list(algorithm3(slope).order[0]) == exact_order(
        [abs(value) for value in gradient])
    before = net.loss(flat, y[0])
    s1, s2 = ([net.loss(flat[:k] + [pixel] + flat[k + 1:], y[0]) - before
               for k in range(len(flat))]
              for pixel in (mpmath.mpf(1), mpmath.mpf(0)))
    script = algorithm2_script(model, x, y, True)
    assert list(script.order[0]) == exact_order(s1)
    paper = algorithm2(model, x, y, True)
    exact = [max(abs(one), abs(two)) for one, two in zip(s1, s2)]
    assert list(paper.order[0]) == exact_order(exact)
    for k, value in enumerate(paper.priority[0]):
        assert abs(value - mpmath.log(exact[k])) / mpmath.log(10) < 1e-10
        assert paper.value[0, k] == (abs(s1[k]) > abs(s2[k]))


def test_from_saved_logits_with_margins_up_to_1000():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(60, 10)) * np.linspace(1, 800, 60)[:, None]
    y = z.argmax(axis=1)
    u = log_odds(z, y)
    assert u.min() < -900
    for row in range(60):
        values = [mpmath.mpf(v) for v in z[row]]
        rest = mpmath.fsum(mpmath.exp(v - values[y[row]])
                           for j, v in enumerate(values) if j != y[row])
        assert abs(u[row] - mpmath.log(rest)) < 1e-11
        sigmoid = rest / (1 + rest)
        assert abs(log10_gradient(u[row:row + 1], np.array([2.5]))[0]
                   - mpmath.log10(sigmoid * 2.5)) < 1e-11


# Gradients of the toys themselves, so that the oracles above are honest.

@pytest.mark.parametrize('of, slope', [
    ('loss', 'gradient'), ('log_odds', 'log_odds_gradient')])
def test_toy_gradients_are_finite_differences(of, slope):
    rng = np.random.default_rng(2)
    model = relu_model(*random_weights(rng))
    x = random_images(rng, 4) + 0.01
    y = rng.integers(0, 10, 4)
    step = 1e-6
    gradient = getattr(model, slope)(x, y).reshape(4, -1)
    for k in range(x[0].size):
        plus, minus = x.copy(), x.copy()
        plus.reshape(4, -1)[:, k] += step
        minus.reshape(4, -1)[:, k] -= step
        function = getattr(model, of)
        slope_k = (function(plus, y) - function(minus, y)) / (2 * step)
        np.testing.assert_allclose(gradient[:, k], slope_k, atol=1e-7)
