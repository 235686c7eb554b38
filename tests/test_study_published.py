"""A clone continues a published study, and runs only what is missing."""

import json
import os
import signal
import subprocess
import sys
import types

import fake_study
import pytest
from distributed import LocalCluster
from fake_study import make_steps, options
from script_runner import ROOT

from errors import UserError
from papers.registry import PAPERS, declaration
from study import session
from study.ledger import codes_of
from study.published import (
    MANIFEST,
    check_files,
    offered,
    publish,
    read_manifest,
    take,
    targets,
)
from study.settings import Options
from study.stamp import read_stamps, stamp_path
from study.view import look, look_ahead

SETTINGS = {'dataset': 'mnist', 'quick': False, 'epochs': 1, 'samples': 1,
            'seeds': 1}
SUMS = {'a': 1, 'b': 2, 'c': 2, 'd': 5}


@pytest.fixture(scope='module')
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=None,
                      dashboard_address=':0', silence_logs=50) as cluster:
        yield cluster


def shown(steps, hidden=()):
    """Steps of which notes are published, and sums but for some."""
    return [step._replace(published=('note',) if step.name in hidden
                          else ('sum.npz', 'note')) for step in steps]


def paper_of(**adds):
    """A paper of fake steps."""
    chosen = Options(
        study='fake', prefix='fake-', folder='results', full=SETTINGS,
        quick={}, counts=(), lists=(), may_change=(), length='epochs',
        at_least=())
    return types.SimpleNamespace(
        options=chosen, make_plan=lambda settings: make_steps(**adds))


@pytest.fixture(scope='module')
def finished(tmp_path_factory, cluster):
    """A finished study, of which every step left a note, too."""
    study = str(tmp_path_factory.mktemp('finished'))
    fake_study.run(study, make_steps(), cluster.scheduler_address)
    for name in SUMS:
        with open(os.path.join(study, name, 'note'), 'w') as stream:
            stream.write('note of ' + name)
    return study


@pytest.fixture
def clone(tmp_path, finished, cluster, monkeypatch):
    """Publish, and look at or work on a new study in the clone."""
    root = str(tmp_path / 'clone')
    monkeypatch.setattr(session, 'ROOT', root)

    class Clone:
        folder, study = root, str(tmp_path / 'study')

        def publish(self, only='abcd', hidden=()):
            steps = shown([step for step in make_steps()
                           if step.name in only], hidden)
            return publish(finished, steps, look(
                finished, steps, options()).standings, root, paper_of())

        def standings(self, adds=(), **chosen):
            return look_ahead(self.study, make_steps(**dict(adds)), root,
                              'results', options(**chosen)).standings

        def work(self, paper=None, **chosen):
            found = []
            args = options(scheduler=cluster.scheduler_address, publish=False,
                           dry_run=False, **chosen)
            session.work(session.Study(
                paper or paper_of(), self.study, SETTINGS, args),
                lambda study, steps, standings: found.append(standings))
            return found[0]

        def ran(self):
            path = os.path.join(self.study, 'journal')
            if not os.path.exists(path):
                return ''
            with open(path) as stream:
                return ''.join(sorted(line[0] for line in stream))

        def edit(self, change):
            path = os.path.join(root, 'results', MANIFEST)
            with open(path) as stream:
                content = json.load(stream)
            change(content['steps'])
            with open(path, 'w') as stream:
                json.dump(content, stream)

    return Clone()


def states(standings):
    return {name: (standing.state, standing.why)
            for name, standing in standings.items()}


DONE, NEW = ('done', ''), ('missing', '')


def test_what_is_published_is_done_whatever_todays_code_is(clone,
                                                           monkeypatch):
    written = clone.publish()
    assert written == sorted(written[:-1]) + ['results/' + MANIFEST]
    monkeypatch.setattr('study.step.code_digest', lambda script: 'other')
    assert set(states(clone.standings()).values()) == {DONE}
    assert not os.path.exists(clone.study)           # looking writes nothing
    standings = clone.work()
    assert clone.ran() == '' and set(states(standings).values()) == {DONE}
    for name in SUMS:
        with open(os.path.join(clone.study, name, 'note')) as stream:
            assert stream.read() == 'note of ' + name
    code, = codes_of(standings)
    assert len(code) == 64 and codes_of(standings) == {code: list('abcd')}
    stamp = standings['d'].stamp
    assert stamp['published'] == ['note', 'sum.npz']
    assert set(stamp['made_by']) == {'commit', 'versions'}
    assert set(stamp['parents']) == {'b', 'c'}
    monkeypatch.setattr('study.step.code_digest', lambda script: 'again')
    assert set(states(look(clone.study, make_steps(), options()).standings
                      ).values()) == {DONE}


