"""Figures of a test against mpmath and counting."""

import mpmath
import numpy as np
import pytest

from metrics import classification

LOGITS = np.array([[0., 1., -3.], [800., -800., 0.], [5., 5., 5.]])
LABELS = np.array([1, 1, 2])


def exact_cross_entropy(temperature):
    with mpmath.workdps(400):
        losses = [mpmath.log(sum(mpmath.exp(mpmath.mpf(z) / temperature)
                                 for z in row))
                  - mpmath.mpf(row[label]) / temperature
                  for row, label in zip(LOGITS, LABELS)]
        return float(sum(losses) / len(losses))


@pytest.mark.parametrize('temperature', [1., 20., .5])
def test_cross_entropy_is_exact_where_the_softmax_underflows(temperature):
    assert classification.cross_entropy(
        LOGITS.astype(np.float32), LABELS, temperature) == pytest.approx(
            exact_cross_entropy(temperature), rel=1e-12)


def test_probabilities_sum_to_one_at_every_temperature():
    for temperature in (1., 20.):
        found = classification.probabilities(LOGITS, temperature)
        np.testing.assert_allclose(found.sum(axis=1), 1., rtol=1e-14)
        ratio = found[0, 1] / found[0, 0]
        assert ratio == pytest.approx(np.exp(1 / temperature), rel=1e-12)


def test_description_counts_and_ties_go_to_the_lowest_class():
    figures = classification.describe(LOGITS, LABELS, 20.)
    assert figures['samples'] == 3
    assert figures['correct'] == 1        # the tie is predicted 0, not 2
    assert figures['accuracy'] == pytest.approx(1 / 3)
    assert figures['confusion'] == [[0, 0, 0], [1, 1, 0], [1, 0, 0]]
    low, high = figures['wilson_95']
    assert low < 1 / 3 < high
    assert figures['loss'] > figures['loss_at_T']
