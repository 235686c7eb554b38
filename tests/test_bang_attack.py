"""Records, summaries, tables and pictures of attack_bang.py, on a toy."""

import numpy as np
import pytest
from toy_classifiers import images, toy

from attacking.campaign import Samples
from attacks.batches import predictions
from metrics.pass_score import pass_score
from metrics.proportions import rate
from papers.bang.attack import COLUMNS, attack_block
from papers.bang.attack_campaign import in_paper, markdown, table
from papers.bang.attack_names import ATTACKS, FGS, HC1
from papers.bang.attack_pictures import histogram, sheet
from papers.bang.attack_summary import (
    reach,
    spread,
    summarise_model,
    what_the_rule_hides,
)
from papers.bang.printed import TABLES, printed

PLAN = {'last': 300, 'batch': 64, 'threads': 1, 'pass_moves': 'adversarial',
        'channels': 'own'}


@pytest.fixture(scope='module')
def block():
    """A float32 toy of 12 x 12 pixels with some losses of 0; its records."""
    model = toy(scale=8., dtype=np.float32, shape=(1, 12, 12))
    x = images(40, dtype=np.float32, shape=(1, 12, 12))
    y = predictions(model.logits(x))
    y[::7] = (y[::7] + 1) % 6
    arrays = attack_block(model, Samples(x.astype(np.uint8), y,
                                         np.arange(100, 140)), (), PLAN)
    return model, x, y, arrays


def test_only_correctly_classified_samples_are_attacked(block):
    _, x, y, arrays = block
    wrong = np.arange(40) % 7 == 0
    np.testing.assert_array_equal(arrays['clean_prediction'] != y, wrong)
    for name in ATTACKS:
        assert not arrays[name + '/success'][wrong].any()
        assert (arrays[name + '/prediction'][wrong] == -1).all()
        assert arrays[name + '/success'][~wrong].any()


def test_scores_are_those_of_the_images(block):
    model, x, y, arrays = block
    from attacks.directions import hot_cold
    from metrics.distances import l_infinity
    rows = np.flatnonzero(arrays['clean_prediction'] == y)
    outcome = hot_cold(model, x[rows], y[rows], PLAN['last'])
    original = x[rows].astype(np.uint8)
    np.testing.assert_array_equal(
        arrays[HC1 + '/l_infinity'][rows],
        l_infinity(outcome.adversarial, original))
    for k, row in enumerate(rows):
        score = arrays[HC1 + '/pass'][row]
        if outcome.success[k]:
            assert score == pass_score(outcome.adversarial[k],
                                       original[k])[0]
        else:
            assert np.isnan(score)


def test_the_published_rule_takes_the_scores_of_the_same_images(block):
    arrays = block[-1]
    published, zeros, _ = FGS
    fooled = arrays[published + '/success']
    assert 0 < fooled.sum() < arrays[zeros + '/success'].sum()
    for column in ('pass', 'l_infinity', 'step', 'aligned'):
        np.testing.assert_array_equal(
            arrays['%s/%s' % (published, column)][fooled],
            arrays['%s/%s' % (zeros, column)][fooled])


def test_a_block_without_a_correct_sample():
    model = toy(shape=(1, 12, 12))
    x = images(3, shape=(1, 12, 12))
    y = (predictions(model.logits(x)) + 1) % 6
    arrays = attack_block(model, Samples(x.astype(np.uint8), y,
                                         np.arange(3)), (), PLAN)
    summary = summarise_model(arrays, 512)
    assert summary['accuracy']['count'] == 0
    assert set(arrays) == {'index', 'label', 'clean_prediction',
                           'log_odds'} | {'%s/%s' % pair for name in ATTACKS
                                          for pair in ((name, column)
                                                       for column in COLUMNS)}
    assert '–' in table({'toy': summary}, {'toy': ('lenet', None)})


