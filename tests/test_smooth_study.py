"""The report's study: its numbers, its plan, its records, its ledger."""

import json

import numpy as np
import pytest
import toy_smooth as toy
from script_runner import load_script

from command_line import given
from errors import UserError
from papers.smooth.attack_names import ATTACKS, LOG_ODDS, PGD, TRUE
from papers.smooth.attack_summary import summarise_model
from papers.smooth.evidence import under
from papers.smooth.measures import LONG, measure
from papers.smooth.numbers import FEW, QUOTES, REASONS
from papers.smooth.paper import PAPER, models_table
from papers.smooth.plan import (
    CONTROL,
    RISING,
    ROWS,
    VANILLA,
    folder,
    gpu_hours,
    make_plan,
)
from papers.smooth.printed import COLUMNS, STRENGTHS, TABLES, printed
from papers.smooth.recipes import MODELS
from papers.smooth.records import read_attack, read_records
from papers.smooth.settings import (
    CIFAR,
    FULL,
    OPTIONS,
    PARTS,
    QUICK,
    SVHN,
    TINY,
)
from papers.smooth.system import SYSTEM
from reproduce import parser
from storage.attack_file import RESULTS
from study.ledger import make_ledger
from study.published import targets
from study.settings import check_settings, notice, settle, write_settings
from study.verdicts import (
    ARTEFACT,
    CONTRADICTORY,
    FAILED,
    REPRODUCED,
    UNMEASURED,
    judge,
)

FULL_SETTINGS = dict(FULL, quick=False)
ALL = dict(FULL_SETTINGS, parts=list(PARTS), blocks=[8, 10])
SMALL = dict(QUICK, quick=True)
BY_ID = {quote.id: quote for quote in QUOTES}


def make(found, settings=FULL_SETTINGS):
    """The ledger of some records."""
    return make_ledger(
        PAPER._replace(read_records=lambda *_: found),
        {'name': 'smooth', 'dataset': CIFAR, 'quick': settings['quick'],
         'notice': notice(OPTIONS, settings), 'settings': settings,
         'code': {}}, '.', [], {})


def test_the_tables_have_85_numbers_in_the_reports_order():
    assert [len(rows) for rows in TABLES.values()] == [10, 7]
    assert len(QUOTES) == len(BY_ID) == 85
    assert {quote.reason for quote in QUOTES} == set(REASONS)
    assert [quote.place for quote in QUOTES] == ['Table 1'] * 50 + [
        'Table 2'] * 35
    for part, rows in TABLES.items():
        assert list(rows) == [name for name in MODELS if name in rows]
        for name, texts in rows.items():
            assert len(texts) == len(COLUMNS) == 5
            for column, text in zip(COLUMNS, texts):
                quote = BY_ID['%s-%s-%s' % (part, folder(name), column)]
                assert quote.quoted == text + ' %'
                assert quote.value == pytest.approx(float(text) / 100)
                assert quote.rule == ('factor' if quote.value < FEW
                                      else 'points')
    assert printed(SVHN, 'Vanilla')[33] == 77.72
    assert printed(CIFAR, 'Vanilla') == {}


def test_the_known_defects_are_those_of_the_numbers():
    rows = TABLES[SVHN]
    twice = 'Adv + Smooth 0.001, 1', 'Smooth 0.001, 1'
    assert rows[twice[0]] == rows[twice[1]]
    alike = [sorted(names) for names in (
        [name for name in rows if rows[name] == rows[one]] for one in rows)
        if len(names) > 1]
    assert alike == [sorted(twice)] * 2
    falls = {name: all(float(a) >= float(b) for a, b in zip(row[1:],
                                                            row[2:]))
             for part in TABLES.values() for name, row in part.items()}
    assert [name for name, true in falls.items() if not true] == [RISING]
    noted = {quote.measure[2] for quote in QUOTES if quote.note}
    assert noted == {*twice, RISING, VANILLA, 'Adv', 'Adv + Psv',
                     'Smooth 0.01, 2'}
    assert not any(quote.note for quote in QUOTES if quote.place != 'Table 1')
    assert 'to the last digit' in BY_ID['svhn-Smooth-0.001-1-33'].note
    assert '72.06' in BY_ID['svhn-Smooth-0.01-2-33'].note


def test_what_is_not_run_says_what_it_needs_and_no_number():
    for quote in QUOTES:
        verdict, why = judge(quote, QUOTES, None, None)
        assert verdict == UNMEASURED
        assert why.startswith('Not run here: needs ')
        hours = '%.0f hours' % gpu_hours(quote.measure[1], quote.measure[2])
        for text in ('width 64', 'GPU', hours, '--device cuda0',
                     'python reproduce.py smooth --parts cifar10 '
                     + quote.measure[1]):
            assert text in why


