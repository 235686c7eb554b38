"""Intervals and tests against closed forms written out here."""

from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.proportions import McNemar, mcnemar, wilson

Z95 = 1.959963984540054


def wilson_twin(count, total):
    rate = count / total
    centre = rate + Z95 ** 2 / (2 * total)
    half = Z95 * sqrt(rate * (1 - rate) / total
                      + Z95 ** 2 / (4 * total ** 2))
    scale = 1 + Z95 ** 2 / total
    return (centre - half) / scale, (centre + half) / scale


@given(st.integers(1, 10000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_the_textbook_formula(pair):
    count, total = pair
    low, high = wilson(count, total)
    assert (low, high) == pytest.approx(wilson_twin(count, total), abs=1e-12)
    assert 0 <= low <= count / total <= high <= 1


def test_wilson_of_nothing_is_everything():
    assert wilson(0, 0) == (0., 1.)


@pytest.mark.parametrize('count, total', [(-1, 5), (6, 5)])
def test_wilson_refuses_impossible_counts(count, total):
    with pytest.raises(ValueError, match='got %d of 5' % count):
        wilson(count, total)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_mcnemar_is_twice_the_smaller_tail(pairs):
    first = np.array([pair[0] for pair in pairs], bool)
    second = np.array([pair[1] for pair in pairs], bool)
    b = sum(1 for one, two in pairs if one and not two)
    c = sum(1 for one, two in pairs if two and not one)
    tail = sum(comb(b + c, k) for k in range(min(b, c) + 1))
    expected = min(1., 2 * tail / 2 ** (b + c))
    result = mcnemar(first, second)
    assert result == McNemar(b, c, pytest.approx(expected, rel=1e-9))
    assert mcnemar(second, first).p_value == pytest.approx(result.p_value)


def test_mcnemar_by_hand():
    first = np.array([1, 1, 1, 1, 1, 0, 1], bool)
    second = np.array([0, 0, 0, 0, 0, 0, 1], bool)
    assert mcnemar(first, second) == McNemar(5, 0, pytest.approx(2 / 32))


def test_mcnemar_refuses_unpaired_samples():
    with pytest.raises(ValueError, match=r'shapes \(2,\) and \(3,\)'):
        mcnemar([True, False], [True, False, True])