def test_only_what_is_missing_runs(clone):
    clone.publish('ab')
    assert list(states(clone.standings()).values()) == [DONE, DONE, NEW, NEW]
    assert set(states(clone.work()).values()) == {DONE}
    assert clone.ran() == 'cd'
    assert clone.work() and clone.ran() == 'cd'          # and not once more
    standings = look(clone.study, make_steps(), options()).standings
    assert 'published' not in standings['c'].stamp
    with pytest.raises(UserError, match='expected finished steps'):
        publish(clone.study, shown(make_steps()[:2]), standings, clone.folder,
                paper_of())
    for name in 'cd':
        with open(os.path.join(clone.study, name, 'note'), 'w'):
            pass
    assert publish(clone.study, shown(make_steps()), standings, clone.folder,
                   paper_of())[:2] == ['results/c/note', 'results/c/sum.npz']
    assert sorted(read_manifest(clone.folder, 'results')) == list('abcd')


def test_other_arguments_are_not_taken(clone):
    clone.publish()
    assert states(clone.standings({'b': 7})) == {
        'a': DONE, 'b': NEW, 'c': DONE, 'd': ('stale', 'b is missing')}
    assert set(states(clone.work(paper_of(b=7))).values()) == {DONE}
    assert clone.ran() == 'bd'


def test_what_others_need_and_is_not_published_runs(clone):
    clone.publish('abc', hidden='ac')
    assert states(clone.standings(only=['b'])) == {
        'a': DONE, 'b': DONE, 'c': DONE, 'd': NEW}       # d need not run
    needed = ('missing', 'not published: sum.npz')
    # d needs c's sum, so that c runs, and needs a's.
    assert states(clone.standings()) == {
        'a': needed, 'b': ('stale', 'a is missing'), 'c': needed, 'd': NEW}
    assert set(states(clone.work()).values()) == {DONE}
    assert clone.ran() == 'acd'


def test_a_parent_that_gives_the_same_again_costs_no_child(clone):
    """c and d must run; b stands, as a gives what it was made of."""
    clone.publish('ab', hidden='a')
    assert states(clone.standings())['b'] == ('stale', 'a is missing')
    clone.work()
    assert clone.ran() == 'acd'


def test_a_parent_that_gives_something_else_makes_its_children_run(clone):
    clone.publish('ab', hidden='a')
    clone.edit(lambda steps: steps['b']['parents']['a'].update(
        {'sum.npz': '0' * 64}))
    clone.work()
    assert clone.ran() == 'abcd'


def test_what_was_taken_runs_when_more_is_needed_of_it(clone):
    clone.publish('abc', hidden='bc')
    clone.work(only=['b', 'c'])
    assert clone.ran() == ''
    clone.work()
    assert clone.ran() == 'bcd'
    assert sorted(os.listdir(os.path.join(clone.study, 'old'))) == [
        'b-1', 'c-1']


@pytest.mark.parametrize('damage, said', [
    (lambda path: open(path, 'a').close() or open(path, 'w').close(),
     'got [0-9a-f]{64}'),
    (os.unlink, 'got no such file')])
def test_a_damaged_file_is_one_line(clone, damage, said):
    clone.publish()
    path = os.path.join(clone.folder, 'results', 'c', 'note')
    damage(path)
    for attempt in (clone.standings, clone.work):
        with pytest.raises(UserError, match='c/note: expected SHA-256 [0-9a-f'
                           ']{64} as the manifest of .*%s.*--fresh' % said
                           ) as caught:
            attempt()
        assert '\n' not in str(caught.value)
    assert not os.path.exists(os.path.join(clone.study, 'a'))
    assert set(states(clone.work(fresh=True)).values()) == {DONE}
    assert clone.ran() == 'abcd'


@pytest.mark.parametrize('content', [
    '{', '[]', '{"format": "song2017-published/0"}',
    '{"format": "song2017-published/1", "steps": {"a": {"files": 1}}}',
    '{"format": "song2017-published/1", "steps": []}'])
def test_a_damaged_manifest_is_one_line(clone, content):
    clone.publish()
    with open(os.path.join(clone.folder, 'results', MANIFEST), 'w') as stream:
        stream.write(content)
    with pytest.raises(UserError, match='%s: expected a manifest.*--fresh'
                       % MANIFEST) as caught:
        clone.standings()
    assert '\n' not in str(caught.value)
    assert set(states(clone.standings(fresh=True)).values()) == {NEW}


