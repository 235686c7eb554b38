"""The batched attacks against the printed loops, record by record."""

from itertools import product

import numpy as np
import published_loop
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_models import quantised, random_images, random_task

from errors import UserError
from saliency.attack import attack
from saliency.outcome import Outcome

ALGORITHMS = (1, 2, 3, 4)
VARIANTS = ('paper', 'script')


def task(kind, seed=0):
    """Model, images, labels; `scale` sets the margins, in nats."""
    rng = np.random.default_rng(seed)
    if kind == 'float32':
        return random_task(rng, dtype=np.float32)
    if kind == 'underflow':
        return random_task(rng, scale=300, dtype=np.float32)
    model, x, y = random_task(rng)
    if kind == 'tied':
        return quantised(model, 0.5), x, y
    return model, x, y


def run(kind, algorithm, variant='paper', log_odds=False, limit=20, **more):
    model, x, y = task(kind)
    return attack(model, x, y, np.arange(len(x)) + 100, algorithm, limit,
                  variant, log_odds, **more)


def same(first, second):
    for one, two in zip(first, second):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize('kind', ['plain', 'float32', 'tied', 'underflow'])
@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('log_odds', [False, True])
@pytest.mark.parametrize('algorithm', ALGORITHMS)
def test_records_are_the_printed_loops(kind, variant, log_odds, algorithm):
    model, x, y = task(kind)
    limit = 7 if algorithm == 4 else 20
    outcome = attack(model, x, y, np.arange(len(x)), algorithm, limit,
                     variant, log_odds, batch=50)
    assert outcome.clean_correct.sum() >= 8
    for k in np.flatnonzero(outcome.clean_correct):
        expected = published_loop.run(
            model, x[k], y[k], algorithm, limit, variant, log_odds)
        assert expected.pop('order') == [
            pixel for pixel in outcome.order[k] if pixel >= 0]
        for name, value in expected.items():
            np.testing.assert_array_equal(getattr(outcome, name)[k], value)


def test_the_tasks_are_worth_their_names():
    tied = run('tied', 2)
    assert np.any(tied.success) and not np.all(tied.success)
    model, x, y = task('tied')
    steps = model.gradient(x, y).reshape(len(x), -1)
    assert all(len(np.unique(row)) <= 24 for row in steps)
    flat = run('underflow', 3)
    assert 0 < np.sum(flat.all_zero) < np.sum(flat.clean_correct)


def test_log_odds_fools_where_float_saw_zeros():
    blind = run('underflow', 1, limit=36)
    seeing = run('underflow', 1, limit=36, log_odds=True)
    assert blind.all_zero.any() and not seeing.all_zero.any()
    assert blind.max_gradient[blind.all_zero].max() == 0
    assert np.all(np.isfinite(seeing.log10_max_gradient))
    assert (np.median(seeing.steps[blind.all_zero])
            < np.median(blind.steps[blind.all_zero]))


def test_the_mean_gradient_is_that_of_all_pixels_in_float64():
    model, x, y = task('plain')
    rows = [np.mean([float(value) for value in gradient.ravel()])
            for gradient in model.gradient(x, y)]
    np.testing.assert_allclose(run('plain', 1).mean_gradient, rows,
                               rtol=1e-12)


def test_the_scripts_last_pixel_never_counts():
    paper, script = run('plain', 1), run('plain', 1, 'script')
    last = int(paper.steps[paper.success].max())
    at_limit = run('plain', 1, limit=last)
    quirk = run('plain', 1, 'script', limit=last)
    lost = at_limit.success & ~quirk.success
    assert lost.any() and np.all(quirk.steps[lost] == last)
    assert np.all(quirk.prediction[lost] != quirk.label[lost])
    assert not run('plain', 1, 'script', limit=1).success.any()
    assert np.array_equal(paper.success, script.success)


@pytest.mark.parametrize('algorithm, log_odds', list(product(
    ALGORITHMS, (False, True))))
def test_neither_batch_nor_blocks_change_anything(algorithm, log_odds):
    model, x, y = task('plain')
    index = np.arange(len(x))
    whole = attack(model, x, y, index, algorithm, 12, 'paper', log_odds)
    tiny = attack(model, x, y, index, algorithm, 12, 'paper', log_odds,
                  batch=3)
    same(whole, tiny)
    blocks = [attack(model, x[part], y[part], index[part], algorithm, 12,
                     'paper', log_odds) for part in np.array_split(index, 3)]
    same(whole, map(np.concatenate, zip(*blocks)))


@pytest.mark.parametrize('algorithm', ALGORITHMS)
def test_permuting_the_samples_permutes_the_records(algorithm):
    model, x, y = task('tied')
    index = np.arange(len(x))
    turn = np.random.default_rng(1).permutation(len(x))
    whole = attack(model, x, y, index, algorithm, 12)
    turned = attack(model, x[turn], y[turn], index[turn], algorithm, 12)
    same(Outcome(*(array[turn] for array in whole)), turned)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10 ** 6), algorithm=st.sampled_from(ALGORITHMS),
       variant=st.sampled_from(VARIANTS), log_odds=st.booleans(),
       limit=st.integers(1, 16), scale=st.sampled_from([1., 5., 100.]),
       dtype=st.sampled_from([np.float32, np.float64]))
