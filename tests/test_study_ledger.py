"""From records to verdicts: every number in the paper, judged by rule."""

import json
import os

import numpy as np
import pytest
from script_runner import ROOT

from errors import UserError
from metrics.proportions import wilson
from papers.song.checklist import NO, YES, checklist
from papers.song.measures import measure
from papers.song.numbers import QUOTES, REASONS
from papers.song.paper import PAPER, arithmetic_table
from papers.song.plan import SCRIPTS, make_plan
from papers.song.settings import FULL, OPTIONS, QUICK
from papers.song.tables import markdown
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION
from study.ledger import make_ledger, read_ledger
from study.pooling import pool, quantiles
from study.settings import check_settings, write_settings
from study.stamp import read_stamp
from study.verdicts import (
    ARTEFACT,
    CONTRADICTORY,
    FAILED,
    REPRODUCED,
    UNMEASURED,
    VERDICTS,
    judge,
)

EXAMPLE = os.path.join(ROOT, 'tests', 'ledger_digits.json')
BY_ID = {quote.id: quote for quote in QUOTES}


def rate(count, total=1000):
    return pool([{'seed': 0, 'value': count / total, 'count': count,
                  'total': total}])


def attack(model, arithmetic, count, zero=0, total=100):
    """One entry of attack.json, of `total` samples all correct."""
    done = [k < count for k in range(total)]
    group = {'count': count, 'total': total, 'all_zero': zero}
    return {'model': model, 'arithmetic': arithmetic,
            'summary': {'rates': {'all': group, 'correct': group,
                                  'correct for all': group}},
            'curve': [0, count],
            'samples': {'steps': [2] * total, 'success': done,
                        'label': [1] * total,
                        'clean_prediction': [1] * total,
                        'margin': [9.] * total,
                        'log10_max_gradient': [-40.] * total,
                        'max_gradient': [1e-40] * (total - zero)
                        + [0.] * zero,
                        'mean_gradient': [-1e-41] * total}}


def attacked(algorithm, *attacks, seed=0, kind='attack'):
    about = {'kind': kind, 'algorithm': algorithm, 'variant': 'paper',
             'seed': seed, 'command': 'python %s' % SCRIPTS[algorithm]}
    return about, {'attacks': list(attacks),
                   'test_indices': list(range(100))}


def test_every_quote_has_a_reason_and_a_name_of_its_own():
    assert len(BY_ID) == len(QUOTES) == 27
    assert {quote.reason for quote in QUOTES} <= set(REASONS)


@pytest.mark.parametrize('name, ours, exact, expected', [
    ('accuracy-std', rate(9930, 10000), None, REPRODUCED),
    ('accuracy-std', rate(9926, 10000), None, FAILED),
    ('accuracy-std', None, None, UNMEASURED),
    ('alg1-std', rate(600), rate(610), REPRODUCED),
    ('alg1-std', rate(400), rate(610), FAILED),
    ('alg3-std-95', rate(949), rate(949), FAILED),
    ('alg3-std-95', rate(990), rate(990), REPRODUCED),
    ('alg2-std-T', rate(8), rate(900), ARTEFACT),
    ('alg2-std-T', rate(8), rate(9), REPRODUCED),
    ('alg2-std-T', rate(100), rate(900), FAILED),
    ('alg2-std-37', rate(360), rate(360), CONTRADICTORY),
    ('alg2-std-66', None, None, CONTRADICTORY),
    ('gradient-factor', None, None, CONTRADICTORY)])
def test_a_verdict_follows_from_the_tolerance(name, ours, exact, expected):
    verdict, why = judge(BY_ID[name], QUOTES, ours, exact)
    assert verdict == expected
    assert why.endswith('.') and why.count('. ') == 0
    if expected == ARTEFACT:
        assert '8 of 1,000' in why and '900 of 1,000' in why
    if expected == CONTRADICTORY and name.startswith('alg2'):
        assert 'more than 95 % (§3.1)' in why


