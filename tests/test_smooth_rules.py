"""The report's regulariser, projection, adversary and optimisers."""

import numpy as np
import pytest
import smooth_twin
import theano
import theano.tensor as T
from hypothesis import given
from hypothesis import strategies as st

from papers.smooth.adversary import (
    adversarial,
    draw_steps,
    mean_step,
    weigh,
)
from papers.smooth.optimisers import OPTIMISERS
from papers.smooth.parseval import project
from papers.smooth.smoothness import penalty

SHAPES = [(4, 2, 2), (3, 3, 1), (5, 1, 2)]     # of the layers' features
CLASSES = 4


@pytest.fixture(scope='module')
def regulariser():
    """power -> (labels, *features) -> penalty and its gradients, γ 0.5."""
    compiled = {}

    def function(power):
        if power not in compiled:
            labels = T.ivector()
            layers = [T.tensor4() for _ in SHAPES]
            value = penalty(layers, labels, CLASSES, .5, power)
            compiled[power] = theano.function(
                [labels, *layers], [value] + T.grad(value, layers))
        return compiled[power]
    return function


def features(n, seed=0):
    """What ReLUs may give, of every layer."""
    generator = np.random.RandomState(seed)
    return [np.maximum(generator.randn(n, *shape) + .5, 0)
            for shape in SHAPES]


BATCHES = {
    'random': (features(6), [0, 1, 2, 0, 1, 3]),
    'one class': (features(5, 1), [2] * 5),
    'one image': (features(1), [1]),
    'equal features': ([np.ones_like(layer) for layer in features(4)],
                       [0, 1, 1, 2]),
    'features of zeros': ([layer * (np.arange(4) > 0)[:, None, None, None]
                           for layer in features(4)], [0, 1, 1, 2])}


@pytest.mark.compiled
@pytest.mark.parametrize('power', [1, 2, 3])
@pytest.mark.parametrize('name', BATCHES)
def test_the_penalty_and_its_gradient_are_the_twins(name, power, regulariser):
    layers, labels = BATCHES[name]
    labels = np.array(labels, np.int32)
    value, *gradients = regulariser(power)(labels, *layers)
    expected = smooth_twin.penalty(layers, labels, CLASSES, .5, power)
    np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)
    if name in ('one image', 'one class', 'equal features'):
        # Of one class Y is 1 everywhere, of which L makes 0; equal features
        # are equally smooth in all layers.
        assert abs(expected) < 1e-12
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    if name != 'random':
        return                  # where |0| has no gradient, or a kink is near
    assert expected > .01
    for number, layer in enumerate(layers):
        for place in list(np.ndindex(*layer.shape))[::7]:
            ends = []
            for step in (1e-6, -1e-6):
                moved = [other.copy() for other in layers]
                moved[number][place] += step
                ends.append(smooth_twin.penalty(moved, labels, CLASSES, .5,
                                                power))
            np.testing.assert_allclose(
                gradients[number][place], (ends[0] - ends[1]) / 2e-6,
                rtol=1e-5, atol=1e-7)


def test_smoothness_by_hand():
    """Two images of two classes, at right angles and then at 60 degrees."""
    apart = np.array([[1., 0], [0, 2]])
    near = np.array([[1., 0], [.5, .75 ** .5]])
    labels = np.array([0, 1])
    # L is 0 of the first; of the second .5 · [[1, -1], [-1, 1]].
    assert smooth_twin.smoothness(apart, labels, 2, 1) == 0
    np.testing.assert_allclose(smooth_twin.smoothness(near, labels, 2, 1), 1)
    np.testing.assert_allclose(
        smooth_twin.penalty([apart, near, apart], labels, 2, .01, 2), 1e-4)


@pytest.fixture(scope='module')
def projection():
    """(W of four or two axes, beta) -> W, by Theano."""
    beta, compiled = T.scalar(), {}
    for kind in (T.tensor4, T.matrix):
        weights = kind()
        compiled[weights.ndim] = theano.function(
            [weights, beta], (project_with(weights, beta)))
    return lambda weights, beta: compiled[weights.ndim](weights, beta)


def project_with(weights, beta):
    """With β as a variable, of which `project` takes only numbers."""
    one, zero = project(weights, 1.), project(weights, 0.)
    return zero + beta * (one - zero)


@pytest.mark.compiled
@pytest.mark.parametrize('shape', [(4, 3, 2, 2), (3, 7), (9, 2, 1, 1)])
def test_the_projection_is_the_twins(shape, projection):
    weights = np.random.RandomState(0).randn(*shape)
    np.testing.assert_allclose(projection(weights, .01),
                               smooth_twin.project(weights, .01), rtol=1e-10)


@pytest.mark.compiled
def test_dense_weights_may_lie_either_way(projection):
    weights = np.random.RandomState(0).randn(3, 7)
    np.testing.assert_allclose(projection(weights.T.copy(), .3),
                               projection(weights, .3).T, rtol=1e-10)


@pytest.mark.compiled
@pytest.mark.parametrize('shape', [(4, 3, 2, 2), (9, 2, 2, 1)])
def test_iterated_it_makes_frames_tight(shape, projection):
    weights = np.random.RandomState(0).uniform(-.3, .3, shape)
    for _ in range(300):
        weights = projection(weights, .2)
    rows = weights.reshape(len(weights), -1)
    if rows.shape[0] > rows.shape[1]:
        rows = rows.T
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-8)


