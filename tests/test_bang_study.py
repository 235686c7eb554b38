"""BANG's study: its plan, its ledger, and sentences that data choose."""

import itertools
import json

import numpy as np
import pytest
from script_runner import load_script
from toy_bang import attack, noise, records, records_of, training

from errors import UserError
from metrics.proportions import wilson
from papers.bang.attack import COLUMNS
from papers.bang.attack_names import ATTACKS, FGS, FORMAT, HC1
from papers.bang.attack_summary import summarise_model
from papers.bang.finding import NOTHING, finding, verdict_sentence
from papers.bang.measures import measure
from papers.bang.numbers import QUOTES, REASONS
from papers.bang.paper import (
    PAPER,
    grid_table,
    mixture,
    models_table,
    within,
)
from papers.bang.plan import coarse_to_fine, levels, make_plan
from papers.bang.printed import TABLES
from papers.bang.recipes import RECIPES
from papers.bang.records import read_noise
from papers.bang.settings import (
    CIFAR,
    CIFAR_OWN,
    FULL,
    LENET_50000,
    OF_TABLE_1,
    OPTIONS,
    QUICK,
)
from papers.bang.system import SYSTEM
from papers.bang.tables import markdown
from papers.song.settings import FULL as SONG
from papers.song.settings import OPTIONS as SONG_OPTIONS
from storage.attack_file import RESULTS, read_finished
from storage.run_description import DESCRIPTION
from study.ledger import make_ledger
from study.pooling import NORMAL, pool
from study.published import targets
from study.settings import check_settings, write_settings
from study.verdicts import (
    ARTEFACT,
    FAILED,
    REPRODUCED,
    UNMEASURED,
    VERDICTS,
    judge,
)

FULL_SETTINGS = dict(FULL, quick=False)
BY_ID = {quote.id: quote for quote in QUOTES}


def make(found, settings=FULL_SETTINGS):
    """The ledger of some records."""
    return make_ledger(
        PAPER._replace(read_records=lambda *_: found),
        {'name': 'bang', 'dataset': 'mnist', 'quick': False, 'notice': '',
         'settings': settings, 'code': {}}, '.', [], {})


@pytest.mark.parametrize('settings', [FULL_SETTINGS, dict(
    QUICK, quick=True, dataset='digits')])
def test_the_plan_is_in_order_and_the_scripts_take_it(settings):
    import attack_bang
    import noise_bang
    scripts = {'attack_bang.py': attack_bang, 'noise_bang.py': noise_bang,
               'bang.py': load_script('bang.py')}
    seen = set()
    for step in make_plan(settings):
        assert set(step.parents) <= seen and step.name not in seen
        seen.add(step.name)
        args = scripts[step.script].parser().parse_args(
            list(step.arguments) + ['--out', step.name])
        assert args.out == step.name
    for seed in range(settings['seeds']):
        for model in TABLES['lenet']:
            for folder in ('', 'whole/'):
                assert '%sattacks/seed%d/%s' % (folder, seed, model) in seen
            assert ('cifar10/attacks/seed%d/%s' % (seed, model) in seen) != (
                settings['quick'])


@pytest.mark.parametrize('table', [LENET_50000, CIFAR])
def test_a_grid_is_whole_and_the_tables_models_are_not_trained_again(table):
    steps = [step for step in make_plan(FULL_SETTINGS)
             if step.about['table'] == table]
    points = [step.about['grid'] for step in steps
              if 'grid' in step.about and step.resume]
    assert len({(point['beta'], point['epsilon'])
                for point in points}) == len(points) == 169
    reused = {step.about['model'] for step in steps
              if 'grid' in step.about and step.about['kind'] == 'model'}
    assert reused == {'B0', 'B1', 'B2', 'B3', 'B4', 'B5'}
    attacked = [step for step in steps if 'grid' in step.about
                and not step.resume]
    assert len(attacked) == 169
    trained = [step.name for step in steps if step.script == 'bang.py']
    assert len(trained) == 24 + 163