def test_a_single_sample_of_theirs_must_lie_among_ours():
    quote = BY_ID['map-std-pixels']
    spread = {'seed': 0, 'value': 12., 'spread': np.arange(8, 20)}
    assert judge(quote, QUOTES, pool([spread]), None)[0] == REPRODUCED
    spread['spread'] = np.arange(20, 30)
    assert judge(quote, QUOTES, pool([spread]), None)[0] == FAILED


def test_seeds_are_pooled_with_their_spread():
    pooled = pool([{'seed': 0, 'value': .1, 'count': 10, 'total': 100},
                   {'seed': 1, 'value': .3, 'count': 90, 'total': 300}])
    assert pooled['mean'] == pytest.approx(.2)
    assert pooled['sd'] == pytest.approx(np.sqrt(.02))
    assert (pooled['count'], pooled['total']) == (100, 400)
    assert (pooled['low'], pooled['high']) == wilson(100, 400)
    assert pool([]) is None
    assert quantiles([None, np.inf, 1., 3.])['q50'] == 2.


def test_rates_are_summed_over_seeds():
    records = {RESULTS: [
        attacked(2, attack('std', 'float32', 30, 20), seed=seed)
        for seed in (0, 1)]}
    (row,) = arithmetic_table(records)
    assert (row['count'], row['total'], row['all_zero']) == (60, 200, 40)
    assert row['all_zero_share'] == .2 and row['curve'] == [0, 60]
    assert row['pixels']['median'] == 2


def test_a_training_that_learnt_nothing_has_no_accuracy():
    about = {'kind': 'model', 'model': 'std', 'seed': 0}
    run = {'status': 'plateau'}
    assert measure({DESCRIPTION: [(about, run)]}, ('accuracy', 'std'),
                   'float32') == []


def test_the_checklist_answers_from_data():
    records = {DESCRIPTION: [], RESULTS: [
        attacked(2, attack('std', 'float32', 90), attack(
            'std', 'logodds', 90), attack('std-T20', 'float32', 1, 99),
            attack('std-T20', 'logodds', 90)),
        attacked(1, attack('std', 'logodds', 100), kind='unbounded')]}
    lines = {line['id']: line for line in checklist(
        {'arithmetic': arithmetic_table(records),
         'unbounded': arithmetic_table(records, 'unbounded')}, records)}
    assert lines['monotone']['answer'] == YES
    assert lines['unbounded']['answer'] == YES
    assert lines['masked']['answer'] == NO
    assert 'in 1 of 2 cases; farthest std-T20' in lines['masked']['evidence']
    assert lines['temperature_defends']['answer'] == NO
    assert lines['several']['answer'] == 'not measured yet'
    assert lines['recorded']['answer'] == YES


def test_nothing_is_invented_without_data():
    steps = make_plan(dict(FULL, quick=False))
    ledger = make_ledger(PAPER, {'notice': ''}, '.', steps,
                         {step.name: 'missing' for step in steps})
    assert {row['verdict'] for row in ledger['rows']} == {
        UNMEASURED, CONTRADICTORY}
    assert {line['answer'] for line in ledger['checklist']} == {
        'not measured yet'}
    assert not any(row['ours'] for row in ledger['rows'])
    assert 'not measured yet' in markdown(ledger)
    json.dumps(ledger, allow_nan=False)


@pytest.mark.parametrize('settings', [dict(FULL, quick=False), dict(
    QUICK['digits'], quick=True), dict(QUICK['mnist'], quick=True)])
def test_the_plan_is_in_order_and_the_scripts_take_it(settings):
    import distill
    import explore
    import mnist_cnn
    import test1
    import test2
    import test3
    import test4
    scripts = {module.__name__ + '.py': module for module in (
        distill, explore, mnist_cnn, test1, test2, test3, test4)}
    seen = set()
    for step in make_plan(settings):
        assert set(step.parents) <= seen and step.name not in seen
        seen.add(step.name)
        args = scripts[step.script].parser().parse_args(
            list(step.arguments) + ['--out', step.name])
        assert args.out == step.name
    for seed in range(settings['seeds']):
        for algorithm in SCRIPTS:
            for variant in ('paper', 'script'):
                assert 'attacks/seed%d/algorithm%d-%s' % (
                    seed, algorithm, variant) in seen