def test_the_commands_that_it_names_choose_steps_that_measure_it():
    import fnmatch
    import shlex
    made = parser('smooth')
    for quote in QUOTES:
        words = shlex.split(quote.needs[quote.needs.index('--parts'):])
        args = made.parse_args(words)
        asked = settle(OPTIONS, args, given(made, words))
        chosen = [step for step in make_plan(dict(asked, seeds=1))
                  if any(fnmatch.fnmatch(step.name, pattern)
                         for pattern in args.only)]
        assert len(chosen) == 1
        assert chosen[0].about['part'] == quote.measure[1]
        assert chosen[0].about['blocks'] == 8
        assert chosen[0].about.get('model', quote.measure[2]) == (
            quote.measure[2])


@pytest.mark.parametrize('settings', [FULL_SETTINGS, ALL, SMALL, dict(
    SMALL, parts=list(PARTS))])
def test_the_plan_is_in_order_and_the_scripts_take_it(settings):
    scripts = {name: load_script(name).parser()
               for name in ('smooth.py', 'attack_smooth.py')}
    seen = set()
    for step in make_plan(settings):
        assert set(step.parents) <= seen and step.name not in seen
        seen.add(step.name)
        args = scripts[step.script].parse_args(
            list(step.arguments) + ['--out', step.name])
        assert args.out == step.name
        if step.script == 'smooth.py':
            SYSTEM.check(SYSTEM.settle(args))
        else:
            assert args.models == list(step.parents)
            assert set(STRENGTHS) <= set(args.snr)


def test_a_plain_run_starts_nothing_for_a_gpu():
    steps = make_plan(FULL_SETTINGS)
    assert {step.about['part'] for step in steps} == {CIFAR}
    assert len(steps) == 3 * (8 + 2)
    trained = {step.about['model'] for step in steps if step.resume}
    assert trained == set(ROWS[CIFAR]) and CONTROL in trained
    assert len(trained) == 8
    for step in steps:
        if step.resume:
            words = ' '.join(step.arguments)
            assert '--width 16 --blocks 8 --epochs 55' in words
            assert '--limit-train' not in words
    asked = [step.arguments for step in steps if not step.resume][0]
    snrs = list(map(float, asked[asked.index('--snr') + 1:-4]))
    assert len(snrs) >= 12 and (snrs[0], snrs[-1]) == (60, 25)
    assert snrs == sorted(snrs, reverse=True)


def test_the_reports_own_settings_are_there_for_whoever_has_a_gpu():
    steps = {step.name: step for step in make_plan(ALL)}

    def settled(name):
        return SYSTEM.settle(load_script('smooth.py').parser().parse_args(
            list(steps[name].arguments)))

    for name in TABLES[SVHN]:
        for seed, (place, blocks) in zip(
                range(3), (('svhn/', 8), ('svhn/10-blocks/', 10),
                           ('svhn/', 8))):
            found = settled('%smodels/seed%d/%s' % (place, seed,
                                                    folder(name)))
            assert (found['model'], found['width'], found['blocks'],
                    found['epochs'], found['dataset'], found['seed'],
                    found['boundaries']) == (name, 64, blocks, 55, 'svhn',
                                             seed, [5])
    plain, augmented = (settled('tiny-imagenet/models/seed2/' + name)
                        for name in ('Vanilla', 'Adv-da'))
    assert (plain['epochs'], plain['optimiser']) == (40, 'adam')
    assert (augmented['epochs'], augmented['model']) == (350, 'Adv + da')
    assert settled('models/seed1/Constant-adv')['adversary'] == 'constant'
    assert steps['10-blocks/attacks/seed0/plain'].parents == (
        '10-blocks/models/seed0/Vanilla',
        '10-blocks/models/seed0/Adv-Smooth-0.01-2',
        '10-blocks/models/seed0/Adv-Smooth-0.001-2')
    assert '10000' in steps['svhn/attacks/seed0/plain'].arguments
    assert '2000' in steps['attacks/seed0/parseval'].arguments
    assert steps['attacks/seed1/parseval'].parents == tuple(
        'models/seed1/' + name for name in (
            'Vanilla', 'Adv-Psv', 'Adv-Psv-Smooth-0.001-1'))
    assert len(steps['attacks/seed1/plain'].parents) == 6
    for name, step in steps.items():
        assert step.data_dir == (step.about['part'] == CIFAR), name


def test_more_parts_blocks_and_seeds_only_add_steps():
    few = make_plan(dict(FULL_SETTINGS, seeds=1))
    more = {(step.name, step.arguments) for step in make_plan(ALL)}
    assert {(step.name, step.arguments) for step in few} <= more


