"""BANG's rule against its twin, and what it must not touch."""

import bang_twin
import numpy as np
import pytest
import theano
import theano.tensor as T

from bang.adjusting import Weighted, adjusted_gradients, scales
from bang.recipes import Rule


@pytest.fixture(scope='module')
def scale():
    """(errors, wrong, epsilon, ratio) -> η, in float32."""
    errors, wrong = T.tensor4(dtype='float32'), T.vector(dtype='bool')
    epsilon, ratio = T.dscalars('epsilon', 'ratio')
    compiled = theano.function([errors, wrong, epsilon, ratio], scales(
        errors, wrong, Rule(1., epsilon, ratio)))

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


def two_layers():
    """x -> z1 = x V + a, tanh, z2 = tanh W + b, with a loss."""
    generator = np.random.RandomState(7)
    x = T.matrix('x')
    v, w = (theano.shared(generator.randn(*shape)) for shape in (
        (4, 3), (3, 2)))
    a, b = theano.shared(np.zeros(3)), theano.shared(np.zeros(2))
    z1 = T.dot(x, v) + a
    hidden = T.tanh(z1)
    z2 = T.dot(hidden, w) + b
    loss = T.exp(z2).sum(axis=1).mean()
    return x, loss, [Weighted(z1, x, (v, a)), Weighted(z2, hidden, (w, b))]


def test_errors_below_are_those_of_the_unscaled_ones_above():
    x, loss, layers = two_layers()
    wrong = T.zeros((x.shape[0],), 'bool')
    rule = Rule(1.3, .8, 1.)
    both = adjusted_gradients(loss, layers, wrong, rule)
    value = np.random.RandomState(8).randn(5, 4)
    # The lower layer's rule sees d loss / d z1, whatever happens above.
    error = theano.function([x], theano.grad(loss, layers[0].z))(value)
    scaled = 1.3 * error * bang_twin.scales(
        error, [False] * 5, .8, 1.)[:, np.newaxis]
    found = theano.function([x], both)(value)
    np.testing.assert_allclose(found[0], value.T @ scaled, rtol=1e-12)
    np.testing.assert_allclose(found[1], scaled.sum(axis=0), rtol=1e-12)


def test_beta_multiplies_and_epsilon_0_is_the_ordinary_gradient():
    x, loss, layers = two_layers()
    wrong = T.ones((x.shape[0],), 'bool')
    plain = theano.grad(loss, [shared for layer in layers
                               for shared in layer.parameters])
    value = np.random.RandomState(9).randn(5, 4)
    found = theano.function([x], plain + adjusted_gradients(
        loss, layers, wrong, Rule(1.5, 0., 1.)))(value)
    for ordinary, adjusted in zip(found[:4], found[4:]):
        np.testing.assert_allclose(adjusted, 1.5 * ordinary, rtol=1e-12)


def test_with_epsilon_0_gradients_are_finite_differences():
    x, loss, layers = two_layers()
    wrong = T.zeros((x.shape[0],), 'bool')
    value = np.random.RandomState(10).randn(5, 4)
    found = theano.function([x], adjusted_gradients(
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
