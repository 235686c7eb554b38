"""The verdict: every count by hand, and words that hold them."""

import json

import numpy as np
import pytest

from papers.song.attack_campaign import assess
from papers.song.verdict import (
    cancels_below,
    count_failures,
    verdict,
    wrapped,
)
from saliency.outcome import Outcome
from storage.atomic import json_ready

# One row a sample: float32's success and nonzero, log-odds, log-odds'
# success. The last is misclassified.
ROWS = [(True, 9, -3., True), (False, 0, -200., True),
        (False, 0, -300., False), (False, 5, -40., True),
        (False, 5, -20., True), (False, 5, -50., False),
        (False, 7, -4., True), (False, 7, -5., False),
        (True, 7, -30., False), (False, -1, 2., False)]


def outcome(success, nonzero):
    n = len(ROWS)
    success = np.array(success)
    label, u = np.arange(n), np.array([row[2] for row in ROWS])
    clean = np.where(u > 0, label + 1, label)
    steps = np.where(clean != label, 0, np.where(success, 2, 3))
    return Outcome(
        np.arange(n), label, clean, -u, u, u / np.log(10), np.exp(u),
        np.exp(u) / 4, np.array(nonzero), success, steps, steps,
        np.where(success, label + 1, clean), np.zeros((n, 1, 2, 2)),
        np.where(np.arange(3) < steps[:, None], np.arange(3), -1))


@pytest.fixture
def pair():
    floating = outcome([row[0] for row in ROWS], [row[1] for row in ROWS])
    exact = outcome([row[3] for row in ROWS],
                    [-1 if row[1] < 0 else 4 for row in ROWS])
    return floating, exact


def test_the_counts_are_those_by_hand(pair):
    assert count_failures(*pair, 'float32', cancels_below('float32', 1)) == {
        'attacked': 9, 'fooled': 2,
        'failed': {'all-zero': 2, 'cancelled': 3, 'intact': 2},
        'failed_but_fooled_in_logodds': {'all-zero': 1, 'cancelled': 2,
                                         'intact': 1},
        'only_floating': 1, 'remaining': 3}


def test_float64_cancels_later(pair):
    numbers = count_failures(*pair, 'float64', cancels_below('float64', 1))
    assert numbers['failed'] == {'all-zero': 2, 'cancelled': 2, 'intact': 3}


@pytest.mark.parametrize('arithmetic', ['float32', 'float64'])
def test_cancellation_begins_where_one_minus_p_is_zero(arithmetic):
    number = np.dtype(arithmetic).type
    limit = cancels_below(arithmetic, 1)
    assert number(1) + np.exp(number(limit - .01)) == 1
    assert number(1) + np.exp(number(limit + .01)) > 1


@pytest.mark.parametrize('algorithm, device, double', [
    (1, 'cpu', False), (2, 'cpu', True), (3, 'cpu', False),
    (4, 'cpu', True), (2, 'cuda0', False)])
def test_a_float32_loss_lasts_longer_on_the_cpu(pair, algorithm, device,
                                                double):
    exact = cancels_below('float64' if double else 'float32', 1)
    assert cancels_below('float32', algorithm, device) == exact
    counts, words = verdict({('std', 'float32'): pair[0],
                             ('std', 'logodds'): pair[1]}, algorithm, 100,
                            device)
    assert counts[0]['cancels_below'] == exact
    assert counts[0]['failed']['cancelled'] == (2 if double else 3)
    what = 'the loss' if algorithm in (2, 4) else '1 - p_y'
    assert ('after %s had rounded to 0 (log-odds below %.1f)'
            % (what, exact)) in words[0]


