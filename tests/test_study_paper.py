"""A third paper is a declaration: quotes, measures, settings, steps."""

import json
import os

from fake_step import number
from fake_study import make_steps, options

from study.ledger import codes_of, make_ledger, read_ledger
from study.paper import Paper, Quote
from study.settings import Options, command
from study.stamp import Standing, write_stamp
from study.step import codes_of as scripts_of
from study.step import keys_of
from study.verdicts import ARTEFACT, FAILED, UNMEASURED
from study.view import look


def quote(name, value):
    return Quote(name, 'sum of ' + name, '§1', str(value), value, 'pixels',
                 'within', .5, 'guess', ('total', name))


def measure(records, quote):
    found = [{'seed': 0, 'value': value} for name, value in records.items()
             if name == quote.measure[1]]
    return {'ours': found, 'exact': [
        dict(one, value=one['value'] + 1) for one in found], 'half': [
            dict(one, value=one['value'] / 2) for one in found]}


FULL = {'paper': 'sums', 'dataset': 'mnist', 'seeds': 1, 'rounds': 3,
        'samples': None}
PAPER = Paper(
    command='reproduce.py sums', options=Options(
        study='sums', prefix='sums-', folder=os.path.join('results', 'sums'),
        full=FULL, quick={name: dict(FULL, dataset=name, rounds=1)
                          for name in ('mnist', 'digits')},
        counts=(('rounds', 3, 'of everything'),), lists=(),
        may_change=(), length='rounds', at_least=('samples',)),
    make_plan=lambda settings: make_steps(), format='sums-ledger/1',
    quotes=(quote('a', 1), quote('b', 7), quote('d', 5)),
    reasons={'guess': 'a guess'},
    read_records=lambda folder, steps: {
        step.name: number(os.path.join(folder, step.name))
        for step in steps}, measure=measure,
    commands=lambda records, quote: ['python of ' + quote.id],
    tables=lambda records: {'most': max(records.values(), default=None)})


def test_its_ledger_is_made_of_what_is_done(tmp_path):
    folder, steps = str(tmp_path), make_steps()
    keys = keys_of(steps, scripts_of(steps), {})
    for name, total in (('a', 1), ('b', 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'sum.npz').write_text(str(total))
        step = next(step for step in steps if step.name == name)
        write_stamp(folder, step, keys[name], status='done', results={},
                    outcome='finished', parents={'a': {}} if total > 1
                    else {}, seconds=1., resumed=False)
    standings = look(folder, steps, options()).standings
    states = {name: one.state for name, one in standings.items()}
    assert states == {'a': 'done', 'b': 'done', 'c': 'missing',
                      'd': 'missing'}
    ledger = make_ledger(PAPER, {
        'name': 'sums', 'dataset': 'mnist', 'quick': False, 'notice': '',
        'settings': FULL, 'code': codes_of(standings)}, folder, steps, states)
    assert [row['verdict'] for row in ledger['rows']] == [
        ARTEFACT, FAILED, UNMEASURED]
    assert [row['half'] for row in ledger['rows']] == [.5, 1., None]
    assert ledger['rows'][0]['tolerance']['reason'] == 'a guess'
    assert ledger['rows'][1]['commands'] == ['python of b']
    assert ledger['most'] == 2
    assert ledger['study']['steps'] == {'done': 2, 'missing': 2}
    assert list(ledger['study']['code'].values()) == [['a', 'b']]
    path = tmp_path / 'ledger.json'
    path.write_text(json.dumps(ledger))
    assert read_ledger(PAPER, str(path)) == ledger
    assert command(PAPER, dict(ledger['study'], settings=dict(
        FULL, rounds=4))) == 'python reproduce.py sums --rounds 4'


def test_the_ledger_names_the_code_that_made_each_step():
    def made(state, **stamp):
        return Standing(state, '', stamp)

    assert codes_of({
        'a': made('done', code='1' * 64), 'b': made('done', code='2' * 64),
        'c': made('done', code='1' * 64), 'd': made('stale', code='3' * 64),
        'e': made('done', code=None, made_by={'commit': 'abc'})}) == {
            '1' * 64: ['a', 'c'], '2' * 64: ['b'], 'commit abc': ['e']}
