"""Signal-to-noise ratios, balls and boxes against formulas and loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_classifiers import linear

from attacks.sign_steps import loss_gradient, sign_step, signs
from attacks.strength import (
    Moved,
    make_ball,
    snr,
    snr_step,
    try_strengths,
)
from errors import UserError


def some(count=5, seed=0, dtype=np.float64, shape=(3, 2, 4)):
    """Pixels from 0 to 1, the last image all zeros."""
    x = np.random.RandomState(seed).rand(count, *shape)
    x[-1] = 0
    return x.astype(dtype)


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
def test_the_step_is_the_formula(dtype):
    x = some(dtype=dtype)
    for ratio in (50, 33., 0, -6.5):
        found = snr_step(x, ratio)
        assert found.dtype == dtype and found.shape == (5,)
        for image, step in zip(x, found):
            norm = math.sqrt(math.fsum(float(pixel) ** 2
                                       for pixel in image.ravel()))
            expected = norm * 10 ** (-ratio / 20) / math.sqrt(24)
            assert step == pytest.approx(expected, rel=1e-6 if dtype
                                         == np.float32 else 1e-14)
        assert found[-1] == 0


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 120), st.integers(0, 99))
def test_what_is_not_cut_has_the_ratio_asked_for(ratio, seed):
    x = some(seed=seed)
    direction = np.where(some(seed=seed + 1) > .5, 1., -1.)
    moved = make_ball(x, snr_step(x, ratio)).along(direction)
    np.testing.assert_allclose(snr(x, moved)[:-1], ratio, atol=1e-6)
    assert snr(x, moved)[-1] == np.inf


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 80), st.integers(0, 99))
def test_what_is_cut_is_never_stronger_than_asked_for(ratio, seed):
    x = some(seed=seed)
    direction = np.where(some(seed=seed + 1) > .5, 1., -1.)
    ball = make_ball(x, snr_step(x, ratio), (0, 1))
    assert (snr(x, ball.along(direction)) >= ratio - 1e-6).all()


def test_ratios_by_hand():
    x = np.array([3., 4.]).reshape(1, 1, 1, 2).repeat(4, 0)
    x[3] = 0
    images = x.copy()
    images[1, 0, 0] += (.3, -.4)              # a tenth
    images[2, 0, 0] += (5, 0)                 # as much again
    images[3, 0, 0, 0] = 1e-3
    np.testing.assert_allclose(snr(x, images), [np.inf, 20, 0, -np.inf],
                               atol=1e-12)
    assert snr(x, images).dtype == np.float64


@pytest.mark.parametrize('ratio', [np.nan, np.inf, -np.inf, 'nan'])
def test_ratios_that_are_not_finite_are_refused(ratio):
    with pytest.raises(UserError, match='finitely many dB, got'):
        snr_step(some(), float(ratio))


@pytest.mark.parametrize('dtype, ratio', [
    (np.float32, -900), (np.float64, -1e5)])
def test_steps_that_overflow_are_refused(dtype, ratio):
    with pytest.raises(UserError, match='image 0 has a step of inf'):
        snr_step(some(dtype=dtype), ratio)


def test_images_that_are_not_numbers_are_refused():
    x = some()
    x[2, 0, 0, 0] = np.nan
    with pytest.raises(UserError, match='image 2 has a step of nan'):
        snr_step(x, 40)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.floats(0, 2))
def test_projections_are_the_nearest_pixels_within(seed, step):
    generator = np.random.RandomState(seed)
    x, far = some(seed=seed), 3 * generator.randn(5, 3, 2, 4)
    ball = make_ball(x, np.full(5, step), (0, 1))
    near = ball.project(far)
    for at in np.ndindex(*x.shape):
        low, high = max(0, x[at] - step), min(1, x[at] + step)
        assert near[at] == min(max(far[at], low), high)
    np.testing.assert_array_equal(ball.project(near), near)
    np.testing.assert_array_equal(make_ball(x, step).project(far),
                                  np.clip(far, x - step, x + step))


def test_channels_have_boxes_of_their_own():
    x = np.zeros((2, 3, 1, 1), np.float32)
    low, high = [sign * np.array([1, 2, 3.]).reshape(3, 1, 1)
                 for sign in (-1, 1)]
    ball = make_ball(x, np.array([2.5, .5]), (low, high))
    assert all(array.dtype == np.float32 for array in ball)
    np.testing.assert_array_equal(
        ball.along(np.ones_like(x))[..., 0, 0],
        [[1, 2, 2.5], [.5, .5, .5]])
    np.testing.assert_array_equal(
        ball.rows([1]).along(-np.ones_like(x[:1]))[..., 0, 0],
        [[-.5, -.5, -.5]])


@pytest.mark.parametrize('step', [-.1, np.nan])
def test_balls_of_no_size_are_refused(step):
    with pytest.raises(ValueError, match='at least 0, got %s' % step):
        make_ball(some(), np.array([1, 1, step, 1, 1]))


@pytest.mark.parametrize('pixel', [-1e-9, 1.5, np.nan])
def test_images_outside_of_the_box_are_refused(pixel):
    x = some()
    x[1, 2, 1, 3] = pixel
    with pytest.raises(UserError, match='is the box in the unit'):
        make_ball(x, .1, (0, 1))


def test_one_direction_serves_all_strengths_and_columns_keep_their_order():
    x = some(20)
    model = linear(np.random.RandomState(1).randn(4, 3, 2, 4))
    y = np.arange(20) % 4
    asked = []

    def gradient(images, labels):
        asked.append(len(images))
        return loss_gradient(model)(images, labels)

    direction = signs(gradient, x, y, batch=8)
    ratios = [33, 50, 10.]
    found = try_strengths(model.logits, x,
                          lambda ball: sign_step(ball, direction), ratios,
                          (0, 1), batch=7)
    assert asked == [8, 8, 4]
    for column, ratio in enumerate(ratios):
        step = snr_step(x, ratio)
        images = np.clip(x + step.reshape(-1, 1, 1, 1) * direction, 0, 1)
        np.testing.assert_array_equal(found.step[:, column], step)
        np.testing.assert_array_equal(found.snr[:, column], snr(x, images))
        np.testing.assert_array_equal(found.prediction[:, column],
                                      model.logits(images).argmax(1))
    assert found.blank.shape == (20, 3) and not found.blank.any()
    assert (found.prediction[:, 2] != found.prediction[:, 1]).any()
    assert (found.snr[:-1, 2] > 10.01).any()


def test_every_strength_says_for_itself_who_was_blank():
    x = some(3)
    model = linear(np.ones((2, 3, 2, 4)))
    found = try_strengths(
        model.logits, x,
        lambda ball: Moved(ball.x, ball.step.ravel() < .1), [40, 0])
    np.testing.assert_array_equal(found.blank, [[1, 0], [1, 0], [1, 1]])
