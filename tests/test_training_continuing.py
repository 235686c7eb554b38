"""A run without its checkpoint is never trained from nothing."""

import json
import os
import shutil

import pytest
from script_runner import ROOT

from errors import UserError
from papers.bang.run_format import ENTRIES
from papers.song.run_format import SONG
from storage.run_folder import RunFolder
from training.script import check_checkpoint, is_complete, lengthen

DONE = {'status': 'finished', 'weights_sha256': '0' * 64}


def make_run(folder, description, files=()):
    """A run folder with some files in it."""
    for name in files:
        (folder / name).write_text('')
    return RunFolder(str(folder), dict({'arguments': {'epochs': 50}},
                                       **description), SONG)


@pytest.mark.parametrize('description, files, complete', [
    (DONE, ['checkpoint.npz', 'confusion.png'], True),
    (DONE, ['weights.npz'], True), (DONE, [], True),
    (DONE, ['checkpoint.npz'], False),   # killed before its last file
    ({'status': 'interrupted'}, ['checkpoint.npz'], False)])
def test_what_is_complete(tmp_path, description, files, complete):
    assert is_complete(make_run(tmp_path, description, files)) == complete


@pytest.mark.parametrize('description, files', [
    ({'status': 'running'}, []), ({'status': 'diverged'}, []),
    ({'status': 'running'}, ['distilled_labels.npz']),
    (DONE, ['checkpoint.npz']),
    ({'status': 'plateau'}, ['checkpoint.npz', 'history.json'])])
def test_what_can_go_on(tmp_path, description, files):
    check_checkpoint(make_run(tmp_path, description, files))


@pytest.mark.parametrize('description, files', [
    ({'status': 'running'}, ['history.json']), ({'status': 'plateau'}, []),
    ({'status': 'interrupted'}, []), (dict(DONE, status='running'), []),
    ({'status': 'running', 'imported': {}}, [])])
def test_what_has_lost_its_checkpoint(tmp_path, description, files):
    with pytest.raises(UserError, match='checkpoint.npz: .* found none'):
        check_checkpoint(make_run(tmp_path, description, files))


def test_a_finished_run_without_it_cannot_be_made_longer(tmp_path):
    run = make_run(tmp_path, DONE)
    lengthen(run, 'epochs', 50)
    assert is_complete(run)
    lengthen(run, 'epochs', 51)
    assert not is_complete(run)
    with pytest.raises(UserError, match='cannot be continued'):
        check_checkpoint(run)


@pytest.mark.parametrize('script, model, longer', [
    ('mnist_cnn.py', 'weights/std', '--epochs'),
    ('distill.py', 'weights/distill', '--epochs'),
    ('mnist_cnn.py', 'results/models/seed0/std', '--epochs'),
    ('bang.py', 'weights/bang-R0', '--iterations')])
def test_published_models_stay_as_they_are(scripts, script, model, longer):
    copy = scripts.path('copy')
    shutil.copytree(os.path.join(ROOT, model), copy)
    before = sorted(os.listdir(copy))
    assert scripts.succeed(script, '--resume', 'copy') == (
        'copy is finished: nothing to do\n')
    assert 'cannot be continued' in scripts.fail(
        script, '--resume', 'copy', longer, 40000)
    assert sorted(set(os.listdir(copy)) - {'.lock'}) == before
    for name in before:
        with open(os.path.join(copy, name), 'rb') as ours, open(
                os.path.join(ROOT, model, name), 'rb') as theirs:
            assert ours.read() == theirs.read()


def test_an_imported_model_stays_as_it_is(scripts):
    copy = scripts.path('copy')
    shutil.copytree(os.path.join(ROOT, 'weights/bang-R0'), copy)
    with open(os.path.join(copy, 'run.json'), 'r+') as stream:
        about = json.load(stream)
        about['imported'] = {'name': 'r0.caffemodel.h5', 'sha256': '0' * 64}
        about['arguments'] = dict(dict.fromkeys(ENTRIES['arguments']),
                                  net='lenet', float64=False)
        stream.seek(0)
        json.dump(about, stream)
        stream.truncate()
    assert scripts.succeed('bang.py', '--resume', 'copy') == (
        'copy is finished: nothing to do\n')
    assert 'cannot be continued' in scripts.fail(
        'bang.py', '--resume', 'copy', '--iterations', 20000)
