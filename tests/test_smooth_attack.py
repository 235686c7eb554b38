"""Records, summaries, options and pictures of attack_smooth.py, on toys."""

import numpy as np
import pytest
from script_runner import load_script

from attacking.campaign import Samples
from attacks.batches import Classifier
from errors import UserError
from papers.smooth import attack
from papers.smooth.attack_campaign import settle, table, ways
from papers.smooth.attack_names import (
    ATTACKS,
    LOG_ODDS,
    PREDICTED,
    RANDOM,
    TRANSFER,
    TRUE,
)
from papers.smooth.attack_pictures import curves, sheet
from papers.smooth.attack_summary import (
    summarise_model,
    survivors,
    verdict,
)
from storage.model_file import Model

SHAPE, CLASSES, COUNT = (3, 4, 4), 3, 40
PLAN = {'snr': [50., 33., 20., 10.], 'pgd_snr': [33., 10.], 'restarts': 1,
        'seed': 5, 'batch': 16, 'pictures': 4, 'attacks': list(ATTACKS),
        'float64_attacks': ['fgsm', 'fgsm-log-odds']}


def linear(seed, scale=1.):
    """A linear classifier, of which the best step is known."""
    weights = scale * np.random.RandomState(seed).standard_normal(
        (int(np.prod(SHAPE)), CLASSES))

    def pull_back(x, seed):
        return (seed @ weights.T).reshape(x.shape)

    return Classifier(lambda x: x.reshape(len(x), -1) @ weights, pull_back,
                      np.dtype('float64')), weights


@pytest.fixture(scope='module')
def samples():
    """Images whose true class a linear classifier mostly finds."""
    draw = np.random.RandomState(0)
    images = draw.randint(0, 256, (COUNT,) + SHAPE).astype(np.uint8)
    classifier, _ = linear(1)
    z = classifier.logits(images / 255. - .5)
    labels = z.argmax(axis=1)
    labels[::5] = (labels[::5] + 1) % CLASSES
    return Samples(images, labels, np.arange(100, 100 + COUNT))


def attacked(scale=1., box=None, other=None):
    """A model whose images are pixels less a half."""
    return attack.Attacked(linear(1, scale)[0], other,
                           np.full((3, 1, 1), .5), np.ones((3, 1, 1)), box)


def test_fgsm_is_the_step_that_a_linear_classifier_fears(samples):
    arrays = attack.attack_block(attacked(), samples, ('float64',), PLAN)
    x = samples.images / 255. - .5
    classifier, weights = linear(1)
    z = classifier.logits(x)
    assert (arrays['clean_prediction'] == z.argmax(axis=1)).all()
    np.testing.assert_array_equal(arrays['index'], samples.index)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    seed = e / e.sum(axis=1, keepdims=True)
    seed[np.arange(COUNT), samples.labels] -= 1
    direction = np.sign(seed @ weights.T)
    for place, ratio in enumerate(PLAN['snr']):
        step = np.sqrt(np.mean(np.square(x), axis=(1, 2, 3))) * 10 ** (
            -ratio / 20)
        np.testing.assert_allclose(arrays['step'][:, place], step)
        moved = x.reshape(COUNT, -1) + step[:, None] * direction
        np.testing.assert_array_equal(
            arrays[TRUE + '/prediction'][:, place],
            (moved @ weights).argmax(axis=1))
        np.testing.assert_allclose(arrays[TRUE + '/snr'][:, place], ratio)
    # No other attack was asked for in float64.
    assert {name.split('/')[0] for name in arrays if '/' in name} == {
        TRUE, LOG_ODDS}


def test_kinds_of_attacks(samples):
    functions = attacked(other=attack.loss_gradient(linear(2)[0]))
    arrays = attack.attack_block(functions, samples, ('float32',), PLAN)
    found = {name: arrays[name + '/prediction'] for name in ATTACKS.values()}
    assert {name: array.shape for name, array in found.items()} == {
        name: (COUNT, 2 if name.startswith('PGD') else 4)
        for name in found}
    right = arrays['clean_prediction'] == samples.labels
    assert 0 < right.sum() < COUNT
    np.testing.assert_array_equal(found[TRUE][right], found[PREDICTED][right])
    # Away from a wrong class, and by the other's gradient: not the same.
    assert (found[TRUE][~right] != found[PREDICTED][~right]).any()
    assert (found[TRANSFER] != found[TRUE]).any()
    hit = {name: np.mean(array[:, -1] != samples.labels)
           for name, array in found.items()}
    assert hit[TRUE] > hit[TRANSFER] and hit[TRUE] > hit[RANDOM]
    assert hit['PGD-40'] >= hit[TRUE] - .05
    again = attack.attack_block(attacked(), samples, ('float32',), PLAN)
    assert TRANSFER + '/prediction' not in again     # of the source itself
    np.testing.assert_array_equal(again[RANDOM + '/prediction'],
                                  found[RANDOM])


