"""BANG's rule against its twin, and what it must not touch."""

import bang_twin
import numpy as np
import pytest
import theano
import theano.tensor as T

from ops.elements import norms, scaled
from papers.bang.adjusting import (
    Weighted,
    adjusted_gradients,
    errors,
    scales,
    units,
)
from papers.bang.recipes import Rule

pytestmark = pytest.mark.compiled


@pytest.fixture(scope='module')
def scale():
    """(errors, wrong, epsilon, ratio) -> η, in float32."""
    errors, wrong = T.tensor4(dtype='float32'), T.vector(dtype='bool')
    epsilon, ratio = T.dscalars('epsilon', 'ratio')
    compiled = theano.function([errors, wrong, epsilon, ratio], scales(
        norms(errors), wrong, Rule(1., epsilon, ratio)))

    def function(values, misclassified=None, epsilon=.8, ratio=1.):
        values = np.float32(values)
        if misclassified is None:
            misclassified = np.zeros(len(values), bool)
        return compiled(values.reshape(len(values), -1, 1, 1), misclassified,
                        epsilon, ratio)

    return function


def some_errors(seed=0, n=9):
    generator = np.random.RandomState(seed)
    return (generator.randn(n, 6) * 10. ** generator.uniform(-9, 1, (n, 1))
            ).astype(np.float32)


@pytest.mark.parametrize('ratio', [0., .5, 1.])
def test_scales_are_the_twins(scale, ratio):
    errors, wrong = some_errors(), np.arange(9) % 3 == 0
    expected = bang_twin.scales(errors, wrong, .815, ratio)
    assert expected.max() > 10
    np.testing.assert_allclose(scale(errors, wrong, .815, ratio), expected,
                               rtol=1e-12)


def test_the_largest_is_left_as_it_is_and_none_shrinks_or_passes_it(scale):
    errors = some_errors(1)
    factors = scale(errors)
    norms = np.linalg.norm(errors.astype(float), axis=1)
    assert factors[norms.argmax()] == 1
    assert (factors >= 1).all()
    assert (factors * norms <= norms.max() * (1 + 1e-12)).all()


def test_elements_without_an_error_are_left_alone(scale):
    errors = some_errors(2)
    errors[[1, 4]] = 0
    factors = scale(errors)
    assert factors[1] == factors[4] == 1
    others = np.delete(errors, [1, 4], 0)
    np.testing.assert_array_equal(np.delete(factors, [1, 4]), scale(others))
    np.testing.assert_array_equal(scale(np.zeros((3, 6))), np.ones(3))


def test_one_element_and_equal_elements_are_left_alone(scale):
    assert scale(some_errors(3, 1)) == [1.]
    np.testing.assert_array_equal(
        scale(np.repeat(some_errors(3, 1), 5, 0)), np.ones(5))


def test_misclassified_elements_get_their_share_of_epsilon(scale):
    errors, wrong = some_errors(4), np.arange(9) < 4
    factors = scale(errors, wrong, .8, .5)
    np.testing.assert_array_equal(factors[:4], scale(errors, epsilon=.4)[:4])
    np.testing.assert_array_equal(factors[4:], scale(errors, epsilon=.8)[4:])


def test_epsilon_0_leaves_every_element_alone(scale):
    np.testing.assert_array_equal(scale(some_errors(5), epsilon=0.),
                                  np.ones(9))


def test_squares_that_float32_cannot_hold_still_count(scale):
    errors = np.float32([[1e-2] * 6, [1e-30] * 6, [1e-40] * 6])
    assert not (errors[1:] ** 2).any()
    np.testing.assert_allclose(
        scale(errors), bang_twin.scales(errors, [False] * 3, .8, 1.),
        rtol=1e-12)


def test_a_mean_over_the_batch_serves_as_well_as_a_sum(scale):
    errors = some_errors(6)
    np.testing.assert_allclose(scale(errors / 64), scale(errors), rtol=1e-12)


