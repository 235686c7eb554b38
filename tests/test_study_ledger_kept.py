"""A fuller ledger in the checkout is kept."""

import json

import pytest

from study.ledger import why_kept

STATES = {'a': 'done', 'b': 'done', 'c': 'missing'}


def ledger(path, done):
    path.write_text(json.dumps({'study': {'steps': {'done': done}}}))
    return str(path)


def test_a_ledger_of_more_steps_is_kept(tmp_path):
    path = ledger(tmp_path / 'ledger.json', 3)
    text = why_kept(path, STATES, '', None)
    assert 'rests on 3 finished steps, this study has 2: it is kept' in text
    assert '--ledger ' + path in text


@pytest.mark.parametrize('done', [0, 2])
def test_one_of_as_many_or_fewer_is_replaced(tmp_path, done):
    path = ledger(tmp_path / 'ledger.json', done)
    assert why_kept(path, STATES, '', None) == ''


@pytest.mark.parametrize('content', ['{', '[]', '{"study": {}}', '{}'])
def test_what_is_no_ledger_is_replaced(tmp_path, content):
    path = tmp_path / 'ledger.json'
    assert why_kept(str(path), STATES, '', None) == ''
    path.write_text(content)
    assert why_kept(str(path), STATES, '', None) == ''


def test_a_ledger_that_the_user_names_is_replaced(tmp_path):
    path = ledger(tmp_path / 'ledger.json', 3)
    assert why_kept(path, STATES, '', path) == ''


def test_a_small_study_goes_aside_whatever_is_there(tmp_path):
    path = tmp_path / 'ledger.json'
    assert why_kept(str(path), STATES, 'SMALL', None) == 'SMALL'
    assert why_kept(ledger(path, 0), STATES, 'SMALL', None) == 'SMALL'