def test_the_words_hold_the_counts(pair):
    outcomes = {('std', 'float32'): pair[0], ('std', 'logodds'): pair[1]}
    counts, words = verdict(outcomes, 3, 100)
    assert counts[0]['model'] == 'std' and counts[0]['remaining'] == 3
    assert len(words) == 1
    for part in ('Algorithm 3 within 100 pixels fools 2 of 9',
                 'fails on 7', '2 (28.57 %) had an all-zero map',
                 '3 (42.86 %) a map', '2 (28.57 %) an intact map',
                 'fool 1, 2 and 1 of them',
                 '3 (42.86 %) of the failures are put down to arithmetic',
                 '3 (42.86 %) remain', 'nothing of other attacks',
                 'Fooled in floating point and not in log-odds: 1.'):
        assert part in words[0]
    lines = wrapped(words).splitlines()
    assert max(map(len, lines)) <= 79


def test_without_log_odds_there_is_no_verdict(pair):
    counts, words = verdict({('std', 'float32'): pair[0]}, 1, 100)
    assert counts == [] and 'without log-odds' in words[0]


def test_no_failure_leaves_nothing_to_explain(pair):
    perfect = pair[0]._replace(success=pair[0].clean_correct)
    _, words = verdict({('std', 'float32'): perfect,
                        ('std', 'logodds'): pair[1]}, 1, 100)
    assert 'fools all 9 samples attacked' in words[0]


def test_intact_maps_put_nothing_down_to_arithmetic(pair):
    intact = pair[1]._replace(log_odds=np.full(len(ROWS), -1.))
    floating = pair[0]._replace(nonzero=np.full(len(ROWS), 4))
    _, words = verdict({('std', 'float32'): floating,
                        ('std', 'logodds'): intact}, 1, 100)
    assert 'all with intact maps: none of the failures' in words[0]


def test_models_are_compared_on_their_joint_samples(pair):
    floating, exact = pair
    other = floating._replace(success=np.zeros(len(ROWS), bool))
    _, words = verdict(
        {('std', 'float32'): floating, ('std', 'logodds'): exact,
         ('T20', 'float32'): other, ('T20', 'logodds'): exact}, 1, 100)
    assert words[-1] == (
        'Failures of T20 less those of std, in points of the 9 samples that '
        'all models classify correctly: float32 +22.22, logodds +0.00.')


def test_results_are_json_and_say_what_the_data_are(pair):
    outcomes = {('std', 'float32'): pair[0], ('std', 'logodds'): pair[1]}
    numbers, text = assess(outcomes, 1, 3, 4, 'digits (not MNIST)')
    numbers = json.loads(json.dumps(numbers, allow_nan=False))
    attack = numbers['attacks'][0]
    assert attack['model'] == 'std' and attack['arithmetic'] == 'float32'
    assert attack['summary']['rates']['correct']['count'] == 2
    assert attack['curve'] == [0, 2, 2]
    assert attack['samples']['all_zero'] == [
        row[1] == 0 for row in ROWS]
    assert text.startswith('Samples of digits (not MNIST)')
    assert 'Verdict\nstd, float32: Algorithm 1' in text


def test_attacks_without_a_budget_that_fail_are_flagged(pair):
    outcomes = {('std', 'logodds'): pair[1]}
    numbers, text = assess(outcomes, 1, 3, 3, 'digits')
    assert 'under 99 %' in numbers['attacks'][0]['warnings'][0]
    assert 'Warning: std, logodds: without a budget' in text


def test_only_pairs_of_one_model_or_one_arithmetic_are_compared(pair):
    outcomes = {(model, arithmetic): pair[0] for model in 'ab'
                for arithmetic in ('float32', 'logodds')}
    numbers, _ = assess(outcomes, 1, 3, 4, 'digits')
    pairs = {(one['first'], one['second']) for one in numbers['comparisons']}
    assert pairs == {('a, float32', 'a, logodds'), ('b, float32',
                     'b, logodds'), ('a, float32', 'b, float32'),
                     ('a, logodds', 'b, logodds')}


def test_what_is_no_number_becomes_null():
    assert json_ready({'a': np.array([1., np.nan, -np.inf]),
                       'b': [True, 3]}) == {'a': [1., None, None],
                                            'b': [True, 3]}