def test_a_study_goes_on_with_more_parts_and_not_with_another_width(
        tmp_path):
    folder = str(tmp_path)
    write_settings(folder, FULL_SETTINGS)
    check_settings(folder, ALL, OPTIONS)
    with pytest.raises(UserError, match='begun with width 16, now 32'):
        check_settings(folder, dict(FULL_SETTINGS, width=32), OPTIONS)


@pytest.mark.parametrize('changed, said', [
    ({}, ''), ({'parts': list(PARTS), 'blocks': [8, 10], 'seeds': 1}, ''),
    ({'width': 8}, 'SMALL STUDY, NO REPRODUCTION: CIFAR-10, 55 epochs, 2000 '
     'samples, 3 seed(s), width 8, limit-train 50000'),
    ({'width': 32}, ''), ({'limit_train': 20000}, 'SMALL STUDY'),
    ({'samples': 1999}, 'SMALL STUDY'), ({'epochs': 11}, 'SMALL STUDY'),
    ({'epochs': 60}, 'OTHER STUDY'),
    (dict(QUICK, quick=True), 'QUICK STUDY, NO REPRODUCTION: CIFAR-10, ')])
def test_a_study_of_other_settings_says_so(changed, said):
    text = notice(OPTIONS, dict(FULL_SETTINGS, **changed))
    assert text.startswith(said) and bool(text) == bool(said)


def test_what_is_published():
    found = {step.name: targets(OPTIONS.folder, step)
             for step in make_plan(ALL)}
    assert found['models/seed0/Adv-Psv'] == [
        'results/smooth/models/seed0/Adv-Psv/run.json',
        'results/smooth/models/seed0/Adv-Psv/history.json',
        'weights/smooth-Adv-Psv/run.json',
        'weights/smooth-Adv-Psv/weights.npz']
    assert found['attacks/seed1/plain'] == [
        'results/smooth/attacks/seed1/plain/attack.json']
    weights = [name for names in found.values() for name in names
               if name.startswith('weights')]
    assert len(set(weights)) == len(weights) == 2 * 8


def write_and_read(folder, networks, **changed):
    toy.write(folder, networks, **changed)
    return read_attack(str(folder))


def test_an_attack_is_read_as_the_contract_has_it(tmp_path):
    networks = [toy.network(), toy.control()]
    assert write_and_read(tmp_path, networks) == networks
    step = [step for step in make_plan(SMALL) if not step.resume][0]
    (tmp_path / step.name).mkdir(parents=True)
    toy.write(tmp_path / step.name, networks)
    [(about, found)] = read_records(str(tmp_path), [step])[RESULTS]
    assert found == networks and about['part'] == CIFAR


def no_row(network):
    del network['row']


def few_strengths(network):
    network['snr'].pop()


def no_blank(network):
    del network['arithmetics']['float32']['attacks'][TRUE]['blank']


def other_total(network):
    network['worst']['float32'][0]['total'] = 7


def words(network):
    network['arithmetics']['float32']['clean']['count'] = 'many'


@pytest.mark.parametrize('damage', [no_row, few_strengths, no_blank,
                                    other_total, words])
def test_what_says_less_is_one_line(tmp_path, damage):
    network = json.loads(json.dumps(toy.network()))
    damage(network)
    with pytest.raises(UserError, match='expected all that attack_smooth'
                       ) as caught:
        write_and_read(tmp_path, [network])
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('changed', [
    {'format': 'bang-attack/1'}, {'status': 'running'}, {'models': None},
    {'models': {}}, {'models': [3]}])
def test_what_is_no_result_is_one_line(tmp_path, changed):
    with pytest.raises(UserError, match='expected') as caught:
        write_and_read(tmp_path, [], **changed)
    assert '\n' not in str(caught.value)


def test_seeds_are_pooled_and_rows_told_apart():
    rows = models_table(toy.records())
    assert [(row['row'], row['seeds']) for row in rows] == [
        (VANILLA, [0, 1]), ('Adv', [0, 1]), (RISING, [0]), (CONTROL, [0])]
    vanilla = rows[0]
    assert vanilla['clean']['total'] == 2000
    assert vanilla['attacks']['float32'][TRUE]['accuracy'][4] == 1000
    assert vanilla['attacks']['float32'][TRUE]['recovered'] == {
        'count': 6, 'total': 2000}
    assert vanilla['test']['mean'] == pytest.approx(.916)
    assert rows[1]['test'] is None       # its run.json is not among them
    assert vanilla['worst']['float32'] == [1800, 1690, 1540, 1360, 900, 480]
    assert vanilla['saturated'] == {'float32': 2, 'float64': 0}
    assert vanilla['commands'] == [
        toy.COMMAND, 'python smooth.py --seed 0', 'python smooth.py --seed 1']
    assert vanilla['width'] == 16