def test_records_do_not_depend_on_blocks(samples):
    whole = attack.attack_block(attacked(), samples, ('float32',), PLAN)
    parts = [attack.attack_block(
        attacked(), Samples(*(array[rows] for array in samples)),
        ('float32',), PLAN) for rows in (slice(7), slice(7, None))]
    for name, array in whole.items():
        np.testing.assert_array_equal(
            array, np.concatenate([part[name] for part in parts]), name)


def test_pgd_does_not_attack_what_a_smaller_step_has_fooled(samples):
    x = attack.in_unit(attacked(), samples.images)
    trials = attack.nested(attacked(), x, samples.labels, samples.index, 10,
                           dict(PLAN, pgd_snr=[60., 33., 10., -5.]))
    wrong = trials.prediction != samples.labels[:, None]
    assert (wrong[:, 1:] >= wrong[:, :-1]).all()
    assert wrong[:, 0].sum() < wrong[:, 2].sum() <= wrong[:, 3].sum()
    fooled = wrong[:, 1] & wrong[:, 0]
    np.testing.assert_array_equal(trials.snr[fooled, 1],
                                  trials.snr[fooled, 0])
    unmoved = x.reshape(COUNT, -1) @ linear(1)[1]
    assert np.isinf(trials.snr[unmoved.argmax(axis=1) != samples.labels]
                    ).all()


def test_a_sure_network_is_saturated_and_log_odds_see_through(samples):
    functions = attacked(scale=1e4)
    arrays = attack.attack_block(functions, samples, ('float64',), PLAN)
    right = arrays['clean_prediction'] == samples.labels
    assert arrays['saturated'].sum() >= .5 * right.sum()
    blank = arrays[TRUE + '/blank'][:, -1]
    np.testing.assert_array_equal(blank, arrays['saturated'])
    assert (arrays[TRUE + '/prediction'][blank & right, -1]
            == samples.labels[blank & right]).all()
    assert not arrays[LOG_ODDS + '/blank'].any()
    assert (arrays[LOG_ODDS + '/prediction'][right, -1]
            != samples.labels[right]).mean() > .9
    summary = summarise_model({'float32': arrays}, PLAN)
    text = verdict(summary, dict(PLAN, snr=[10.]))
    points = np.mean(arrays[TRUE + '/prediction'][:, 0] == samples.labels)
    assert summary['saturated']['float32'] == blank.sum() > 0 < points
    assert '%d images have a loss whose gradient is 0' % blank.sum() in text


def test_cut_pixels_stay_within_the_box(samples):
    box = (np.full((3, 1, 1), -.5), np.full((3, 1, 1), .5))
    arrays = attack.attack_block(attacked(box=box), samples, ('float64',),
                                 PLAN)
    assert (arrays[TRUE + '/snr'][:, -1] > PLAN['snr'][-1]).any()
    shown = attack.illustrate(attacked(box=box), samples, arrays,
                              ('float64',), PLAN)
    assert shown['adversarial'].min() >= 0
    assert shown['adversarial'].max() <= 1


def made(right, plan=PLAN, **more):
    """Records of attacks by name, each (n, k) of what is right."""
    count = len(next(iter(right.values())))
    arrays = {'label': np.zeros(count, int),
              'clean_prediction': np.zeros(count, int),
              'saturated': np.zeros(count, bool)}
    for name, columns in right.items():
        columns = np.array(columns, bool)
        arrays[name + '/prediction'] = np.where(columns, 0, 1)
        arrays[name + '/snr'] = np.full(columns.shape, 40.)
        arrays[name + '/blank'] = np.zeros(columns.shape, bool)
    return dict(arrays, **more)


def test_what_a_leaking_network_leaves():
    # Wrong at 50, right from 33 on: three of four.
    arrays = made({TRUE: [[0, 1, 1, 1]] * 3 + [[1, 1, 0, 0]],
                   PREDICTED: [[0, 0, 0, 0]] * 4})
    summary = summarise_model({'float32': arrays}, PLAN)
    found = summary['arithmetics']['float32']['attacks'][TRUE]
    assert [one['count'] for one in found['accuracy']] == [1, 4, 3, 3]
    assert [one['count'] for one in found['cumulative']] == [1, 1, 0, 0]
    assert found['recovered']['count'] == 3
    assert [one['count'] for one in summary['worst']['float32']] == [0] * 4
    text = verdict(summary, PLAN)
    assert '3 of 4 images are wrong at 50 dB and right at 33' in text
    assert 'the predicted label instead of the true one it leaves 0.00 %' in (
        text)
    assert 'FGSM leaves 100.00 %' in text and 'together 0.00 %' in text