def test_the_grid_goes_from_coarse_to_fine():
    assert levels(13)[0] == levels(13)[12] == 0 and levels(13)[6] == 1
    assert levels(1) == [0] and levels(2) == [0, 0] and levels(0) == []
    points = coarse_to_fine(FULL['betas'], FULL['epsilons'])
    assert len(points) == 169
    for level, count in ((0, 4), (1, 9), (2, 25)):
        begun = [point for point in points if point[0] <= level]
        assert points[:count] == begun          # nothing finer before it
        assert (len({beta for _, beta, _ in begun})
                * len({epsilon for *_, epsilon in begun})) == count


def test_finer_grids_only_add_steps():
    few = make_plan(dict(FULL_SETTINGS, betas=[1., 1.6],
                         epsilons=[.78, .84], seeds=1))
    keys = {(step.name, step.arguments) for step in make_plan(FULL_SETTINGS)}
    assert {(step.name, step.arguments) for step in few} <= keys


def test_trainings_are_those_of_their_table():
    steps = {step.name: step for step in make_plan(FULL_SETTINGS)}

    def settled(name):
        bang = load_script('bang.py')
        return SYSTEM.settle(bang.parser().parse_args(
            list(steps[name].arguments)))

    usual = SYSTEM.settle(load_script('bang.py').parser().parse_args([]))
    assert usual['train_images'] == 50000
    whole, first = settled('whole/models/seed1/B3'), settled(
        'models/seed1/B3')
    assert (whole['train_images'], first['train_images']) == (60000, 50000)
    assert (whole['softmax'], first['softmax']) == ('caffe', 'theano')
    assert {**whole, 'train_images': 50000, 'softmax': 'theano'} == first
    assert settled('models/seed1/R0')['softmax'] is None
    colour = settled('cifar10/models/seed2/B0')
    assert (colour['net'], colour['dataset'], colour['iterations'],
            colour['test_every'], colour['ratio']) == (
                'cifar-quick', 'cifar10', 20000, 1000, .5)
    for folder, channels in (('attacks', ['--channels', 'reversed',
                                          '--pass-moves', 'none']),
                             ('own-attacks', [])):
        step = steps['cifar10/%s/seed2/B0' % folder]
        assert step.parents == ('cifar10/models/seed2/B0',)
        assert list(step.arguments[2:-4]) == channels
    point = settled('cifar10/grid/models/beta0.4-epsilon0.8')
    assert (point['beta'], point['epsilon'], point['ratio']) == (.4, .8, .5)
    assert settled('grid/models/beta1-epsilon0.78')['ratio'] == 1.
    for name, step in steps.items():
        assert step.data_dir == (not name.startswith('cifar10/'))


def test_a_study_of_the_other_paper_is_refused(tmp_path):
    folder = str(tmp_path)
    write_settings(folder, dict(SONG, quick=False))
    with pytest.raises(UserError, match='with paper song2017, now bang'):
        check_settings(folder, FULL_SETTINGS, OPTIONS)
    write_settings(folder, FULL_SETTINGS)
    with pytest.raises(UserError, match='with paper bang, now song2017'):
        check_settings(folder, dict(SONG, quick=False), SONG_OPTIONS)
    check_settings(folder, json.loads(json.dumps(
        dict(FULL_SETTINGS, betas=[1.], seeds=9))), OPTIONS)
    with pytest.raises(UserError, match='begun with iterations 10000'):
        check_settings(folder, dict(FULL_SETTINGS, iterations=5), OPTIONS)


@pytest.mark.parametrize('net, short', [('lenet', ''),
                                        ('cifar-quick', 'cifar10-')])
def test_every_number_of_the_tables_has_a_row(net, short):
    assert len(BY_ID) == len(QUOTES) == 2 * (8 * 7 + 3)
    assert {quote.reason for quote in QUOTES} == set(REASONS)
    for model, row in TABLES[net].items():
        assert BY_ID[short + 'accuracy-' + model].value == row.accuracy / 100
        assert BY_ID[short + 'hc1-l_infinity-' + model].value == (
            row.hc1.l_infinity[0])
        assert BY_ID[short + 'fgs-passed-' + model].quoted.startswith(
            '%.4f' % row.fgs.passed[0])