@pytest.mark.compiled
def test_the_adversarial_half_moves_along_signs():
    images, steps, weights = T.tensor4(), T.tensor4(), T.tensor4()
    loss = T.sum(weights * images ** 2)
    bounds = T.constant(np.zeros(2)), T.constant(np.array([1., 2.]))
    free, cut = (adversarial(images, loss, steps, limits)
                 for limits in (None, bounds))
    function = theano.function([images, steps, weights], [
        free, cut, *T.grad(T.sum(free * weights) + T.sum(images * cut),
                           [images, weights])])
    generator = np.random.RandomState(0)
    x, w = generator.rand(3, 2, 4, 4), generator.randn(3, 2, 4, 4)
    s = generator.rand(3, 2, 4, 4)
    w[0, 0, 0, 0] = 0
    found = function(x, s, w)
    expected = x + s * np.sign(2 * w * x)
    assert expected[0, 0, 0, 0] == x[0, 0, 0, 0]
    np.testing.assert_allclose(found[0], expected)
    low, high = np.zeros((2, 1, 1)), np.array([1., 2.])[:, None, None]
    np.testing.assert_allclose(found[1], np.clip(expected, low, high))
    assert (found[1] != found[0]).any()
    # A constant: no gradient goes through the moved images.
    np.testing.assert_allclose(found[2], found[1])
    np.testing.assert_allclose(found[3], found[0])


def test_steps_are_cut_normal_magnitudes():
    steps = draw_steps(np.random.RandomState(0), 'report', .1, (50, 3, 32, 32))
    assert steps.min() >= 0 and steps.max() == .2
    assert abs((steps == .2).mean() - .0455) < .002
    assert abs((steps < .1).mean() - .6827) < .004
    again = draw_steps(np.random.RandomState(0), 'report', .1,
                       (50, 3, 32, 32))
    np.testing.assert_array_equal(steps, again)
    constant = draw_steps(np.random.RandomState(0), 'constant', .1, (2, 3))
    np.testing.assert_array_equal(constant, np.full((2, 3), .4))


def test_the_mean_step_has_its_ratio():
    generator = np.random.RandomState(0)
    images = generator.randint(0, 256, (7, 3, 5, 5)).astype(np.uint8)
    mean, deviation = np.array([.1, .2, .3]), np.array([.5, .25, 1])
    found = []
    for image in images:
        x = (image / 255 - mean[:, None, None]) / deviation[:, None, None]
        found.append(np.linalg.norm(x) * 10 ** (-33 / 20) / np.sqrt(x.size))
        noise = found[-1] * np.ones_like(x)
        assert abs(20 * np.log10(np.linalg.norm(x) / np.linalg.norm(noise))
                   - 33) < 1e-9
    for block in (2, 7, 100):
        np.testing.assert_allclose(
            mean_step(images, mean, deviation, block=block), np.mean(found))


def test_both_halves_weigh_as_in_the_scripts():
    np.testing.assert_allclose(weigh(2., 3., 50, 50),
                               (50 * 2 + .3 * 50 * 3) / (50 + 15))


@pytest.mark.compiled
@pytest.mark.parametrize('name', OPTIMISERS)
def test_steps_are_pytorchs(name):
    torch = pytest.importorskip('torch')
    start = np.random.RandomState(0).randn(3, 4)
    shared, rate = theano.shared(start, 'w'), theano.shared(.1)
    target = T.matrix()
    loss = T.sum(T.sqr(shared - target) ** 2)
    updates, velocities = OPTIMISERS[name](
        theano.grad(loss, [shared]), [shared], rate, .05)
    function = theano.function([target], loss, updates=updates)
    theirs = torch.from_numpy(start.copy()).requires_grad_()
    for phase in (.1, .01):
        rate.set_value(phase)
        for velocity in velocities:      # as training.loop.enter does
            velocity.set_value(np.zeros_like(velocity.get_value()))
        optimiser = (torch.optim.SGD([theirs], phase, momentum=.9,
                                     weight_decay=.05) if name == 'sgd' else
                     torch.optim.Adam([theirs], phase, weight_decay=.05))
        for seed in range(3):
            goal = np.random.RandomState(seed + 1).randn(3, 4) / 3
            function(goal)
            optimiser.zero_grad()
            ((theirs - torch.from_numpy(goal)) ** 2).square().sum().backward()
            optimiser.step()
            np.testing.assert_allclose(shared.get_value(),
                                       theirs.detach().numpy(), rtol=1e-9)


@given(st.integers(1, 500), st.sampled_from(['SHORT', 'LONG', 'ADAM']))
def test_shorter_trainings_keep_the_shares(epochs, name):
    from papers.smooth import recipes
    plan = getattr(recipes, name)
    found = plan.boundaries(epochs)
    assert len(found) == len(plan.rates) - 1
    assert [0] + found == sorted({0, *found})
    if epochs >= plan.ends[-1]:
        assert found == list(plan.ends[:-1])
    for ours, end in zip(found, plan.ends):
        assert abs(ours - end * min(1, epochs / plan.ends[-1])) <= 2
