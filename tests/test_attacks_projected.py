"""PGD against a loop, closed forms, and losses that mislead single steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_classifiers import images, linear, toy

from attacks.batches import Classifier, predictions
from attacks.projected import projected_ascent
from attacks.seeds import log_odds, loss_seed
from attacks.sign_steps import loss_gradient, sign_step, signs
from attacks.strength import make_ball

BOX = (0, 255)


def attack(model, ball, y, steps=10, **options):
    return projected_ascent(model.logits, loss_gradient(model), ball, y,
                            steps, **options)


@settings(max_examples=60, deadline=None)
# A share of a step that is smaller still can be lost to the pixel's rounding.
@given(st.integers(0, 99), st.just(0) | st.floats(1e-9, 3))
def test_on_linear_classifiers_it_is_fgsm_to_the_last_bit(seed, step):
    generator = np.random.RandomState(seed)
    model = linear(generator.randn(2, 2, 3, 3))
    x, y = generator.randn(8, 2, 3, 3), np.arange(8) % 2
    ball = make_ball(x, step, (-5, 5))
    best = sign_step(ball, signs(loss_gradient(model), x, y)).images
    for steps, restarts in ((1, 1), (10, 1), (7, 3)):
        found = attack(model, ball, y, steps, restarts=restarts)
        np.testing.assert_array_equal(found.images, best)


def ascended(model, x, y, step, steps, reach, generator):
    """One ascent of one image, (c, h, w), in loops over pixels."""
    now = x.copy()
    noise = generator.uniform(-1, 1, x.shape)
    for at in np.ndindex(*x.shape):
        now[at] = min(255, max(0, x[at] + step * noise[at]))
    for _ in range(steps):
        seed, _ = loss_seed(model.logits(now[None]), np.array([y]))
        gradient = model.pull_back(now[None], seed)[0]
        for at in np.ndindex(*x.shape):
            moved = now[at] + reach * step / steps * np.sign(gradient[at])
            near = min(x[at] + step, max(x[at] - step, moved))
            now[at] = min(255, max(0, near))
    return now


def test_it_is_the_worst_of_loops_over_restarts():
    model, x = toy(), images(40)
    y = predictions(model.logits(x))
    step = np.linspace(2, 40, 40)
    found = attack(model, make_ball(x, step, BOX), y, 5, restarts=3,
                   reach=2, seed=9)
    came_last = [0, 0]
    for k in range(40):
        ends = [ascended(model, x[k], y[k], step[k], 5, 2,
                         np.random.Generator(np.random.SFC64([9, k, r])))
                for r in range(3)]
        z = model.logits(np.stack(ends))
        wrong = z.argmax(axis=1) != y[k]
        worst = (wrong.argmax() if wrong.any()
                 else log_odds(z, np.full(3, y[k])).argmax())
        came_last[int(wrong.any())] += worst > 0
        np.testing.assert_allclose(found.images[k], ends[worst], atol=1e-9)
    assert came_last[0] > 3 and not found.blank.any()


def curved():
    """Margin (t - 1/2)^2 - 1/8 of class 0, t the only pixel: a valley.

    Right at 0 and 1, wrong between .15 and .85; a single step of 1 leaps
    over it.
    """
    def logits(x):
        t = x[:, 0, 0]
        return np.concatenate([(t - .5) ** 2 - .125, 0 * t], axis=1)

    def pull_back(x, seed):
        return seed[:, :1, None, None] * 2 * (x - .5)

    return (Classifier(logits, pull_back, np.dtype(float)),
            np.zeros((5, 1, 1, 1)), np.zeros(5, int))


def test_where_the_loss_is_curved_it_succeeds_and_fgsm_fails():
    model, x, y = curved()
    ball = make_ball(x, 1., (0, 1))
    single = sign_step(ball, signs(loss_gradient(model), x, y)).images
    assert (single == 1).all()
    assert (predictions(model.logits(single)) == y).all()
    found = attack(model, ball, y)
    assert (predictions(model.logits(found.images)) != y).all()


def flat():
    """Sure of class 0 and without a gradient where the pixel |t| < 1/2.

    Farther out the logit falls, and beyond 3/4 the class is another.
    """
    def logits(x):
        t = x[:, 0, 0]
        return np.concatenate([1 - 4 * np.maximum(np.abs(t) - .5, 0), 0 * t],
                              axis=1)

    def pull_back(x, seed):
        slope = np.sign(x) * (np.abs(x) > .5)
        return -4 * seed[:, :1, None, None] * slope

    return Classifier(logits, pull_back, np.dtype(float))


def test_random_starts_leave_a_plateau_and_those_that_do_not_are_blank():
    model, x, y = flat(), np.zeros((60, 1, 1, 1)), np.zeros(60, int)
    ball = make_ball(x, 1.)
    assert sign_step(ball, signs(loss_gradient(model), x, y)).blank.all()
    blanks = []
    for restarts in (1, 2, 8):
        found = attack(model, ball, y, 4, restarts=restarts)
        wrong = predictions(model.logits(found.images)) != y
        np.testing.assert_array_equal(wrong, ~found.blank)
        np.testing.assert_array_equal(found.images[found.blank],
                                      x[found.blank])
        blanks.append(found.blank.sum())
    assert 15 < blanks[0] < 45 and blanks[0] > blanks[1] > blanks[2]


def test_images_that_are_mistaken_are_attacked_too():
    model, x = toy(), images(20)
    y = (predictions(model.logits(x)) + 1) % 6
    found = attack(model, make_ball(x, 9., BOX), y)
    assert (found.images != x).any(axis=(1, 2, 3)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.floats(1, 40), st.integers(1, 4))
def test_restarts_never_hurt(seed, step, steps):
    model, x = toy(seed % 3), images(12, seed)
    y = predictions(model.logits(x))
    ball, before = make_ball(x, step, BOX), None
    for restarts in (1, 2, 5):
        z = model.logits(attack(model, ball, y, steps, restarts=restarts,
                                seed=seed).images)
        wrong, height = predictions(z) != y, log_odds(z, y)
        if before is not None:
            assert (wrong >= before[0]).all()
            assert (wrong | (height >= before[1])).all()
        before = wrong, height


def test_no_gradient_is_asked_for_once_the_class_has_changed():
    model, x = toy(), images(30)
    y, asked = predictions(model.logits(x)), []

    def gradient(x, y):
        asked.append(len(x))
        return loss_gradient(model)(x, y)

    ball = make_ball(x, 15., BOX)
    projected_ascent(model.logits, gradient, ball, y, 2, restarts=2)
    held = predictions(model.logits(attack(model, ball, y, 2).images)) == y
    assert asked == [30, 30, held.sum(), held.sum()] and 0 < held.sum() < 30
    # Where all have changed, no further restart begins.
    asked.clear()
    projected_ascent(model.logits, gradient, ball, (y + 1) % 6, 1,
                     restarts=50)
    assert len(asked) < 50


@pytest.mark.parametrize('reach', [1, 2.5])
def test_all_steps_together_reach_so_many_radii(reach):
    seen = []

    def gradient(x, y):
        seen.append(x)
        return np.ones_like(x)

    x = np.zeros((3, 1, 2, 2))
    found = projected_ascent(lambda x: np.zeros((len(x), 2)), gradient,
                             make_ball(x, 2.), np.zeros(3, int), 5,
                             reach=reach)
    expected = np.minimum(2, seen[0] + 5 * (reach / 5 * 2))
    np.testing.assert_allclose(found.images, expected, atol=1e-12)
    assert len(seen) == 5


@pytest.mark.parametrize('wrong', [{'steps': 0}, {'restarts': 0},
                                   {'reach': 0}, {'reach': np.nan}])
def test_no_steps_no_restarts_and_no_reach_are_refused(wrong):
    model, x, y = curved()
    with pytest.raises(ValueError, match='at least one step, one restart'):
        attack(model, make_ball(x, 1.), y, **wrong)
