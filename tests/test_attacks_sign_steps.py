"""FGSM's kinds and R+FGSM, where the best attack is known in closed form.

Of a linear classifier of two classes, with w = w_1 - w_0, the margin of class
1 is w · x, and the least that a step eps a pixel leaves of it is
w · x - eps ||w||_1.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_classifiers import images, linear, toy

from attacks.batches import predictions
from attacks.seeds import log_odds
from attacks.sign_steps import (
    descent,
    least_likely,
    log_odds_gradient,
    loss_gradient,
    random_signs,
    random_then_sign,
    sign_step,
    signs,
)
from attacks.strength import make_ball
from errors import UserError

SHAPE = (2, 3, 3)


def two_classes(count=12, seed=0):
    """A linear classifier, its w, and images with labels, some mistaken."""
    generator = np.random.RandomState(seed)
    weights = generator.randn(2, *SHAPE)
    x = generator.randn(count, *SHAPE)
    return linear(weights), weights[1] - weights[0], x, np.arange(count) % 2


def margins(model, x, y):
    """z_y - z_other of two classes, (n,)."""
    z, rows = model.logits(x), np.arange(len(x))
    return z[rows, y] - z[rows, 1 - y]


@pytest.mark.parametrize('kind', [loss_gradient, log_odds_gradient])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.floats(0, 3))
def test_on_linear_classifiers_fgsm_is_the_best_attack(kind, seed, step):
    model, w, x, y = two_classes(seed=seed)
    found = sign_step(make_ball(x, step), signs(kind(model), x, y))
    own = np.where(y == 1, 1, -1) * np.einsum('nchw,chw->n', x, w)
    np.testing.assert_allclose(margins(model, found.images, y),
                               own - step * np.abs(w).sum(), atol=1e-9)
    assert not found.blank.any()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.floats(0, 3), st.floats(0, 1))
def test_on_linear_classifiers_a_random_step_never_helps(seed, step, share):
    model, w, x, y = two_classes(seed=seed)
    found = random_then_sign(loss_gradient(model), make_ball(x, step), y,
                             seed, share=share)
    own = margins(model, x, y)
    # Each random sign that the gradient's part contradicts is lost.
    left = (1 - share) * step * np.abs(w).sum()
    assert (margins(model, found.images, y)
            >= own - step * np.abs(w).sum() - 1e-9).all()
    assert (margins(model, found.images, y)
            <= own - left + share * step * np.abs(w).sum() + 1e-9).all()


def test_half_of_the_step_is_random_and_half_the_gradients():
    model, w, x, y = two_classes()
    found = random_then_sign(loss_gradient(model), make_ball(x, .5), y, 3)
    noise = random_signs(x, 3)
    up = np.where(y == 1, -1, 1).reshape(-1, 1, 1, 1) * np.sign(w)
    np.testing.assert_allclose(found.images, x + .25 * noise + .25 * up,
                               atol=1e-12)
    assert (found.images == x + .5 * up).any(axis=(1, 2, 3)).all()


def test_no_random_share_is_fgsm_and_a_whole_one_is_random_signs():
    model, x = toy(), images(9)
    y, ball = np.arange(9) % 6, make_ball(x, 9., (0, 255))
    gradient = loss_gradient(model)
    for share, direction in ((0, signs(gradient, x, y)),
                             (1, random_signs(x, 5))):
        np.testing.assert_array_equal(
            random_then_sign(gradient, ball, y, 5, share=share).images,
            sign_step(ball, direction).images)


def test_the_gradient_is_asked_for_where_the_random_step_has_led():
    seen = []

    def gradient(x, y):
        seen.append(x)
        return np.ones_like(x)

    x = images(4)
    random_then_sign(gradient, make_ball(x, 10., (0, 255)), np.arange(4), 7)
    np.testing.assert_array_equal(
        seen[0], np.clip(x + 5 * random_signs(x, 7), 0, 255))


@pytest.mark.parametrize('share', [-.1, 1.1, np.nan])
def test_shares_of_more_than_a_step_are_refused(share):
    with pytest.raises(ValueError, match='a share from 0 to 1, got'):
        random_then_sign(None, make_ball(images(1), 1.), [0], 0, share=share)


def test_the_least_likely_class_is_approached():
    generator = np.random.RandomState(4)
    weights = generator.randn(3, *SHAPE)
    model, x = linear(weights), .3 * generator.randn(30, *SHAPE)
    z = model.logits(x)
    target = least_likely(z)
    direction = signs(descent(loss_gradient(model)), x, target)
    for k in range(len(x)):
        assert z[k, target[k]] == min(z[k])
        p = np.exp(z[k]) / np.exp(z[k]).sum()
        rise = weights[target[k]] - np.tensordot(p, weights, 1)
        np.testing.assert_array_equal(direction[k], np.sign(rise))
    moved = sign_step(make_ball(x, .4), direction).images
    assert (log_odds(model.logits(moved), target)
            < log_odds(z, target)).all()      # of its complement
    assert (predictions(model.logits(moved)) == target).sum() > 20
    assert len(set(target)) == 3


def test_of_two_classes_the_least_likely_is_the_other_one():
    model, _, x, y = two_classes()
    z = model.logits(x)
    np.testing.assert_array_equal(
        signs(descent(loss_gradient(model)), x, least_likely(z)),
        signs(loss_gradient(model), x, predictions(z)))


def test_ties_for_the_least_likely_go_to_the_lowest_class():
    np.testing.assert_array_equal(
        least_likely(np.array([[2., 1, 1], [0, 0, 0], [3, 2, 1]])),
        [1, 0, 2])
    with pytest.raises(UserError, match='expected logits that are numbers'):
        least_likely(np.array([[np.nan, 0]]))


def test_true_and_predicted_labels_differ_only_where_it_is_wrong():
    model, _, x, y = two_classes(40)
    predicted = predictions(model.logits(x))
    right = predicted == y
    assert 10 < right.sum() < 30
    of_true, of_predicted = [signs(loss_gradient(model), x, labels)
                             for labels in (y, predicted)]
    np.testing.assert_array_equal(of_true[right], of_predicted[right])
    np.testing.assert_array_equal(of_true[~right], -of_predicted[~right])


def test_log_odds_have_the_losss_signs_without_its_zeros():
    x = images(30)
    y = predictions(toy().logits(x))
    exact = signs(loss_gradient(toy()), x, y)
    np.testing.assert_array_equal(
        signs(log_odds_gradient(toy()), x, y), exact)
    # The smallest p_j that floats tell from 0, and what they still tell of
    # its products with weights.
    for dtype, scale, smallest in ((np.float32, 30, 104),
                                   (np.float64, 210, 746)):
        x = images(60, dtype=dtype)
        model = toy(scale=scale, dtype=dtype)
        y = predictions(model.logits(x))
        ball = make_ball(x, 1)
        of_loss, of_odds = [sign_step(ball, signs(kind(model), x, y)).blank
                            for kind in (loss_gradient, log_odds_gradient)]
        u = log_odds(model.logits(x), y)
        assert of_loss[u < -smallest].all() and (u < -smallest).any()
        assert not of_loss[u > 12 - smallest].any() and not of_loss.all()
        assert not of_odds.any()


@pytest.mark.parametrize('degrees', [0, 30, 90, 180])
def test_transferred_directions_keep_what_the_classifiers_share(degrees):
    w = np.array([3., 1.]).reshape(1, 1, 2)
    turn = np.radians(degrees)
    turned = (np.array([[np.cos(turn), -np.sin(turn)],
                        [np.sin(turn), np.cos(turn)]]) @ w.ravel())
    model, other = [linear([0 * one, one]) for one in
                    (w, turned.reshape(w.shape))]
    x = np.random.RandomState(0).randn(8, 1, 1, 2)
    y = np.arange(8) % 2
    found = sign_step(make_ball(x, .1), signs(loss_gradient(other), x, y))
    lost = margins(model, x, y) - margins(model, found.images, y)
    shared = np.abs(w).sum() * {0: 1, 30: 1, 90: -.5, 180: -1}[degrees]
    np.testing.assert_allclose(lost, .1 * shared, atol=1e-12)


def test_random_signs_are_fair_and_independent_of_the_other_images():
    x = np.zeros((40, 3, 8, 8), np.float32)
    found = random_signs(x, 1)
    assert found.dtype == np.float32 and set(np.unique(found)) == {-1, 1}
    assert abs(found.mean()) < 4 / np.sqrt(found.size)
    places = np.array([7, 3, 25])
    np.testing.assert_array_equal(random_signs(x[places], 1, places),
                                  found[places])
    assert (random_signs(x, 2) != found).any(axis=(1, 2, 3)).all()


def test_gradients_that_are_nan_are_refused():
    with pytest.raises(UserError, match='expected gradients that are'):
        signs(lambda x, y: x * np.nan, images(2), np.zeros(2, int))