def test_vanilla_counts_once_though_it_is_attacked_with_every_group():
    once, again = toy.network(), toy.network(clean=100)
    [row] = models_table(toy.records_of((), [
        toy.attack(once), toy.attack(again)]))
    assert row['seeds'] == [0] and row['clean'] == once['clean']


def test_an_attack_of_few_strengths_is_not_known_at_others():
    network = json.loads(json.dumps(toy.network()))
    for entry in ('accuracy', 'cumulative'):
        network['arithmetics']['float32']['attacks'][LONG][entry][0] = None
    found = toy.records_of((), [toy.attack(network, part=SVHN)])
    [row] = models_table(found)
    assert row['attacks']['float32'][LONG]['accuracy'][:2] == [None, 845]
    assert under(row, LONG, 60) is None and under(row, LONG, 50)
    assert measure(found, ('attacked', SVHN, VANILLA, 60),
                   (LONG, 'float32')) == []


def test_the_names_and_form_are_those_that_the_attack_leaves(tmp_path):
    arrays = {'clean_prediction': np.arange(4), 'label': np.arange(4),
              'saturated': np.zeros(4, bool)}
    plan = {'snr': [50., 33.], 'pgd_snr': [50.]}
    for name in ATTACKS.values():
        count = 1 if name in PGD else 2
        for entry in ('prediction', 'snr', 'blank'):
            arrays['%s/%s' % (name, entry)] = np.ones((4, count))
    found = summarise_model({'float32': arrays}, plan)
    found.update(row=VANILLA, seed=0, width=4, blocks=8, snr=plan['snr'])
    [network] = write_and_read(tmp_path, [json.loads(json.dumps(found))])
    assert network['clean']['count'] == network['clean']['total'] == 4
    toys = toy.network()['arithmetics']['float32']['attacks']
    ours = found['arithmetics']['float32']['attacks']
    assert list(ours) == list(toys)
    assert set(ours[TRUE]) == set(toys[TRUE])


def test_seeds_of_other_strengths_are_not_pooled():
    other = json.loads(json.dumps(toy.network(seed=1)))
    other['snr'][0] = 61
    with pytest.raises(UserError, match='to be of one snr, got several'):
        models_table(toy.records_of((), [
            toy.attack(toy.network()), toy.attack(other, seed=1)]))


def test_cifar_10_measures_none_of_the_reports_numbers():
    ledger = make(toy.records())
    assert {row['verdict'] for row in ledger['rows']} == {UNMEASURED}
    assert all(row['ours'] is None for row in ledger['rows'])
    assert len(ledger['models']) == 4
    json.dumps(ledger, allow_nan=False)


def on_svhn(**changed):
    """Vanilla as the report has it, under FGSM as published."""
    as_printed = [978, 956, 930, 882, 777, 500]
    found = toy.network(clean=979, width=64, **dict(
        {'FGSM_true': as_printed, 'FGSM_log_odds': as_printed,
         'exact': as_printed}, **changed))
    return make(toy.records_of(
        [toy.training(VANILLA, correct=9787, part=SVHN),
         toy.training(VANILLA, correct=100, part=SVHN, blocks=10)],
        [toy.attack(found, part=SVHN),
         toy.attack(toy.network(), part=SVHN, blocks=10),
         toy.attack(toy.network(), part=TINY)]))


def test_the_reports_numbers_are_judged_where_they_are_measured():
    rows = {row['id']: row for row in on_svhn()['rows']}
    for column in COLUMNS:
        row = rows['svhn-Vanilla-%s' % column]
        assert row['verdict'] == REPRODUCED, row['why']
        assert row['note'] and len(row['commands']) == 1
    assert rows['svhn-Vanilla-clean']['exact'] is None
    assert rows['svhn-Vanilla-33']['exact']['mean'] == .777
    assert rows['svhn-Adv-33']['verdict'] == UNMEASURED
    assert rows['tiny-imagenet-Vanilla-50']['verdict'] == FAILED
    assert 'note' not in rows['tiny-imagenet-Vanilla-50']
    hidden = on_svhn(exact=[978, 900, 800, 600, 300, 100])
    rows = {row['id']: row['verdict'] for row in hidden['rows']}
    assert rows['svhn-Vanilla-33'] == rows['svhn-Vanilla-50'] == ARTEFACT
    assert CONTRADICTORY not in rows.values()


def test_the_arithmetic_that_hides_nothing_is_float64s():
    found = on_svhn(FGSM_log_odds=[1, 1, 1, 1, 1, 1])
    rows = {row['id']: row for row in found['rows']}
    assert rows['svhn-Vanilla-33']['exact']['mean'] == .777
    assert LOG_ODDS in found['models'][0]['attacks']['float64']