def two_layers(dtype='float64'):
    """x -> z1 = x V + a, tanh, z2 = tanh W + b, with a loss."""
    generator = np.random.RandomState(7)
    x = T.matrix('x', dtype)
    v, w = (theano.shared(generator.randn(*shape).astype(dtype))
            for shape in ((4, 3), (3, 2)))
    a, b = (theano.shared(np.zeros(n, dtype)) for n in (3, 2))
    z1 = T.dot(x, v) + a
    hidden = T.tanh(z1)
    z2 = T.dot(hidden, w) + b
    loss = T.exp(z2).sum(axis=1).mean()
    return x, loss, [Weighted(z1, x, (v, a)), Weighted(z2, hidden, (w, b))]


def by_rule(loss, layers, wrong, rule):
    return adjusted_gradients(theano.grad(loss, layers[-1].z), layers, wrong,
                              rule)


def test_errors_below_are_those_of_the_unscaled_ones_above():
    x, loss, layers = two_layers()
    wrong = T.zeros((x.shape[0],), 'bool')
    rule = Rule(1.3, .8, 1.)
    both = by_rule(loss, layers, wrong, rule)
    value = np.random.RandomState(8).randn(5, 4)
    # The lower layer's rule sees d loss / d z1, whatever happens above.
    error = theano.function([x], theano.grad(loss, layers[0].z))(value)
    scaled = 1.3 * error * bang_twin.scales(
        error, [False] * 5, .8, 1.)[:, np.newaxis]
    found = theano.function([x], both)(value)
    np.testing.assert_allclose(found[0], value.T @ scaled, rtol=1e-12)
    np.testing.assert_allclose(found[1], scaled.sum(axis=0), rtol=1e-12)


def test_units_are_powers_of_two():
    sizes = T.dvector()
    found = theano.function([sizes], units(sizes))(
        [5, 1, 0, 1.7e-30, 1e-42, 5e37])
    np.testing.assert_array_equal(found, [4, 1, 1, 2. ** -99, 2. ** -126,
                                          2. ** 125])
    assert np.isfinite(np.float32(1 / found)).all()


def plainly(loss, layers, wrong, rule):
    """The same by the equations, without powers of two."""
    gradients = []
    for layer in layers:
        error = theano.grad(loss, layer.z)
        factors = rule.beta * scales(norms(error), wrong, rule)
        gradients += theano.grad(
            None, list(layer.parameters), known_grads={
                layer.z: scaled(error, factors.astype(error.dtype))},
            consider_constant=[layer.input])
    return gradients


def test_powers_of_two_change_no_bit():
    x, loss, layers = two_layers('float32')
    rule, wrong = Rule(1.3, .8, 1.), T.zeros((x.shape[0],), 'bool')
    function = theano.function([x], plainly(loss, layers, wrong, rule)
                               + by_rule(loss, layers, wrong, rule))
    found = function(np.float32(np.random.RandomState(11).randn(6, 4)))
    for plain, ours in zip(found[:4], found[4:]):
        np.testing.assert_array_equal(ours, plain)


def test_errors_that_float32_cannot_hold_still_count():
    """A factor on the loss of half of the elements makes theirs tiny."""
    found = {}
    value = np.random.RandomState(12).randn(6, 4)
    for dtype, make in (('float64', plainly), ('float32', plainly),
                        ('float32', by_rule)):
        x, _, (first, last) = two_layers(dtype)
        shares = np.array([1, 1e-20] * 3, dtype)
        # Twice, as no number of float32 is 1e-42 to more than three digits.
        small = T.sqr(shares * T.exp(last.z).sum(axis=1)).sum()
        found[dtype, make] = theano.function([x], make(
            small, [first, last], T.zeros((6,), 'bool'),
            Rule(1., .95, 1.)))(value.astype(dtype))
    exact = found['float64', plainly]
    for mine, plain, right in zip(found['float32', by_rule],
                                  found['float32', plainly], exact):
        largest = np.abs(right).max()
        assert np.abs(mine - right).max() < 1e-5 * largest
        assert np.abs(plain - right).max() > 1e-4 * largest


