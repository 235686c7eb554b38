"""When two runs are the same, and what happens around the workers."""

import json
import os
import subprocess
import sys

import pytest
from script_runner import write_foreign_modules

from attacking.session import run_worker, run_workers
from errors import UserError
from papers.song.attack_campaign import by_floatX
from storage import identity
from storage.attack_file import RESULTS, SCRIPT_VARIABLE, open_run

FORMAT = 'tests/1'
WAYS = {'float32': [('float32',), ('logodds',)], 'float64': [('float64',)]}


def one(**changes):
    return dict({'arguments': {'limit': 100, 'test_temperature': 1.},
                 'models': {'a': '1' * 64, 'b': '2' * 64},
                 'code': '3' * 64}, **changes)


def refusal(now):
    with pytest.raises(UserError) as caught:
        identity.check_same('here', one(), now)
    assert '\n' not in str(caught.value)
    return str(caught.value)


def test_the_same_is_let_through():
    identity.check_same('here', one(), one())


def test_what_differs_is_named():
    line = refusal(one(arguments={'limit': 100, 'test_temperature': 2.}))
    assert 'here: expected a new folder' in line
    assert 'other arguments test-temperature (1.0 there, 2.0 here)' in line
    assert 'other code (333333333333... there, 444444444444... here)' in (
        refusal(one(code='4' * 64)))
    assert 'other models c (None there, 555555555555... here)' in refusal(
        one(models={'a': '1' * 64, 'b': '2' * 64, 'c': '5' * 64}))
    assert 'other models b' in refusal(one(models={'a': '1' * 64}))


def test_a_new_folder_is_begun_and_a_foreign_one_refused(tmp_path):
    folder = str(tmp_path / 'new')
    with open_run(folder, one(), {'title': 't'}, FORMAT) as results:
        assert results['status'] == 'running'
    with open_run(folder, one(), {'title': 'other'}, FORMAT) as results:
        assert results['title'] == 't'
    (tmp_path / 'full').mkdir()
    (tmp_path / 'full' / 'thesis.tex').write_text('')
    with pytest.raises(UserError, match='found thesis.tex in it'), open_run(
            str(tmp_path / 'full'), one(), {}, FORMAT):
        pass
    for text in ('{', '[]', '{"format": "else"}',
                 '{"format": "tests/1", "status": "running"}',
                 '{"format": "tests/1", "status": "finished", '
                 '"identity": {}}'):
        (tmp_path / 'new' / RESULTS).write_text(text)
        with pytest.raises(UserError, match='expected (JSON|results of '
                           'format)'), open_run(folder, one(), {}, FORMAT):
            pass
        assert (tmp_path / 'new' / RESULTS).read_text() == text


def test_one_process_at_a_time(tmp_path):
    with open_run(str(tmp_path), one(), {}, FORMAT), pytest.raises(
            UserError, match='another process is writing'), open_run(
            str(tmp_path), one(), {}, FORMAT):
        pass


def pretend_python(tmp_path, monkeypatch, commands):
    """Put a shell script in the place of the workers' Python."""
    path = tmp_path / 'python'
    path.write_text('#!/bin/sh\n%s\n' % commands)
    path.chmod(0o755)
    monkeypatch.setattr(sys, 'executable', str(path))


@pytest.mark.parametrize('end, words, code', [
    ('kill -KILL $$', r'SIGKILL \(out of memory\?\), --batch bounds', 1),
    ('kill -SEGV $$', r'SIGSEGV \(it crashed; python doctor.py .*\): run', 1),
    ('kill -BUS $$', r'SIGBUS \(is the disk or /dev/shm full\?\)', 1),
    ('kill -TERM $$', r'SIGTERM \(from outside\)', 1),
    ('exit 143', r'SIGTERM \(from outside\)', 143),    # as ours leave
    ('kill -40 $$', r'signal 40 \(it crashed', 1)])
def test_a_killed_worker_is_reported(tmp_path, monkeypatch, end, words,
                                     code):
    pretend_python(tmp_path, monkeypatch, end)
    with pytest.raises(UserError, match='computes in float32 was ended by '
                       + words) as caught:
        run_workers({'folder': str(tmp_path)}, WAYS, 'test1.py')
    assert str(caught.value).endswith('same command again to continue')
    assert caught.value.exit_code == code


