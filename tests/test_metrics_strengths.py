"""Accuracies over strengths against loops over images and strengths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.proportions import wilson
from metrics.strengths import accuracies, cumulative, recovered

RATIOS = st.lists(st.sampled_from([np.inf, 60, 50, 45.5, 40, 33, 25, 0, -3]),
                  min_size=1, max_size=9, unique=True)


@st.composite
def results(draw, ratios=RATIOS):
    """Correctness (n, k) and its ratios, in any order."""
    at = draw(ratios)
    row = st.lists(st.booleans(), min_size=len(at), max_size=len(at))
    return np.array(draw(st.lists(row, min_size=1, max_size=12))), at


@settings(deadline=None)
@given(results())
def test_wrong_once_is_wrong_at_all_that_is_stronger(result):
    correct, ratios = result
    found = cumulative(correct, ratios)
    for i, row in enumerate(correct):
        for j, ratio in enumerate(ratios):
            expected = True
            for right, other in zip(row, ratios):
                if other >= ratio and not right:
                    expected = False
            assert found[i, j] == expected
    ordered = found[:, np.argsort(ratios)[::-1]].sum(axis=0)
    assert (np.diff(ordered) <= 0).all()
    np.testing.assert_array_equal(cumulative(found, ratios), found)


@settings(deadline=None)
@given(results())
def test_accuracies_count_each_strength(result):
    correct, ratios = result
    for column, found in enumerate(accuracies(correct)):
        count = sum(1 for row in correct if row[column])
        low, high = wilson(count, len(correct))
        assert found == {'count': count, 'total': len(correct), 'low': low,
                         'high': high}
    assert len(accuracies(correct)) == len(ratios)


@settings(deadline=None)
@given(results(st.permutations([60, 50, 40, 33, 25])))
def test_the_recovered_are_wrong_when_weak_and_right_when_strong(result):
    correct, ratios = result
    for weak, strong in ((50, 33), (60, 25)):
        count = 0
        for row in correct:
            at = dict(zip(ratios, row))
            count += bool(not at[weak] and at[strong])
        found = recovered(correct, ratios, weak, strong)
        low, high = wilson(count, len(correct))
        assert found == {'count': count, 'total': len(correct), 'low': low,
                         'high': high}
        rise = (correct[:, ratios.index(strong)].sum()
                - correct[:, ratios.index(weak)].sum())
        assert count >= rise
        assert recovered(cumulative(correct, ratios), ratios, weak,
                         strong)['count'] == 0


def test_by_hand():
    correct = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]], bool)
    ratios = [33, 50, np.inf]
    np.testing.assert_array_equal(
        cumulative(correct, ratios),
        [[0, 0, 1], [0, 0, 0], [0, 0, 1], [1, 1, 1]])
    assert recovered(correct, ratios)['count'] == 1
    assert [one['count'] for one in accuracies(correct)] == [3, 2, 3]


def test_of_no_images_nothing_is_known():
    none = np.zeros((0, 2), bool)
    assert accuracies(none) == 2 * [
        {'count': 0, 'total': 0, 'low': 0., 'high': 1.}]
    assert cumulative(none, [50, 33]).shape == (0, 2)


@pytest.mark.parametrize('ratios', [[50], [50, 33, 25], [50, np.nan]])
def test_columns_without_a_ratio_are_refused(ratios):
    with pytest.raises(ValueError, match='a ratio for each column'):
        cumulative(np.ones((3, 2), bool), ratios)


@pytest.mark.parametrize('weak, strong, said', [
    (33, 50, 'larger signal-to-noise ratio, got 33 and 50 dB'),
    (50, 50, 'larger signal-to-noise ratio'),
    (60, 33, 'one measurement at 60 dB'),
    (50, 25, 'one measurement at 25 dB'),
    (40, 33, 'one measurement at 40 dB')])
def test_strengths_that_cannot_be_compared_are_refused(weak, strong, said):
    with pytest.raises(ValueError, match=said):
        recovered(np.ones((3, 4), bool), [50, 40, 33, 40], weak, strong)