def test_fresh_takes_nothing_and_sets_aside_what_was_taken(clone):
    clone.publish()
    clone.work(only=['a'])
    assert set(states(clone.standings(fresh=True)).values()) == {
        ('missing', 'by --fresh')}
    clone.work(fresh=True)
    assert clone.ran() == 'abcd'
    assert len(os.listdir(os.path.join(clone.study, 'old'))) == 4
    clone.work(fresh=True)
    assert clone.ran() == 'abcd'                         # ours stay


def test_a_step_that_is_redone_is_not_taken(clone):
    clone.publish()
    assert states(clone.standings(redo=['d']))['d'] == (
        'missing', 'by --redo')
    clone.work(redo=['d'])
    assert clone.ran() == 'd'


def test_a_folder_of_the_study_is_its_own(clone):
    clone.publish()
    os.makedirs(os.path.join(clone.study, 'b'))
    assert states(clone.standings())['b'] == NEW


@pytest.mark.parametrize('fresh', [False, True])
def test_a_kill_while_copying_loses_nothing(clone, fresh):
    clone.publish()
    entry = read_manifest(clone.folder, 'results')['a']
    stamp = offered({'a': entry}, make_steps(), clone.study)['a']
    process = subprocess.run(
        [sys.executable, '-c', 'import json, os, shutil, signal, sys\n'
         'from study.published import take\n'
         'def copy(source, target):\n'
         '    open(target, "w").close()\n'
         '    os.kill(os.getpid(), signal.SIGKILL)\n'
         'shutil.copyfile = copy\n'
         'take(*json.loads(sys.argv[1]))\n', json.dumps(
             [clone.study, clone.folder, entry['files'], stamp])], cwd=ROOT)
    assert process.returncode == -signal.SIGKILL
    assert os.path.exists(stamp_path(clone.study, 'a'))
    assert not os.path.exists(os.path.join(clone.study, 'a'))
    assert read_stamps(clone.study, make_steps()) == {}
    # A study's folder is made by its settings.
    with open(os.path.join(clone.study, 'study.json'), 'w') as stream:
        json.dump({'format': 'song2017-study/1', 'settings': SETTINGS},
                  stream)
    assert set(states(clone.work(fresh=fresh)).values()) == {DONE}
    assert clone.ran() == ('abcd' if fresh else '')


def test_a_damaged_copy_is_one_line(clone):
    clone.publish()
    clone.work()
    with open(os.path.join(clone.study, 'b', 'sum.npz'), 'a') as stream:
        stream.write('0')
    with pytest.raises(UserError, match='b/sum.npz: expected SHA-256 .* as '
                       'its stamp says'):
        clone.standings()


def test_a_copy_may_be_taken_by_hand(clone):
    clone.publish('a')
    entry = read_manifest(clone.folder, 'results')['a']
    stamp = offered({'a': entry}, make_steps(), clone.study)['a']
    take(clone.study, clone.folder, entry['files'], stamp)
    assert read_stamps(clone.study, make_steps()) == {'a': stamp}


@pytest.mark.parametrize('name', PAPERS)
def test_the_published_results_are_those_of_their_manifest(name):
    paper = declaration(name)
    entries = read_manifest(ROOT, paper.options.folder)
    for entry in entries.values():
        check_files(ROOT, entry['files'])
        assert set(map(os.path.basename, entry['files'])) & set(
            entry['results'])
    listed = {path for entry in entries.values() for path in entry['files']}
    for step in paper.make_plan(dict(paper.options.full, quick=False)):
        for path in targets(paper.options.folder, step):
            assert path in listed or not os.path.exists(
                os.path.join(ROOT, path)), 'not in the manifest: ' + path


@pytest.mark.parametrize('name, done', [
    ('song', 20), ('bang', 92)])
def test_a_clone_has_the_published_steps_done(tmp_path, name, done):
    """Less what figure 3's snapshots make run, and 50 samples that were
    meant to be 100."""
    paper = declaration(name)
    steps = paper.make_plan(dict(paper.options.full, quick=False))
    standings = look_ahead(str(tmp_path), steps, ROOT, paper.options.folder,
                           options()).standings
    found = [step.name for step in steps
             if standings[step.name].state == 'done']
    assert len(found) >= done
    if name == 'song':
        assert {'models/seed0/distill', 'attacks/seed0/algorithm2-paper',
                'models/seed1/std', 'explorer'} <= set(found)
    else:
        assert 'attacks/seed1/B1' in found
        assert standings['models/seed0/B1'].why == 'not published: snapshots'
