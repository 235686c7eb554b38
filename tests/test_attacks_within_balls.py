"""What holds for every attack within a ball, whatever its direction."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_classifiers import images, linear, toy

from attacks.batches import Classifier, predictions
from attacks.projected import projected_ascent
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
from attacks.strength import make_ball, snr_step, try_strengths

BOX = (0, 255)


def attacks(model, x, y, seed=0, places=None, batch=1024):
    """{name: Ball -> Moved} of every kind."""
    loss = loss_gradient(model)
    z = model.logits(x)
    of = partial(signs, batch=batch)
    directions = {
        'true': of(loss, x, y),
        'predicted': of(loss, x, predictions(z)),
        'least likely': of(descent(loss), x, least_likely(z)),
        'log-odds': of(log_odds_gradient(model), x, y),
        'transfer': of(loss_gradient(toy(8, dtype=x.dtype.type)), x, y),
        'noise': random_signs(x, seed, places)}
    found = {name: partial(sign_step, direction=direction)
             for name, direction in directions.items()}
    drawn = {'y': y, 'seed': seed, 'places': places, 'batch': batch}
    found['random first'] = partial(random_then_sign, loss, **drawn)
    found['projected'] = partial(projected_ascent, model.logits, loss,
                                 steps=3, restarts=2, **drawn)
    return found


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.floats(0, 60),
       st.sampled_from([BOX, (-40, 300), None]))
def test_ball_and_box_are_never_left(dtype, seed, ratio, box):
    model, x = toy(seed % 5, dtype=dtype), images(6, seed, dtype)
    step = snr_step(x, ratio)
    ball = make_ball(x, step, box)
    wide = step.reshape(-1, 1, 1, 1)
    for name, attack in attacks(model, x, np.arange(6), seed).items():
        found = attack(ball).images
        assert found.dtype == dtype and found.shape == x.shape, name
        assert ((x - wide <= found) & (found <= x + wide)).all(), name
        if box:
            assert box[0] <= found.min() <= found.max() <= box[1], name


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
def test_blank_images_are_counted_and_never_changed(dtype):
    x = images(12, dtype=dtype)
    dark = np.arange(12) % 3 == 0      # whose gradients are all zeros
    x[dark, 0, 0, 0], x[~dark, 0, 0, 0] = 0, 200

    model = toy(dtype=dtype)

    def pull_back(x, seed):
        lit = x[:, :1, :1, :1] > 100
        return model.pull_back(x, seed) * lit

    masked = Classifier(model.logits, pull_back, model.dtype)
    y, ball = predictions(model.logits(x)), make_ball(x, 20, BOX)
    by_name = attacks(masked, x, y)
    for name in ('true', 'predicted', 'least likely', 'log-odds',
                 'random first', 'projected'):
        found = by_name[name](ball)
        np.testing.assert_array_equal(found.blank, dark, name)
        np.testing.assert_array_equal(found.images[dark], x[dark], name)
        assert (found.images != x)[~dark].any(axis=(1, 2, 3)).all(), name
    assert not by_name['noise'](ball).blank.any()
    assert not by_name['transfer'](ball).blank.any()


def test_images_of_zeros_have_no_step_and_are_never_changed():
    x = images(4)
    x[2] = 0
    model = toy()
    for name, attack in attacks(model, x, np.arange(4)).items():
        found = try_strengths(model.logits, x, attack, [50, 20], BOX)
        np.testing.assert_array_equal(found.step[2], 0, name)
        np.testing.assert_array_equal(found.snr[2], np.inf, name)
        assert np.isfinite(found.snr[[0, 1, 3]]).all(), name
        assert (found.prediction[2] == model.logits(x)[2].argmax()).all()


def everything(x, y, **options):
    """All attacks' results on the toy, {name: Trials}."""
    model = toy(dtype=np.float32)
    batch = options.get('batch', 1024)
    return {name: try_strengths(model.logits, x, attack, [40, 20, 10], BOX,
                                batch)
            for name, attack in attacks(model, x, y, **options).items()}


def same(one, other):
    """The names of attacks whose results are the same to the last bit."""
    return {name for name in one
            if all(np.array_equal(*pair)
                   for pair in zip(one[name], other[name]))}


def test_seeds_decide_every_bit_of_what_is_random():
    x, y = images(16, dtype=np.float32), np.arange(16) % 6
    one = everything(x, y, seed=3)
    assert same(one, everything(x, y, seed=3)) == set(one)
    model, ball = toy(dtype=np.float32), make_ball(x, 5, BOX)
    of_seeds = [attacks(model, x, y, seed) for seed in (3, 4)]
    for name in ('noise', 'random first', 'projected'):
        first, second = [attack[name](ball).images for attack in of_seeds]
        assert (first != second).any(), name


@pytest.mark.parametrize('batch', [1, 5])
def test_attacks_in_any_batches_are_the_same(batch):
    x, y = images(16, dtype=np.float32), np.arange(16) % 6
    one = everything(x, y)
    assert same(one, everything(x, y, batch=batch)) == set(one)


def test_attacks_on_some_images_are_those_on_all():
    x, y = images(16, dtype=np.float32), np.arange(16) % 6
    rows = np.array([11, 2, 7])
    one = everything(x, y)
    other = everything(x[rows], y[rows], places=rows)
    for name, trials in one.items():
        for column, array in trials._asdict().items():
            np.testing.assert_array_equal(
                array[rows], getattr(other[name], column), (name, column))


def test_no_attack_is_stronger_than_the_best_on_linear_classifiers():
    generator = np.random.RandomState(0)
    model = linear(generator.randn(2, 1, 4, 5))
    x, y = generator.randn(30, 1, 4, 5), np.arange(30) % 2
    ball, margin = make_ball(x, .3), {}
    for name, attack in attacks(model, x, y).items():
        z = model.logits(attack(ball).images)
        margin[name] = z[np.arange(30), y] - z[np.arange(30), 1 - y]
    for name in margin:
        assert (margin['true'] <= margin[name] + 1e-9).all(), name
    for name in ('log-odds', 'projected'):
        np.testing.assert_allclose(margin[name], margin['true'], atol=1e-9)
    for name in ('noise', 'random first', 'transfer'):
        assert (margin['true'] < margin[name] - 1e-3).all(), name
