"""Records: curves, and contradictions are caught."""

import numpy as np
import pytest
from toy_models import random_task

from errors import UserError
from saliency.attack import attack
from saliency.outcome import checked


@pytest.fixture(scope='module')
def outcome():
    model, x, y = random_task(np.random.default_rng(4), 20, dtype=np.float32)
    return attack(model, x, y, np.arange(20) + 50, 3, 12)


def test_the_curve_counts_successes_within_each_budget(outcome):
    assert outcome.success.any() and not outcome.success.all()
    expected = [np.sum(outcome.success & (outcome.steps <= budget))
                for budget in range(1, 13)]
    np.testing.assert_array_equal(outcome.curve, expected)
    assert outcome.limit == 12


def test_lengths_must_agree(outcome):
    with pytest.raises(UserError, match=r'got lengths \[19, 20\]'):
        checked(outcome._replace(steps=outcome.steps[:-1]))


@pytest.mark.parametrize('name, value', [
    ('prediction', 'label'), ('clean_prediction', -1), ('steps', 0),
    ('steps', 13), ('changed', 13), ('order', -1)])
def test_impossible_records_are_refused(outcome, name, value):
    row = np.flatnonzero(outcome.success)[0]
    array = getattr(outcome, name).copy()
    array[row] = outcome.label[row] if value == 'label' else value
    with pytest.raises(UserError, match='sample %d contradicts itself'
                       % outcome.index[row]):
        checked(outcome._replace(**{name: array}))