def test_beta_multiplies_and_epsilon_0_is_the_ordinary_gradient():
    x, loss, layers = two_layers()
    wrong = T.ones((x.shape[0],), 'bool')
    plain = theano.grad(loss, [shared for layer in layers
                               for shared in layer.parameters])
    value = np.random.RandomState(9).randn(5, 4)
    found = theano.function([x], plain + by_rule(
        loss, layers, wrong, Rule(1.5, 0., 1.)))(value)
    for ordinary, adjusted in zip(found[:4], found[4:]):
        np.testing.assert_allclose(adjusted, 1.5 * ordinary, rtol=1e-12)


def test_with_epsilon_0_gradients_are_finite_differences():
    x, loss, layers = two_layers()
    wrong = T.zeros((x.shape[0],), 'bool')
    value = np.random.RandomState(10).randn(5, 4)
    found = theano.function([x], by_rule(
        loss, layers, wrong, Rule(1., 0., 1.)))(value)
    function = theano.function([x], loss)
    shared = [parameter for layer in layers for parameter in layer.parameters]
    for parameter, gradient in zip(shared, found):
        start = parameter.get_value()
        for place in np.ndindex(start.shape):
            losses = []
            for step in (1e-6, -1e-6):
                moved = start.copy()
                moved[place] += step
                parameter.set_value(moved)
                losses.append(function(value))
            parameter.set_value(start)
            np.testing.assert_allclose(gradient[place],
                                       (losses[0] - losses[1]) / 2e-6,
                                       rtol=1e-5, atol=1e-8)


def last_errors(z, labels, softmax):
    """κ of logits (n, classes), by `errors`."""
    given, wanted = T.matrix(dtype=z.dtype), T.ivector()
    loss = theano.tensor.nnet.categorical_crossentropy(
        T.nnet.softmax(given), wanted).mean()
    return theano.function([given, wanted], errors(
        loss, given, wanted, z.shape[1], softmax))(z, np.int32(labels))


@pytest.mark.parametrize('softmax', ['caffe', 'theano'])
@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_errors_are_the_gradient_of_the_loss(softmax, dtype):
    z = np.random.RandomState(13).randn(7, 10).astype(dtype)
    labels = np.arange(7)
    powers = np.exp(np.float64(z))
    expected = (powers / powers.sum(axis=1, keepdims=True)
                - np.eye(10)[labels]) / 7
    found = last_errors(z, labels, softmax)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=3e-6)


@pytest.mark.parametrize('softmax', ['caffe', 'theano'])
def test_errors_of_a_hundred_classes_are_the_twins(softmax):
    z = np.float32(6 * np.random.RandomState(14).randn(5, 100))
    labels = [0, 50, 99, 7, 8]
    np.testing.assert_allclose(
        last_errors(z, labels, softmax),
        bang_twin.errors(z, labels, softmax), rtol=1e-5, atol=2. ** -26)


def sure(share, label):
    """Logits by which nine classes have a power of `share` each."""
    z = np.full((1, 10), np.log(share), np.float32)
    z[0, label] = 0
    return z


@pytest.mark.parametrize('share, label, caffe, theano_s', [
    (1e-9, 9, 0, 0),             # 9e-9 in all: 1 to both
    (5e-9, 9, 0, 1),             # 4.5e-8: the double rounds away from 1
    (2e-8, 9, 4, 3),             # 1.8e-7: float32 has nothing nearer
    (4e-8, 0, 0, 6),             # 3.6e-7, but added to 1 one by one
])
def test_what_float32_leaves_of_a_sure_element(share, label, caffe, theano_s):
    """In units of 2**-24, the least by which p can be below 1."""
    for softmax, units_below in (('caffe', caffe), ('theano', theano_s)):
        z = sure(share, label)
        found = last_errors(z, [label], softmax)
        np.testing.assert_allclose(found, bang_twin.errors(
            z, [label], softmax), rtol=1e-5)
        assert found[0, label] == -units_below * 2. ** -24, softmax
        others = np.delete(found[0], label)
        np.testing.assert_allclose(others, share, rtol=1e-5)