def rate(count, total=10000):
    return pool([{'seed': 0, 'value': count / total, 'count': count,
                  'total': total}])


@pytest.mark.parametrize('name, ours, exact, expected', [
    ('fgs-rate-R0', rate(9050), rate(9990), ARTEFACT),
    ('fgs-rate-R0', rate(9050), rate(9100), REPRODUCED),
    ('fgs-rate-R0', rate(8000), rate(9990), FAILED),
    ('fgs-rate-B1', rate(330), rate(9990), ARTEFACT),
    ('fgs-rate-B1', rate(340), rate(9990), FAILED),
    ('cifar10-fgs-rate-B0', rate(3000), rate(9990), FAILED),
    ('cifar10-fgs-rate-B0', rate(3100), rate(9990), ARTEFACT),
    ('hc1-rate-B1', rate(9419), None, REPRODUCED),
    ('hc1-rate-B1', rate(9000), None, FAILED),
    ('noise-bang', None, None, UNMEASURED),
    ('hc1-l_infinity-R0', pool([{'seed': 0, 'value': 132., 'samples': 9,
                                 'deviation': 3.}]), None, REPRODUCED),
    ('hc1-l_infinity-R0', pool([{'seed': 0, 'value': 133., 'samples': 9,
                                 'deviation': 3.}]), None, FAILED)])
def test_a_verdict_follows_from_the_tolerance(name, ours, exact, expected):
    verdict, why = judge(BY_ID[name], QUOTES, ours, exact)
    assert verdict == expected
    assert why.endswith('.') and why.count('. ') == 0


def test_a_mean_has_the_interval_of_its_images():
    pooled = pool([{'seed': 0, 'value': 10., 'deviation': 3., 'samples': 9},
                   {'seed': 1, 'value': 12., 'deviation': 4., 'samples': 16}])
    assert pooled['mean'] == 11. and pooled['samples'] == 25
    assert pooled['high'] - 11. == pytest.approx(NORMAL * np.sqrt(2) / 2)
    nothing = pool([{'seed': 0, 'value': None, 'deviation': None,
                     'samples': 0}])
    assert nothing['mean'] is None and nothing['low'] is None


def test_groups_are_pooled_as_one():
    random = np.random.RandomState(0)
    groups = [random.normal(k, 1 + k, 5 + k) for k in range(3)]
    pooled = mixture([{'mean': group.mean(), 'deviation': group.std()}
                      for group in groups] + [{'mean': None,
                                               'deviation': None}],
                     [len(group) for group in groups] + [0])
    whole = np.concatenate(groups)
    assert pooled['mean'] == pytest.approx(whole.mean())
    assert pooled['deviation'] == pytest.approx(whole.std())
    assert pooled['means'] == [group.mean() for group in groups] + [None]
    assert mixture([], []) == {'mean': None, 'deviation': None, 'means': []}
    assert [within({'1': 0, '64': 5, '128': 9}, last)
            for last in (1, 32, 64, 512)] == [0, 0, 5, 9]


def test_the_models_are_pooled_over_seeds():
    found = records()
    both = models_table(found)
    assert [(row['table'], row['model']) for row in both] == [
        (OF_TABLE_1, 'R0'), (OF_TABLE_1, 'B1'), (LENET_50000, 'B1')]
    rows = {row['model']: row for row in both if row['table'] == OF_TABLE_1}
    published = rows['R0']['attacks'][FGS[0]]
    assert (published['count'], published['total']) == (182, 200)
    assert (published['low'], published['high']) == wilson(182, 200)
    assert published['rates'] == [.9, .92] and rows['R0']['seeds'] == [0, 1]
    assert rows['R0']['accuracy']['count'] == 9916 + 9920
    assert rows['B1']['hidden']['blank'] == 97
    assert rows['B1']['reach'] == {'1': 0, '2': 0, '4': 0, '8': 0, '16': 0,
                                   '32': 0, '64': 5, '128': 94}
    assert rows['R0']['beta'] is None and rows['B1']['epsilon'] == .815