def test_a_workers_exit_code_ends_the_run(tmp_path, monkeypatch):
    pretend_python(tmp_path, monkeypatch, 'exit 1')
    assert run_workers({'folder': str(tmp_path)}, WAYS, 'test1.py') == 1
    assert not os.path.exists(tmp_path / 'plan-float64.json')


@pytest.mark.parametrize('temperature, arithmetic, floatX', [
    (1e300, ['logodds', 'float64'], 'float32'), (1e-300, ['float32'],
                                                 'float32'),
    (1e-320, ['float64'], 'float64'), (1e300, ['float64'], None)])
def test_a_temperature_that_a_worker_cannot_hold(temperature, arithmetic,
                                                 floatX):
    if floatX is None:
        by_floatX(arithmetic, temperature)
    else:
        with pytest.raises(UserError) as caught:
            by_floatX(arithmetic, temperature)
        line = str(caught.value)
        assert line.startswith('--test-temperature: expected a number that '
                               '%s holds, ' % floatX)
        assert line.endswith('got %g' % temperature)


def test_each_floatx_has_a_worker_and_its_ways(tmp_path, monkeypatch):
    pretend_python(tmp_path, monkeypatch,
                   'echo $2 $%s >> %s/log' % (SCRIPT_VARIABLE, tmp_path))
    assert run_workers({'folder': str(tmp_path)}, WAYS, 'test1.py') == 0
    assert (tmp_path / 'log').read_text() == '--plan test1.py\n' * 2
    for floatX, ways in WAYS.items():
        with open(tmp_path / ('plan-%s.json' % floatX)) as stream:
            plan = json.load(stream)
        assert plan['floatX'] == floatX
        assert [tuple(way) for way in plan['ways']] == ways


@pytest.mark.parametrize('safe', [None, '1'])
def test_a_worker_is_of_this_checkout_wherever_it_starts(
        tmp_path, monkeypatch, capfd, safe):
    write_foreign_modules(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('PYTHONPATH', raising=False)
    if safe:
        monkeypatch.setenv('PYTHONSAFEPATH', safe)
    plan = tmp_path / 'plan.json'
    plan.write_text(json.dumps({
        'device': 'abacus', 'floatX': 'float32', 'threads': 1, 'ops': 'auto',
        'folder': str(tmp_path), 'results': str(tmp_path)}))
    assert run_worker(str(plan), 'test1.py') == 1
    assert capfd.readouterr().err == (
        'test1.py: error: --device: expected cpu or cuda0, cuda1, ..., got '
        '\'abacus\'\n')


@pytest.mark.parametrize('module', [
    'attacking.session', 'papers.song.attack_campaign',
    'papers.song.explorer_campaign', 'papers.bang.attack_campaign',
    'papers.bang.noise_campaign'])
def test_the_scripts_own_process_imports_no_theano(module):
    code = ('import sys, %s; sys.exit("theano" in sys.modules or "lasagne" '
            'in sys.modules)' % module)
    assert subprocess.run([sys.executable, '-c', code],
                          cwd=identity.ROOT).returncode == 0


def test_a_signal_at_exit_is_no_traceback(tmp_path):
    """Theano cleans its cache at exit, for as long as that takes."""
    program = (
        'import atexit, os, runpy, signal, sys\n'
        'atexit.register(os.kill, os.getpid(), signal.SIGTERM)\n'
        'sys.argv = ["worker", "--plan", "missing.json"]\n'
        'runpy.run_path(%r, run_name="__main__")'
        % os.path.join(identity.ROOT, 'attacking', 'worker.py'))
    done = subprocess.run(
        [sys.executable, '-c', program], cwd=tmp_path, capture_output=True,
        text=True, env={**os.environ, SCRIPT_VARIABLE: 'test1.py'})
    assert done.returncode == 1
    line, = done.stderr.splitlines()
    assert line.startswith('test1.py: error: missing.json')
