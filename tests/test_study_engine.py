"""The engine on fake steps: skip, resume, stale, kills, nonsense."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import time

import dask
import fake_study
import pytest
from distributed import LocalCluster
from fake_study import make_steps, options, standings
from refusals import refusing
from script_runner import ROOT, write_foreign_modules

from errors import UserError
from mishaps import DISK_ERRORS
from study import cluster as study_cluster
from study import runner
from study.session import conclude
from study.stamp import Standing, read_stamp, set_aside, stamp_path, standing
from study.view import keep_accepted, look

SUMS = {'a': 1, 'b': 2, 'c': 2, 'd': 5}


@pytest.fixture(scope='module')
def cluster():
    """Two workers for all the tests."""
    with LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=None,
                      dashboard_address=':0', silence_logs=50) as cluster:
        yield cluster


@pytest.fixture
def study(tmp_path):
    return str(tmp_path)


def sums(study):
    found = {}
    for name in SUMS:
        with open(os.path.join(study, name, 'sum.npz')) as stream:
            found[name] = int(stream.read())
    return found


def journal(study):
    """Who ran what: (step, process, parent)."""
    path = os.path.join(study, 'journal')
    if not os.path.exists(path):
        return []
    with open(path) as stream:
        return [(name, int(pid), int(parent)) for name, pid, parent
                in map(str.split, stream)]


def states(study, steps):
    return [standing.state for standing in standings(study, steps).values()]


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(.05)


def alive(process):
    try:
        with open('/proc/%d/stat' % process) as stream:
            return stream.read().rsplit(')')[-1].split()[0] != 'Z'
    except (FileNotFoundError, ProcessLookupError):
        return False


def touch(*parts):
    with open(os.path.join(*parts), 'w'):
        pass


def test_done_steps_are_skipped(cluster, study):
    steps = make_steps()
    assert states(study, steps) == ['missing'] * 4
    results = fake_study.run(study, steps, cluster.scheduler_address)
    conclude(results)
    assert {result.state for result in results.values()} == {'done'}
    assert sums(study) == SUMS and len(journal(study)) == 4
    assert not os.path.exists(os.path.join(study, runner.RUNNING))
    assert fake_study.run(study, steps, cluster.scheduler_address) == {}


def test_a_machine_that_sleeps_loses_no_worker():
    with dask.config.set({'distributed.scheduler.worker-ttl': '1s'}), (
            study_cluster.connect(None, 1)) as client:
        worker = client.submit(os.getpid, pure=False).result()
        waiting = client.submit(time.sleep, 1.5, pure=False)
        time.sleep(.5)                       # it has begun
        os.kill(worker, signal.SIGSTOP)
        time.sleep(3.5)
        os.kill(worker, signal.SIGCONT)
        assert waiting.result(timeout=20) is None
        assert client.submit(os.getpid, pure=False).result(20) == worker


def test_stale_steps_run_again_and_nothing_is_lost(cluster, study):
    fake_study.run(study, make_steps(), cluster.scheduler_address)
    steps = make_steps(b=7)
    found = standings(study, steps)
    assert [found[name].state for name in 'abcd'] == [
        'done', 'stale', 'done', 'stale']
    assert (found['b'].why, found['d'].why) == ('other arguments',
                                                'other parents')
    fake_study.run(study, steps, cluster.scheduler_address)
    assert sums(study) == dict(SUMS, b=8, d=11)
    assert [name for name, _, _ in journal(study)[4:]] == ['b', 'd']
    with open(os.path.join(study, 'old', 'b-1', 'results',
                           'sum.npz')) as stream:
        assert stream.read() == '2'


@pytest.fixture
def change(monkeypatch):
    """Have the scripts rest on other code."""
    def to(content):
        monkeypatch.setattr('study.step.code_digest',
                            lambda script: script + content)

    return to


def test_changed_code_makes_its_steps_stale(cluster, study, change):
    steps = make_steps()
    fake_study.run(study, steps, cluster.scheduler_address)
    change('1')
    found = standings(study, steps)
    assert {standing.why for standing in found.values()} == {'other code'}


def test_accepted_steps_stand_until_the_code_changes_again(
        cluster, study, change):
    steps = make_steps()
    fake_study.run(study, steps, cluster.scheduler_address)
    change('1')
    assert 'stale' in states(study, steps)
    view = look(study, steps, options())
    keep_accepted(study, view, 'abcd')
    assert states(study, steps) == ['done'] * 4     # not to be said again
    change('2')
    assert 'stale' in states(study, steps)
    assert [s.state for s in standings(study, steps, accept=['?']).values()
            ] == ['done'] * 4


def test_a_begun_step_is_continued_where_it_lies(cluster, study):
    steps = make_steps()
    fake_study.run(study, steps, cluster.scheduler_address)
    path = stamp_path(study, 'd')
    with open(path) as stream:
        stamp = json.load(stream)
    with open(path, 'w') as stream:
        json.dump(dict(stamp, status='begun'), stream)
    assert states(study, steps) == ['done'] * 3 + ['partial']
    results = fake_study.run(study, steps, cluster.scheduler_address)
    assert results['d'].stamp['resumed']
    assert not os.path.exists(os.path.join(study, 'old'))


def test_a_failed_step_costs_only_its_children(cluster, study):
    touch(study, 'fail-b')
    results = fake_study.run(study, make_steps(),
                             cluster.scheduler_address)
    assert [results[name].state for name in 'abcd'] == [
        'done', 'failed', 'done', 'waiting']
    with pytest.raises(UserError, match=r'2 of 4 steps are not done, first '
                       r'b \(.*told to fail\).*the same command'):
        conclude(results)
    os.unlink(os.path.join(study, 'fail-b'))
    fake_study.run(study, make_steps(), cluster.scheduler_address)
    assert sums(study) == SUMS


def test_a_killed_worker_costs_its_step_only(study, tmp_path_factory):
    """A process of its own, as workers die in it, started anywhere."""
    anywhere = tmp_path_factory.mktemp('anywhere')
    write_foreign_modules(anywhere)
    for name in 'bc':
        touch(study, 'hold-' + name)
    process = subprocess.Popen(
        [sys.executable, fake_study.__file__, study], cwd=str(anywhere),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: len(journal(study)) == 3)
    name, step, worker = journal(study)[-1]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not alive(step))
    wait_until(lambda: len(journal(study)) == 4)
    for held in 'bc':
        os.unlink(os.path.join(study, 'hold-' + held))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert sums(study) == SUMS
    names = [entry[0] for entry in journal(study)]
    assert sorted(names) == sorted('abcd' + name)
    assert standings(study, make_steps())['a'].state == 'done'


@pytest.mark.parametrize('number, code', [(signal.SIGINT, 130),
                                          (signal.SIGTERM, 143)])
def test_a_signal_stops_the_study_and_its_steps(study, number, code):
    touch(study, 'hold-c')
    process = subprocess.Popen(
        [sys.executable, fake_study.__file__, study], universal_newlines=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True)
    wait_until(lambda: {name for name, _, _ in journal(study)} >= {'c'}
               and os.path.exists(stamp_path(study, 'b'))
               and read_stamp(study, 'b')['status'] == 'done')
    step = [pid for name, pid, _ in journal(study) if name == 'c'][0]
    # To the group, as a terminal sends Ctrl-C.
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert err.count('\n') == 1 and 'the same command' in err, err
    assert not alive(step)
    assert states(study, make_steps()) == ['done', 'done', 'partial',
                                           'missing']
    os.unlink(os.path.join(study, 'hold-c'))
    subprocess.run([sys.executable, fake_study.__file__, study], check=True,
                   stdout=subprocess.DEVNULL)
    assert sums(study) == SUMS


@pytest.mark.parametrize('content, text', [
    ('{', 'got no JSON'), ('[]', 'got something else'),
    ('{"format": "song2017-step/0"}', 'got something else')])
def test_a_corrupt_or_foreign_stamp_is_one_line(cluster, study, content,
                                                text):
    steps = make_steps()
    fake_study.run(study, steps, cluster.scheduler_address)
    with open(stamp_path(study, 'b'), 'w') as stream:
        stream.write(content)
    with pytest.raises(UserError, match='expected the stamp .*%s.*--redo b'
                       % text):
        standings(study, steps)
    assert sums(study) == SUMS
    set_aside(study, 'b')
    assert states(study, steps) == ['done', 'missing', 'done', 'stale']
    fake_study.run(study, steps, cluster.scheduler_address)
    assert sums(study) == SUMS


def test_results_that_do_not_match_their_checksum_are_one_line(cluster,
                                                               study):
    steps = make_steps()
    fake_study.run(study, steps, cluster.scheduler_address)
    with open(os.path.join(study, 'c', 'sum.npz'), 'a') as stream:
        stream.write('0')
    with pytest.raises(UserError, match='c/sum.npz: expected SHA-256 .* as '
                       'its stamp says, got .*--redo c'):
        standings(study, steps)


def task_of(study, steps):
    view = look(study, steps, options())
    with open(os.path.join(study, runner.RUNNING), 'w') as stream:
        stream.write('run')
    return runner.Task(study, steps[0], view.keys['a'],
                       view.codes[fake_study.SCRIPT],
                       ['--threads', '1'], 'run')


def test_a_full_disk_is_one_line_and_loses_nothing(study, monkeypatch):
    def full(path, value):
        raise OSError(errno.ENOSPC, 'No space left on device', path)

    steps = make_steps()
    task = task_of(study, steps)
    monkeypatch.setattr('study.stamp.write_json', full)
    result = runner.run_step(task)
    assert result.state == 'failed'
    assert result.why.endswith(DISK_ERRORS[errno.ENOSPC])
    assert states(study, steps) == ['missing'] * 4


def test_a_worker_that_has_none_gets_the_next_step(study, monkeypatch):
    """While the other has one that takes long."""
    monkeypatch.setattr(fake_study, 'PARENTS', dict.fromkeys('abcdefgh', ()))
    touch(study, 'hold-a')
    process = subprocess.Popen(
        [sys.executable, '-c', 'import fake_study, sys;'
         'fake_study.PARENTS = dict.fromkeys("abcdefgh", ());'
         'fake_study.main(fake_study.parser().parse_args(), ())', study],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=dict(os.environ, PYTHONPATH=os.path.dirname(__file__)))
    wait_until(lambda: states(study, make_steps())[1:] == ['done'] * 7)
    os.unlink(os.path.join(study, 'hold-a'))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


def test_a_scheduler_that_dies_is_one_line(study):
    scheduler = subprocess.Popen(
        [sys.executable, '-c', 'from distributed import LocalCluster as C;'
         'import time\nif __name__ == "__main__":'
         ' print(C(n_workers=1, processes=False, protocol="tcp://",'
         ' dashboard_address=":0").scheduler_address, flush=True);'
         ' time.sleep(600)'], stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, PYTHONPATH=ROOT))
    touch(study, 'hold-a')
    process = subprocess.Popen(
        [sys.executable, fake_study.__file__, study, '--scheduler',
         scheduler.stdout.readline().strip()],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: journal(study))
    scheduler.kill()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1 and err.count('\n') == 1, err
    os.unlink(os.path.join(study, 'hold-a'))
    wait_until(lambda: not alive(journal(study)[0][1]))
    fake_study.run(study, make_steps())
    assert sums(study) == SUMS


def test_a_worker_of_another_version_is_one_line(study):
    task = task_of(study, make_steps())
    result = runner.run_step(task._replace(code='0' * 64))
    assert result.state == 'failed'
    assert 'of another version' in result.why
    assert not journal(study)


@pytest.mark.parametrize('address', [
    'tcp://127.0.0.1:1', 'nonsense', 'nonsense://x', 'tls://127.0.0.1:1'])
def test_an_unreachable_scheduler_is_one_line(monkeypatch, address):
    def no_client(*arguments, **options):
        pytest.fail('a client without a scheduler takes 20 s to go')

    monkeypatch.setattr(study_cluster, 'CONNECT', .5)
    monkeypatch.setattr('distributed.Client', no_client)
    with pytest.raises(UserError, match='--scheduler: expected a dask '
                       'scheduler at %s' % address), \
            study_cluster.connect(address, 1):
        pass


def test_a_machine_without_shared_memory_is_one_line(study, tmp_path):
    done = subprocess.run(
        [sys.executable, fake_study.__file__, study], text=True,
        capture_output=True, env=dict(
            os.environ, **refusing(tmp_path, sem_open=errno.EROFS)))
    assert done.returncode == 1
    line, = done.stderr.splitlines()
    assert 'shared memory for the workers, got: Read-only file' in line


def test_children_of_what_learnt_nothing_are_not_run(study):
    step = make_steps()[1]
    parent = Standing('done', '', {'outcome': 'plateau', 'results': {}})
    assert standing(None, step, {'a': parent}) == Standing('no model')


def test_the_leash_ends_what_its_parent_left(tmp_path):
    """Linux alone kills the children of a SIGKILLed worker."""
    leash = os.path.join(os.path.dirname(runner.__file__), 'leash.py')
    (tmp_path / 'sleep.py').write_text('import time; time.sleep(60)')
    parent = subprocess.Popen(
        [sys.executable, '-c', 'import subprocess, sys, time\n'
         'p = subprocess.Popen([sys.executable, %r, %r])\n'
         'print(p.pid, flush=True)\ntime.sleep(60)'
         % (leash, str(tmp_path / 'sleep.py'))], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    time.sleep(1)
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(child))
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
