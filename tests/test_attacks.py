"""FGS and HC1 against loops that try every step, image by image."""

from functools import partial

import numpy as np
import pytest
from toy_classifiers import images, toy

from attacks.batches import Classifier, predictions
from attacks.directions import RULES, fast_gradient_sign, hot_cold
from attacks.search import doubled, first_step, grown_step, perturb
from attacks.seeds import (
    hot_cold_seed,
    log_odds,
    log_odds_seed,
    loss_seed,
    softmax_loss,
)
from errors import UserError


def task(count=40, scale=1., dtype=np.float64):
    """A network, images and the classes it gives them."""
    model = toy(scale=scale, dtype=dtype)
    x = images(count, dtype=dtype)
    return model, x, predictions(model.logits(x))


def moved(image, direction, step):
    """One discrete image, pixel by pixel."""
    result = np.empty_like(image)
    for at in np.ndindex(*image.shape):
        result[at] = min(255, max(0, round(image[at]
                                           + step * direction[at])))
    return result


def changing_steps(model, image, label, direction, last):
    """All whole steps that change the class, in order."""
    return [step for step in range(1, last + 1) if predictions(
        model.logits(moved(image, direction, step)[None]))[0] != label]


def softmax(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def test_fgs_takes_the_smallest_of_all_255_steps():
    model, x, y = task()
    found = fast_gradient_sign(model, x, y, batch=48)
    failures = 0
    for k in range(len(x)):
        z = model.logits(x[k:k + 1])[0]
        seed = softmax(z) - (np.arange(len(z)) == y[k])
        gradient = model.pull_back(x[k:k + 1], seed[None])[0]
        steps = changing_steps(model, x[k], y[k], np.sign(gradient), 255)
        smallest = steps[0] if steps else 0
        failures += not steps
        for rule in RULES:  # nothing rounds to 0 here: all rules agree
            assert found[rule].step[k] == smallest, (rule, k)
            expected = moved(x[k], np.sign(gradient), smallest)
            np.testing.assert_array_equal(found[rule].adversarial[k],
                                          expected)
            np.testing.assert_array_equal(
                found[rule].prediction[k],
                predictions(model.logits(expected[None]))[0])
    assert 0 < failures < len(x) / 2
    assert not any(outcome.blank.any() for outcome in found.values())


def test_hc1_stops_where_the_next_smaller_step_changes_nothing():
    model, x, y = task()
    found = hot_cold(model, x, y, last=300, batch=7)
    everywhere = 0
    for k in range(len(x)):
        z = model.logits(x[k:k + 1])[0]
        rest = [-np.inf if j == y[k] else z[j] for j in range(len(z))]
        seed = np.zeros(len(z))
        seed[np.argmax(rest)], seed[y[k]] = abs(max(rest)), -z[y[k]]
        gradient = model.pull_back(x[k:k + 1], seed[None])[0]
        direction = gradient / np.abs(gradient).max()
        steps = changing_steps(model, x[k], y[k], direction, 300)
        step = found.step[k]
        if not set(steps) & set(doubled(300)):
            assert step == 0, k
            continue
        assert step in steps and step - 1 not in steps, k
        everywhere += step == steps[0]
        np.testing.assert_array_equal(found.adversarial[k],
                                      moved(x[k], direction, step))
    assert everywhere > .9 * found.success.sum() > 10


def test_attacks_in_any_batches_are_the_same():
    model, x, y = task(23)
    one, other = [dict(fast_gradient_sign(model, x, y, batch),
                       HC1=hot_cold(model, x, y, batch=batch))
                  for batch in (1, 1000)]
    for name, outcome in one.items():
        for column, array in outcome._asdict().items():
            np.testing.assert_array_equal(
                array, getattr(other[name], column), (name, column))


def test_a_float32_loss_of_zero_is_blank_by_the_published_rule_alone():
    model, x, y = task(60, scale=12., dtype=np.float32)
    z = model.logits(x)
    found = fast_gradient_sign(model, x, y)
    u = log_odds(z, y)
    blank = found['published'].blank
    np.testing.assert_array_equal(blank, u < np.log(2. ** -24))
    assert 0 < blank.sum() < len(x)
    assert not found['log-odds'].blank.any()
    assert not found['published'].success[blank].any()
    np.testing.assert_array_equal(
        found['published'].adversarial[blank], x[blank])
    np.testing.assert_array_equal(found['published'].prediction[blank],
                                  y[blank])
    np.testing.assert_array_equal(found['published'].step[~blank],
                                  found['zeros'].step[~blank])
    assert found['zeros'].success[blank].any()  # the array is not zero yet


def test_a_gradient_of_only_zeros_is_blank_but_for_log_odds():
    model, x, y = task(30, scale=30., dtype=np.float32)
    found = fast_gradient_sign(model, x, y)
    z = model.logits(x)
    gradient = model.pull_back(x, loss_seed(z, y)[0])
    zero = ~gradient.any(axis=(1, 2, 3))
    assert 0 < zero.sum() < len(x)
    np.testing.assert_array_equal(found['zeros'].blank, zero)
    assert found['published'].blank[zero].all()
    assert found['log-odds'].success[zero].any()


def test_seeds_are_derivatives():
    z = 3 * np.random.RandomState(0).randn(8, 5)
    y = np.arange(8) % 5
    for value, seed in ((lambda z: softmax_loss(z, y)[0], loss_seed(z, y)[0]),
                        (lambda z: log_odds(z, y), log_odds_seed(z, y))):
        for j in range(5):
            step = 1e-6 * (np.arange(5) == j)
            numeric = (value(z + step) - value(z - step)) / 2e-6
            np.testing.assert_allclose(seed[:, j], numeric, atol=1e-8)


def test_the_hot_cold_seed_keeps_the_signs_of_the_method():
    z = np.array([[3., 1., 2.], [-1., -4., -2.]])
    seed = hot_cold_seed(z, np.array([0, 0]))
    np.testing.assert_array_equal(seed, [[-3, 0, 2], [1, 0, 2]])


def test_a_loss_that_overflows_stays_finite():
    z = np.array([[0., 200.]], np.float32)
    loss, _ = softmax_loss(z, np.array([0]))
    assert np.isfinite(loss).all() and loss[0] > 80


def test_perturbed_pixels_are_whole_and_within_bounds():
    x = np.array([[[[0., 100., 254.]]]])
    direction = np.array([[[[-1., .26, 1.]]]])
    np.testing.assert_array_equal(perturb(x, direction, np.array([2])),
                                  [[[[0, 101, 255]]]])


@pytest.mark.parametrize('last, steps', [
    (1, [1]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])])