def test_survivors_count_pgd_where_it_was_run():
    arrays = made({TRUE: [[1, 1, 1, 0], [1, 1, 1, 1]]}, **{
        'PGD-10/prediction': np.array([[0, 0], [1, 1]]),
        'PGD-10/snr': np.full((2, 2), np.inf),
        'PGD-10/blank': np.zeros((2, 2), bool)})
    np.testing.assert_array_equal(survivors(arrays, PLAN), [
        [True, True, True, False], [True, False, False, False]])
    found = summarise_model({'float32': arrays}, PLAN)['arithmetics'][
        'float32']['attacks']['PGD-10']
    assert [one and one['count'] for one in found['accuracy']] == [
        None, 1, None, 1]
    assert found['recovered'] is None
    assert found['snr_after'] == [None] * 4


def test_arithmetic_is_told_by_float64():
    single = made({TRUE: [[1, 1, 1, 1]] * 4, LOG_ODDS: [[1, 1, 1, 1]] * 4},
                  saturated=np.array([True, True, False, False]))
    double = made({LOG_ODDS: [[1, 0, 0, 0]] * 3 + [[1, 1, 1, 1]]})
    text = verdict(summarise_model(
        {'float32': single, 'float64': double}, PLAN), PLAN)
    assert 'arithmetic hides 75.00 points (log-odds in float64; 2 images' in (
        text)


def models(*rows):
    """Described ones by name, of a data set."""
    return {'run%d' % number: Model('runs/run%d' % number, {
        'model': row, 'architecture': 'preact-16x8-3-10',
        'arguments': {'seed': 0, 'epochs': 55},
        'data': {'name': 'cifar10'}}, {}) for number, row in enumerate(rows)}


def arguments(*options):
    return load_script('attack_smooth.py').parser().parse_args(list(options))


def test_options_settle_what_results_depend_on():
    found = settle(arguments('--snr', '33', '50', '40'), models(
        'Adv', 'Vanilla'))
    assert found['snr'] == found['pgd_snr'] == [50., 40., 33.]
    assert found['attacks'] == list(ATTACKS) and found['source'] == 'run1'
    assert set(ways(found)) == {'float32', 'float64'}
    found = settle(arguments('--attacks', 'random', '--float64-attacks'),
                   models('Adv'))
    assert found['attacks'] == ['random'] and set(ways(found)) == {'float32'}
    assert settle(arguments('--source', 'runs/run0'), models('Adv', 'da'))[
        'source'] == 'run0'
    assert len(settle(arguments(), models('Vanilla'))['snr']) >= 12


@pytest.mark.parametrize('options, words', [
    (('--snr', '40', '40'), '--snr: expected every ratio once, got 40'),
    (('--snr', '41'), 'none of the report\'s is there'),
    (('--snr', '41', '--pgd-snr', '42'), 'expected some of --snr, got 42'),
    (('--source', 'elsewhere'), 'expected one of --models, got elsewhere'),
    (('--attacks', 'fgsm', '--float64-attacks', 'pgd-10'),
     'expected some of the attacks that are run, got pgd-10'),
    (('--attacks', 'transfer'), 'expected a model of the row Vanilla')])
def test_what_cannot_be_is_one_line(options, words):
    with pytest.raises(UserError, match=words):
        settle(arguments(*options), models('Adv'))


@pytest.mark.parametrize('options', [
    ('--snr', 'loud'), ('--snr', 'nan'), ('--attacks', 'deepfool'),
    ('--cut', 'sometimes'), ('--restarts', '0')])
def test_nonsense_is_refused_by_the_command_line(options, capsys):
    with pytest.raises(SystemExit):
        arguments(*options)
    assert 'argument %s: ' % options[0] in capsys.readouterr().err


def test_without_a_source_transfer_is_left_out(capsys):
    assert 'transfer' not in settle(arguments(), models('Adv'))['attacks']
    assert 'without transfer' in capsys.readouterr().out


def test_tables_and_pictures(samples):
    functions = attacked(other=attack.loss_gradient(linear(2)[0]))
    parts = {name: attack.attack_block(functions, samples, (name,), PLAN)
             for name in ('float32', 'float64')}
    summary = dict(summarise_model(parts, PLAN), row='Adv', width=16,
                   snr=PLAN['snr'])
    lines = table('run0', summary, PLAN).splitlines()
    assert lines[0].startswith('run0 (Adv, width 16): ')
    rows = {line.split('|')[1].strip(): line for line in lines
            if line.startswith('|')}
    assert set(rows) == {'', '-' * max(map(len, rows)), *(
        name + ', float32' for name in [*ATTACKS.values(), 'all of them']), *(
            name + ', float64' for name in (TRUE, LOG_ODDS, 'all of them'))}
    assert '–' in rows['PGD-10, float32']
    figure = curves(summary, 'a title')
    assert [len(axes.lines) for axes in figure.axes] == [9 + 2 + 1 + 4] * 2
    shown = attack.illustrate(functions, samples, parts['float32'],
                              ('float32',), PLAN)
    assert len(sheet(shown, 'a title').axes) == 3 * 4
    assert (shown['label'] == samples.labels[
        shown['index'] - samples.index[0]]).all()
