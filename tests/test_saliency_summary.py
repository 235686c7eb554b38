"""Rates, denominators, pairs, curves and the printed table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import UserError
from metrics.proportions import mcnemar, wilson
from saliency.outcome import Outcome
from saliency.summary import compare, curve_warnings, summarise, table


def outcome(label, clean, success, steps, nonzero, changed=None):
    """An Outcome with the given records and nothing else of note."""
    n, blank = len(label), np.zeros(len(label))
    success = np.array(success, bool)
    return Outcome(
        index=np.arange(n), label=np.array(label),
        clean_prediction=np.array(clean), margin=blank, log_odds=blank,
        log10_max_gradient=blank, max_gradient=blank,
        mean_gradient=blank, nonzero=np.array(nonzero), success=success,
        steps=np.array(steps),
        changed=np.array(steps if changed is None else changed),
        prediction=np.array(label) + success,
        adversarial=np.zeros((n, 1, 2, 2)), order=np.zeros((n, 100)))


def pair():
    label = [1, 2, 3, 4, 5, 6]
    return {
        'std': outcome(label, [1, 2, 3, 4, 5, 0], [1, 1, 1, 1, 0, 0],
                       [2, 4, 6, 100, 100, 0], [9, 9, 9, 0, 9, -1],
                       [2, 3, 4, 5, 6, 0]),
        'T = 20': outcome(label, [1, 2, 3, 0, 5, 6], [1, 0, 0, 0, 0, 0],
                          [3, 100, 100, 0, 100, 100], [9, 0, 0, -1, 0, 5])}


def test_rates_of_every_denominator():
    summaries = summarise(pair())
    std, hot = (summaries[name]['rates'] for name in ('std', 'T = 20'))
    names = ('count', 'total', 'all_zero', 'attacked')
    assert [tuple(rate[name] for name in names) for rate in std.values()] == [
        (4, 6, 1, 5), (4, 5, 1, 5), (3, 4, 0, 4)]
    assert [tuple(rate[name] for name in names) for rate in hot.values()] == [
        (1, 6, 3, 5), (1, 5, 3, 5), (1, 4, 3, 4)]
    assert list(std) == ['all', 'correct', 'correct for all']
    for rate in [*std.values(), *hot.values()]:
        assert (rate['low'], rate['high']) == wilson(rate['count'],
                                                     rate['total'])


def test_pixels_are_over_successes_only():
    summary = summarise(pair())['std']
    names = ('median', 'mean', 'lower', 'upper')
    assert summary['steps'] == dict(zip(names, (5., 28., 3.5, 29.5)))
    assert summary['changed'] == dict(zip(names, (3.5, 3.5, 2.75, 4.25)))


def test_pairs_are_tested_on_the_samples_correct_for_all():
    comparison, = compare(pair())
    assert (comparison['first'], comparison['second']) == ('std', 'T = 20')
    assert comparison['total'] == 4
    assert comparison['test'] == mcnemar([1, 1, 1, 0], [1, 0, 0, 0])


def test_three_models_make_three_pairs():
    named = dict(pair(), distill=pair()['std'])
    assert [(c['first'], c['second']) for c in compare(named)] == [
        ('std', 'T = 20'), ('std', 'distill'), ('T = 20', 'distill')]


@pytest.mark.parametrize('name', ['index', 'label'])
def test_other_samples_cannot_be_compared(name):
    runs = pair()
    runs['T = 20'] = runs['T = 20']._replace(
        **{name: getattr(runs['T = 20'], name)[::-1]})
    for function in (summarise, compare):
        with pytest.raises(UserError, match='std and T = 20 attacked '
                           'different samples: expected the same test'):
            function(runs)


def test_the_table_line_by_line():
    runs = pair()
    text = table(summarise(runs), compare(runs), 'digits', ['mind this'])
    lines = text.split('\n')
    assert max(map(len, lines)) <= 79
    assert lines[0] == 'Samples of digits'
    assert lines[1] == 'std'
    assert lines[3].split() == ['all', '4/6', '66.67', '%', '30.00..90.32',
                                '%', '1/5', '20.00', '%']
    assert lines[6] == ('  pixels overwritten median 5.0, mean 28.00, '
                        'IQR 3.5..29.5')
    assert '  T = 20' not in text and 'T = 20' in lines
    assert lines[-4] == 'Exact McNemar on the 4 samples correct for all'
    assert lines[-2].endswith('only the first 2, only the second 0, p = 0.5')
    assert lines[-1] == 'Warning: mind this'


def test_the_table_of_ten_thousand_fits_the_terminal():
    n = 10000
    run = outcome(np.ones(n, int), np.ones(n, int), np.ones(n), [784] * n,
                  np.zeros(n, int))
    lines = table(summarise({'a': run})).split('\n')
    assert max(map(len, lines)) <= 79
    assert '10000/10000 100.00 %' in lines[2]


def test_without_success_there_are_no_pixels():
    run = outcome([1, 2], [0, 2], [0, 0], [0, 100], [-1, 0])
    text = table(summarise({'T = 20': run}))
    assert text.count('no success') == 2 and 'nan' not in text


def test_without_correct_samples_nothing_is_claimed():
    run = outcome([1, 2], [0, 0], [0, 0], [0, 0], [-1, -1])
    correct = summarise({'wrong': run})['wrong']['rates']['correct']
    assert (correct['total'], correct['low'], correct['high']) == (0, 0., 1.)
    assert '0/0        -  0.00..100.00 %    0/0 -' in table(
        summarise({'wrong': run}))


def test_a_falling_curve_is_flagged():
    warning, = curve_warnings([3, 12, 11, 13], 20, pixels=784)
    assert warning.startswith('success falls from 12 to 11 of 20 between '
                              'budgets of 2 and 3 pixels')


def test_failures_without_a_budget_are_flagged():
    warning, = curve_warnings([50, 60, 70, 98], 100, pixels=4)
    assert warning.startswith('without a budget only 98 of 100 samples '
                              '(98.00 %) are fooled, under 99 %')
    assert curve_warnings([50, 60, 70, 99], 100, pixels=4) == []
    assert curve_warnings([50, 60, 70, 98], 100, pixels=5) == []
    assert curve_warnings([0, 0, 0, 0], 0, pixels=4) == []


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_a_sound_curve_is_not_flagged(increments):
    curve = np.cumsum(increments)
    assert curve_warnings(curve, curve[-1], pixels=len(curve)) == []