def test_the_summary_counts(block):
    arrays = block[-1]
    summary = summarise_model(arrays, 512)
    assert summary['accuracy'] == rate(34, 40)
    fooled = arrays['HC1/success']
    hc1 = summary['attacks'][HC1]
    assert hc1['rate'] == rate(fooled.sum(), 34)
    distances = arrays['HC1/l_infinity'][fooled]
    assert hc1['l_infinity']['mean'] == pytest.approx(distances.mean())
    assert hc1['l_infinity']['deviation'] == pytest.approx(np.sqrt(np.mean(
        (distances - distances.mean()) ** 2)))
    hidden = summary['hidden']
    fgs = summary['attacks'][FGS[0]]
    assert hidden['failed'] == 34 - fgs['rate']['count']
    assert 0 < hidden['blank'] <= hidden['failed']
    assert (hidden['blank_but_fooled_in_logodds']
            <= hidden['failed_but_fooled_in_logodds'] <= hidden['failed'])
    words = what_the_rule_hides('toy', summary)
    assert 'fails on %d samples, %d of them' % (hidden['failed'],
                                                hidden['blank']) in words


def test_the_table_sets_the_paper_beside_ours(block):
    summary = summarise_model(block[-1], 512)
    text = table({'a': summary, 'b': summary},
                 {'a': ('lenet', 'B1'), 'b': ('lenet', None)})
    lines = text.splitlines()
    assert lines[0] == '- a: accuracy 85.00 % (34 of 40); paper 99.22 %'
    assert lines[1] == '- b: accuracy 85.00 % (34 of 40)'
    assert sum("paper's B1" in line for line in lines) == 2
    assert '0.7638±0.1367' in text and '201.84±62.51' in text
    rows = [line for line in lines if line.startswith('|')]
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 2 + 2 * len(ATTACKS) + 2


def test_the_papers_tables_have_all_their_models():
    for net in TABLES.values():
        assert list(net) == ['R0', 'R1', 'B0', 'B1', 'B2', 'B3', 'B4', 'B5']
    assert printed('lenet', 'B5').hc1.l_infinity == (146.96, 61.97)
    assert printed('cifar-quick', 'R0').fgs.passed == (.9553, .0969)
    assert printed('lenet', None) is None


@pytest.mark.parametrize('data, iterations, float64, row', [
    ('mnist', 10000, False, 'B1'), ('mnist', None, False, 'B1'),
    ('digits', 10000, False, None), ('mnist', 500, False, None),
    ('mnist', 10000, True, None)])
def test_the_paper_is_no_comparison_for_other_trainings(
        data, iterations, float64, row):
    assert in_paper(
        {'architecture': 'lenet', 'data': {'name': data},
         'arguments': {'net': 'lenet', 'iterations': iterations,
                       'model': 'B1'}},
        float64) == ('lenet', row)


def test_markdown_is_aligned():
    assert markdown(('a', 'bc'), [('long', 'x')]) == [
        '| a    | bc |', '| ---- | -- |', '| long | x  |']


@pytest.mark.parametrize('last', [2 ** 10, 300])
def test_a_shorter_search_would_have_found_what_reach_says(last):
    from attacks.directions import hot_cold
    model = toy(shape=(1, 12, 12))
    x = images(30, shape=(1, 12, 12))
    y = predictions(model.logits(x))
    far = reach(hot_cold(model, x, y, last=last).step, last)
    assert max(far) == last
    assert far[1] < far[max(far)] <= 30
    for end, count in far.items():
        assert hot_cold(model, x, y, end).success.sum() == count
    assert reach(np.zeros(3, int), 3) == {1: 0, 2: 0, 3: 0}


def test_no_success_has_no_mean():
    assert np.isnan(spread(np.array([]))['mean'])


@pytest.mark.parametrize('channels', [1, 3])
def test_pictures_of_grey_and_colour(block, channels):
    arrays = block[-1]
    figure = histogram(arrays, 'toy')
    labels = [text.get_text() for text in
              figure.axes[0].get_legend().get_texts()]
    assert labels == ['%s, %d' % (name, arrays[name + '/success'].sum())
                      for name in ATTACKS]
    rows = [3, 8]
    pixels = np.zeros((2, channels, 12, 12), np.uint8)
    shown = {name: array[rows] for name, array in arrays.items()}
    shown.update({name + '/adversarial': pixels for name in ATTACKS},
                 original=pixels)
    titles = [axes.get_title() for axes in sheet(shown, 'toy').axes]
    assert titles[0] == 'test image 103\nactual %d' % arrays['label'][3]
    assert len(titles) == 8