def test_a_training_that_learnt_nothing_has_no_accuracy():
    found = records()
    about, run = training('R0', 2)
    del run['test']
    found[DESCRIPTION].append((about, dict(run, status='plateau')))
    assert [one['seed'] for one in measure(
        found, ('accuracy', OF_TABLE_1, 'R0'))] == [0, 1]
    assert models_table(found)[0]['accuracy']['total'] == 20000


def test_the_grid_has_its_models_and_those_of_the_table():
    rows = grid_table(records())
    assert [(row['beta'], row['epsilon']) for row in rows] == [
        (1., .815), (1., .84), (1.6, .815), (1.6, .84)]
    assert [row['attacks'][FGS[0]]['count'] for row in rows] == [4, 3, 3, 3]
    found = records()
    bare = grid_table(dict(found, **{RESULTS: []}))
    assert all(row['attacks'] is None for row in bare)


def test_the_noise_is_that_of_the_last_iteration():
    (found,) = measure(records(), ('noise', LENET_50000, 'regular', 100))
    assert found['value'] == .2 and found['samples'] == 2
    for found, table, sigma in ((records(), LENET_50000, 70),
                                (records(), CIFAR, 100),
                                (records_of(), LENET_50000, 100)):
        assert measure(found, ('noise', table, 'regular', sigma)) == []


def test_the_ledger_judges_what_is_there():
    ledger = make(records())
    verdicts = {row['id']: row['verdict'] for row in ledger['rows']}
    assert set(verdicts.values()) <= set(VERDICTS)
    assert verdicts['accuracy-R0'] == REPRODUCED
    assert verdicts['fgs-rate-R0'] == verdicts['fgs-rate-B1'] == ARTEFACT
    assert verdicts['accuracy-B5'] == UNMEASURED
    assert verdicts['noise-regular'] == REPRODUCED
    assert verdicts['blank'] == REPRODUCED       # 97 of 98
    rows = {row['id']: row for row in ledger['rows']}
    assert rows['hc1-rate-B1']['exact'] is None
    assert rows['fgs-l_infinity-R0']['exact']['samples'] == 200
    assert len(rows['fgs-rate-R0']['commands']) == 2
    json.dumps(ledger, allow_nan=False)


def test_nothing_is_invented_without_data():
    ledger = make(records_of())
    assert {row['verdict'] for row in ledger['rows']} == {UNMEASURED}
    assert ledger['models'] == ledger['grid'] == []
    assert finding(ledger) == [NOTHING]
    assert 'none is measured yet' in verdict_sentence(ledger)
    assert markdown(ledger).count('\n') == 2


def test_cifar_10_has_sentences_of_its_own():
    found = records()
    assert not any('CIFAR' in sentence for sentence in finding(make(found)))
    for model, counts in (('R0', (90, 99, 100, 99)), ('B0', (34, 90, 100,
                                                             96))):
        found[DESCRIPTION].append(training(model, table=CIFAR))
        found[RESULTS].extend(attack(model, counts, table=table)
                             for table in (CIFAR, CIFAR_OWN))
    ledger = make(found)
    text = ' '.join(finding(ledger))
    assert ('On CIFAR-10, FGS by the first rule fools BANG\'s models in 34.0 '
            '%, the regular ones in 90.0 %.' in text)
    verdicts = {row['id']: row['verdict'] for row in ledger['rows']}
    assert verdicts['cifar10-fgs-rate-B0'] == ARTEFACT
    assert verdicts['fgs-rate-B0'] == UNMEASURED
    assert 'Table 2, CIFAR-10 quick, by gradients whose red' in markdown(
        ledger)
    assert {row['table']: row['accuracy']['count'] for row in ledger[
        'models'] if row['model'] == 'B0'} == {CIFAR: 9916, CIFAR_OWN: 9916}