def test_the_sweep_has_every_temperature_at_both_rates():
    steps = make_plan(dict(FULL, quick=False))
    points = {(float(step.arguments[3]), rate)
              for step in steps for rate in step.about.get('sweep', ())}
    assert points == {(float(T), rate) for T in FULL['temperatures']
                      for rate in ('fixed', 'scaled')}
    reused = [step.name for step in steps if step.about.get('sweep')
              and step.about['kind'] == 'model']
    assert reused == ['models/seed0/std', 'models/seed0/std-T20']


def test_the_example_is_real_and_of_this_format():
    ledger = read_ledger(PAPER, EXAMPLE)
    assert ledger['study']['quick']
    assert ledger['study']['notice'].startswith('QUICK STUDY')
    assert ledger['study']['notice'] in markdown(ledger)
    assert {row['verdict'] for row in ledger['rows']} <= set(VERDICTS)
    assert [row['id'] for row in ledger['rows']] == list(BY_ID)
    assert {row['arithmetic'] for row in ledger['arithmetic']} == {
        'float32', 'float64', 'logodds'}


@pytest.mark.parametrize('content, text', [
    ('{', 'expected JSON'), ('{"format": "song2017-ledger/0"}',
                             'of format %s' % PAPER.format)])
def test_a_ledger_of_another_version_is_one_line(tmp_path, content, text):
    path = str(tmp_path / 'ledger.json')
    with open(path, 'w') as stream:
        stream.write(content)
    with pytest.raises(UserError, match=text):
        read_ledger(PAPER, path)
    with pytest.raises(UserError, match='found none'):
        read_ledger(PAPER, path + 'x')


def test_a_study_of_other_settings_is_refused(tmp_path):
    folder = str(tmp_path)
    check_settings(folder, dict(FULL, quick=False), OPTIONS)
    write_settings(folder, dict(FULL, quick=False))
    check_settings(folder, json.loads(json.dumps(
        dict(FULL, quick=False, seeds=5))), OPTIONS)
    with pytest.raises(UserError, match='begun with epochs 50, now 2'):
        check_settings(folder, dict(FULL, quick=False, epochs=2),
                       OPTIONS)
    (tmp_path / 'study.json').write_text('{"format": "song2017-study/0"}')
    with pytest.raises(UserError, match='expected a study of format'):
        check_settings(folder, dict(FULL, quick=False), OPTIONS)


@pytest.mark.slow
def test_a_step_runs_end_to_end_on_digits(scripts):
    """A training and an attack, then nothing to do, then a ledger."""
    wanted = 'sweep-attacks/models/seed0/std/algorithm1'
    command = ('reproduce.py', '--quick', '--epochs', 2, '--only', wanted,
               '--out', 'study', '--threads', 1)
    out = scripts.succeed(*command)
    assert out.startswith('QUICK STUDY, NO REPRODUCTION: digits')
    assert '2/2 %s: done' % wanted in out
    ledger = read_ledger(PAPER, scripts.path('study', 'ledger.json'))
    row = ledger['rows'][0]
    with open(scripts.path('study', 'models/seed0/std/run.json')) as stream:
        test = json.load(stream)['test']
    assert (row['id'], row['ours']['count']) == ('accuracy-std',
                                                 test['correct'])
    assert '--epochs 2' in row['commands'][0]
    (point,) = [row for row in ledger['sweep'] if row['rate'] == 'fixed']
    assert {cell['arithmetic'] for cell in point['success']} == {
        'float32', 'float64', 'logodds'}
    assert point['margin']['samples'] > 0
    assert '0 steps done now' in scripts.succeed(*command)
    assert wanted + ' ' * 3 in scripts.succeed(
        'reproduce.py', '--quick', '--epochs', 2, '--out', 'study',
        '--dry-run')
    stamp = read_stamp(scripts.path('study'), wanted)
    assert stamp['outcome'] == 'finished' and stamp['seconds'] > 0
    scripts.fail('reproduce.py', '--quick', '--epochs', 4, '--out', 'study')
    with open(scripts.path('study', 'models/seed0/std/weights.npz'),
              'ab') as stream:
        stream.write(b'x')
    assert 'weights.npz: expected SHA-256' in scripts.fail(*command)