def test_steps_double_up_to_the_last(last, steps):
    assert doubled(last) == steps


def stairs(edges):
    """Class 1 while the number of edges passed by the pixel is odd."""
    def logits(x):
        odd = sum(x[:, 0, 0, 0] >= edge for edge in edges) % 2
        return np.stack([1. - odd, odd], 1)
    return Classifier(logits, None, np.dtype(float))


def test_searches_on_a_class_that_comes_back():
    x, y = np.zeros((1, 1, 1, 1)), np.array([0])
    up = np.ones_like(x)
    logits = stairs((5, 7, 100)).logits
    assert first_step(logits, x, y, up) == [5]
    assert grown_step(logits, x, y, up, last=512) == [100]  # 4 and 8 miss
    assert grown_step(logits, x, y, up, last=64) == [0]
    assert first_step(logits, x, y, up, last=4) == [0]
    # 256 does not change it and 300 does: nothing below 256 is looked at.
    assert grown_step(stairs((75, 116, 145)).logits, x, y, up / 2,
                      last=300) == [290]


def test_no_direction_is_not_searched():
    x, y = np.zeros((2, 1, 1, 1)), np.array([1, 0])
    still = np.zeros_like(x)
    logits = stairs((5,)).logits  # even though class 1 is not the answer
    for search in (first_step, partial(grown_step, last=512)):
        np.testing.assert_array_equal(search(logits, x, y, still), [0, 0])


def test_a_zero_hot_cold_gradient_is_blank():
    model = toy()._replace(pull_back=lambda x, seed: np.zeros_like(x))
    x = images(3)
    found = hot_cold(model, x, predictions(model.logits(x)))
    assert found.blank.all() and not found.success.any()


def test_logits_that_are_nan_are_refused():
    model = toy()._replace(
        logits=lambda x: np.full((len(x), 3), np.nan))
    with pytest.raises(UserError, match='expected logits that are numbers'):
        first_step(model.logits, images(2), np.zeros(2, int),
                   np.ones((2, 1, 4, 5)))
