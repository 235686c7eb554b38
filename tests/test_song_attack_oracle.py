"""Attacks on trained networks against the printed loops, in float64.

The loops ask for one image at a time and the attacks for many, and BLAS
may sum those in another order. Two pixels whose priorities agree to some
1e-9 may then change places: such near ties are checked and listed, and the
rest of that sample's run is not compared.
"""

import numpy as np
import published_loop
import pytest

import data
from papers.song.attack_functions import callables
from papers.song.run_format import SONG
from saliency.attack import attack
from storage.model_file import load_model

pytestmark = pytest.mark.compiled

# (samples, limit): few for algorithms that ask some 1,500 times for a map.
SIZES = {1: (8, 30), 2: (2, 12), 3: (8, 30), 4: (1, 2)}
NEAR = 1e-8  # relative difference of priorities


@pytest.fixture(scope='module')
def trained(models):
    """The model trained at T = 5: wide margins; its callables and samples."""
    model = callables(load_model(models.path('runs', 'std-T5'), SONG))
    test = data.load('digits').test
    x = data.scale(test.images[40:52], 'float64')
    return model, x, test.labels[40:52].astype(np.int64)


@pytest.mark.parametrize('algorithm, log_odds, variant', [
    (1, False, 'paper'), (1, True, 'script'), (3, False, 'script'),
    (3, True, 'paper'), (2, False, 'paper'), (2, True, 'paper'),
    (2, False, 'script'), (4, True, 'paper'), (4, False, 'script')])
def test_records_are_the_printed_loops(trained, algorithm, log_odds,
                                       variant):
    model, x, y = trained
    count, limit = SIZES[algorithm]
    x, y = x[:count], y[:count]
    outcome = attack(model, x, y, np.arange(count), algorithm, limit,
                     variant, log_odds)
    correct = np.flatnonzero(outcome.clean_correct)
    ties = []
    for k in correct:
        expected = published_loop.run(model, x[k], y[k], algorithm, limit,
                                      variant, log_odds)
        order = expected.pop('order')
        found = [pixel for pixel in outcome.order[k] if pixel >= 0]
        if order != found:
            ties.append(near_tie(model, x[k], y[k], algorithm, variant,
                                 log_odds, order, found))
            continue
        for name, value in expected.items():
            np.testing.assert_array_equal(getattr(outcome, name)[k], value,
                                          name)
    print('near ties: %s' % ties)
    assert len(correct) and len(ties) <= len(correct) // 4


def near_tie(model, image, y, algorithm, variant, log_odds, order, found):
    """The first step at which the orders differ; it must be a near tie."""
    step = next(step for step, pair in enumerate(zip(order, found))
                if pair[0] != pair[1])
    s1, s2 = published_loop.saliency(model, image.copy(), y, algorithm,
                                     variant, log_odds)
    one, two = (np.max(np.abs(
        [s1[pixel]] if s2 is None else [s1[pixel], s2[pixel]]))
        for pixel in (order[step], found[step]))
    assert abs(one - two) <= NEAR * abs(one), (step, one, two)
    return step, order[step], found[step]


@pytest.mark.parametrize('algorithm', [1, 2, 3])
def test_batches_and_order_change_nothing_but_near_ties(trained, algorithm):
    model, x, y = trained
    count = 3 if algorithm == 2 else len(x)
    index = np.arange(count)
    whole = attack(model, x[:count], y[:count], index, algorithm, 12,
                   log_odds=True)
    turn = index[::-1]
    turned = attack(model, x[turn], y[turn], turn, algorithm, 12,
                    log_odds=True, batch=7)
    same = np.all(whole.order == turned.order[::-1], axis=1)
    print('samples with near ties: %s' % index[~same])
    assert same.mean() >= .75
    for name in ('success', 'steps', 'prediction', 'adversarial'):
        np.testing.assert_array_equal(getattr(whole, name)[same],
                                      getattr(turned, name)[::-1][same])


def test_wide_margins_are_where_floats_fail(models, trained):
    """float64, too, loses the label's term; log-odds do not."""
    _, x, y = trained
    model = callables(load_model(models.path('runs', 'std-T5'), SONG),
                      test_temperature=.1)
    wide = model.log_odds(x, y) < -37
    assert wide.any()
    assert np.all(model.loss(x[wide], y[wide]) == 0)
    assert np.all(np.any(model.log_odds_gradient(x[wide], y[wide]) != 0,
                         axis=(1, 2, 3)))