def test_what_always_holds(seed, algorithm, variant, log_odds, limit, scale,
                           dtype):
    rng = np.random.default_rng(seed)
    model, x, y = random_task(rng, 6, scale, dtype, side=4)
    index = rng.permutation(100)[:6]
    outcome = attack(model, x, y, index, algorithm, limit, variant, log_odds)
    assert not np.any(outcome.success & (model.predict(x) != y))
    np.testing.assert_array_equal(outcome.prediction,
                                  model.predict(outcome.adversarial))
    after = outcome.adversarial
    assert np.all((after == x) | (after == 0) | (after == 1))
    np.testing.assert_array_equal(np.sum(after != x, axis=(1, 2, 3)),
                                  outcome.changed)
    assert np.all(outcome.changed <= outcome.steps)
    assert np.all(outcome.steps <= limit)
    assert np.all(np.diff(outcome.curve) >= 0)
    assert outcome.curve[-1] == outcome.success.sum()
    for row, steps in zip(outcome.order, outcome.steps):
        used = row[:steps]
        assert len(set(used)) == steps and used.min(initial=0) >= 0
        assert np.all(row[steps:] == -1)
    assert after.dtype == x.dtype


def test_a_misclassified_sample_is_left_alone():
    outcome = run('plain', 1)
    model, x, y = task('plain')
    wrong = ~outcome.clean_correct
    assert np.array_equal(np.flatnonzero(wrong), np.arange(0, len(x), 5))
    np.testing.assert_array_equal(outcome.adversarial[wrong], x[wrong])
    np.testing.assert_array_equal(outcome.prediction[wrong],
                                  outcome.clean_prediction[wrong])
    assert np.all(outcome.nonzero[wrong] == -1)
    assert not outcome.all_zero[wrong].any()
    assert np.all(outcome.order[wrong] == -1)
    assert np.all(outcome.margin[wrong] < 0)
    assert np.all(outcome.margin[~wrong] > 0)


def test_a_block_without_correct_samples_is_only_recorded():
    model, x, y = task('plain')
    wrong = (model.predict(x) + 1) % 10
    outcome = attack(model, x, wrong, np.arange(len(x)), 4, 5)
    assert not outcome.success.any() and not outcome.steps.any()


def test_log_odds_lie_within_log_9_of_the_margin():
    outcome = run('plain', 1)
    gap = outcome.log_odds + outcome.margin
    assert np.all(gap >= -1e-12) and np.all(gap <= np.log(9) + 1e-12)


@pytest.mark.parametrize('algorithm', ALGORITHMS)
@pytest.mark.parametrize('log_odds', [False, True])
def test_nan_in_a_map_names_the_sample(algorithm, log_odds):
    model, x, y = task('plain')

    def poisoned(function):
        def answer(images, labels):
            value = function(images, labels).copy()
            value[labels == y[3]] = np.nan
            return value
        return answer

    broken = model._replace(**{
        name: poisoned(getattr(model, name)) for name in
        ('loss_of', 'gradient', 'log_odds_of', 'log_odds_gradient')})
    first = np.flatnonzero((y == y[3]) & (model.predict(x) == y))[0]
    with pytest.raises(UserError, match=r'sample %d: expected a saliency '
                       r'map of numbers, got NaN for \d+ of 36' % (
                           first + 7)):
        attack(broken, x, y, np.arange(len(x)) + 7, algorithm, 5,
               log_odds=log_odds)


def test_nan_logits_are_no_prediction():
    model, x, y = task('plain')
    broken = model._replace(logits=lambda x: model.logits(x) * np.nan)
    with pytest.raises(UserError, match='expected logits that are numbers'):
        attack(broken, x, y, np.arange(len(x)), 1, 5)


@pytest.mark.parametrize('wrong, message', [
    ({'algorithm': 5}, 'algorithm: expected 1, 2, 3 or 4, got 5'),
    ({'limit': 0}, 'limit: expected 1 to 36 pixels, got 0'),
    ({'limit': 37}, 'limit: expected 1 to 36 pixels, got 37'),
    ({'variant': 'text'}, 'variant: expected paper or script, got text')])
def test_arguments_out_of_range(wrong, message):
    arguments = {'algorithm': 1, 'limit': 5, **wrong}
    model, x, y = task('plain')
    with pytest.raises(UserError, match=message):
        attack(model, x, y, np.arange(len(x)), **arguments)


def test_images_of_another_dtype():
    model, x, y = task('plain')
    with pytest.raises(UserError, match="model's float64, got float32"):
        attack(model, x.astype(np.float32), y, np.arange(len(x)), 1, 5)


def test_no_call_exceeds_the_batch_nor_probes_the_unchangeable():
    model, x, y = task('plain')
    x[:, :, 2] = 1
    y = model.predict(x)
    sizes = []

    def counted(function):
        def answer(images, *labels):
            sizes.append(len(images))
            return function(images, *labels)
        return answer

    watched = model._replace(logits=counted(model.logits))
    attack(watched, x, y, np.arange(len(x)), 2, 20, batch=32)
    assert max(sizes) == 32
    sizes.clear()
    watched = model._replace(loss_of=counted(model.loss_of))
    attack(watched, x, y, np.arange(len(x)), 2, 20)
    assert sum(sizes) == len(x) + np.sum(x != 0) + np.sum(x != 1)


def test_the_oracle_can_fail():
    model, x, y = task('plain')
    k = int(np.flatnonzero(model.predict(x) == y)[0])
    one = published_loop.run(model, x[k], y[k], 1, 20, 'paper', False)
    two = published_loop.run(model, x[k], y[k], 3, 20, 'paper', False)
    assert one['order'] != two['order']


def test_toys_do_not_depend_on_the_batch():
    for kind in ('plain', 'float32', 'underflow'):
        model, _, _ = task(kind)
        x = random_images(np.random.default_rng(5), 40, dtype=model.dtype)
        y = model.predict(x)
        for function in (model.loss, model.gradient, model.log_odds,
                         model.log_odds_gradient):
            one = [function(x[k:k + 1], y[k:k + 1])[0] for k in range(40)]
            np.testing.assert_array_equal(function(x, y), one)