def test_the_sentences_follow_the_data():
    text = ' '.join(finding(make(records())))
    assert 'models of BANG in 2.0 % of the images' in text
    assert 'the regular ones in 91.0 %' in text
    assert 'of all of BANG\'s models is a loss that rounds to 0' in text
    assert 'the two do not lie apart' in text
    assert 'of B1 in 10.0 %: of this pair of trainings, that' in text
    honest = records_of([training('R0'), training('B1')], [
        attack('R0', (90, 90, 90, 99)), attack('B1', (2, 2, 2, 94))])
    far = honest[RESULTS][1][1]['attacks'][FGS[2]]
    far['l_infinity']['mean'] = 80.
    text = ' '.join(finding(make(honest)))
    assert 'the rule hides nothing' in text
    assert 'so much of the robustness against FGS is the' in text
    far['l_infinity']['mean'] = 8.
    text = ' '.join(finding(make(honest)))
    assert 'none of the robustness against FGS is the' in text
    none = records_of([training('R0'), training('B1')], [
        attack('R0', (90, 90, 90, 99)), attack('B1', (0, 0, 0, 0))])
    text = ' '.join(finding(make(none)))
    assert 'too little to say' in text and 'and nothing' not in text[:40]


def test_the_table_sets_ours_beside_theirs():
    text = markdown(make(records()))
    assert ('| R0 (2 seeds) | 99.18 ± 0.03 [99.16] | 91.00 ± 1.41 [90.33] |'
            in text)
    assert text.count('| B1 (seed 0) |') == text.count('\n| B') == 2
    assert text.index('on all 60,000 images:') < text.index(
        'on the first 50,000, by BANG with Theano\'s softmax (PASS of moved '
        'adversarial images):')
    assert 'CIFAR' not in text.partition('| model')[2]


@pytest.mark.parametrize('read, name', [
    (lambda path: read_finished(path, FORMAT), 'attack.json'),
    (read_noise, 'noise.json')])
@pytest.mark.parametrize('content', [
    None, '{', '[]', '{"format": "x"}', '{"format": "bang-noise/1"}',
    '{"format": "bang-attack/1", "status": "running"}'])
def test_what_is_no_result_is_one_line(tmp_path, read, name, content):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match='expected') as caught:
        read(str(tmp_path))
    assert '\n' not in str(caught.value)


def test_what_is_published():
    found = {step.name: targets(OPTIONS.folder, step)
             for step in make_plan(FULL_SETTINGS)}
    assert found['models/seed0/B1'] == [
        'results/bang/models/seed0/B1/run.json',
        'results/bang/models/seed0/B1/history.json',
        'weights/bang-B1/run.json', 'weights/bang-B1/weights.npz']
    assert found['cifar10/models/seed0/B0'][2:] == [
        'weights/bang-cifar10-B0/run.json',
        'weights/bang-cifar10-B0/weights.npz']
    assert found['whole/models/seed0/B4'][3] == (
        'weights/bang-whole-B4/weights.npz')
    assert found['models/seed1/R0'] == [
        'results/bang/models/seed1/R0/run.json',
        'results/bang/models/seed1/R0/history.json']
    assert found['attacks/seed2/B5'] == [
        'results/bang/attacks/seed2/B5/attack.json']
    assert found['noise'] == ['results/bang/noise/noise.json',
                              'results/bang/noise/noise.png']
    assert found['grid/models/beta1-epsilon0.78'] == [
        'results/bang/grid/models/beta1-epsilon0.78/run.json']
    assert not any('weights' in name for step, names in found.items()
                   if step.startswith('grid') for name in names)


def test_the_toy_is_of_the_attacks_form():
    arrays = {name: np.ones(3, bool) for name in (
        'clean_prediction', 'label', *('%s/%s' % pair for pair in
                                       itertools.product(ATTACKS, COLUMNS)))}
    summary = summarise_model(arrays, 1)
    part = attack('R0', (1, 2, 3, 4))[1]
    assert set(part) == set(summary) - {'accuracy'} | {'model', 'last'}
    assert set(part['attacks']) == set(ATTACKS) and HC1 in ATTACKS
    assert set(part['attacks'][HC1]) == set(summary['attacks'][HC1])
    assert set(noise()[1]['percent']) == {'regular', 'bang'}
    assert set(RECIPES['lenet'].models) == set(TABLES['lenet'])
