"""--publish copies what is done, and that alone."""

import argparse
import os

import pytest

from errors import UserError
from papers.song.paper import PAPER
from papers.song.plan import make_plan
from papers.song.settings import FULL, OPTIONS, QUICK
from study import session
from study.published import publish, read_manifest
from study.settings import notice
from study.stamp import Standing

DONE = Standing('done', '', {
    'outcome': 'finished', 'arguments': [], 'code': 'c' * 64, 'results': {},
    'parents': {}, 'seconds': 1., 'made_by': {'commit': None,
                                              'versions': {}}})
MISSING = Standing('missing')
PLATEAU = Standing('done', '', {'outcome': 'plateau'})


def study_of(folder, done, others=MISSING):
    """A study's folder in which the steps of some names are done."""
    steps = make_plan(dict(FULL, seeds=2, quick=False))
    standings = {step.name: DONE if step.name in done else others
                 for step in steps}
    for name in done:
        (folder / name).mkdir(parents=True)
        for file in ('run.json', 'history.json', 'weights.npz', 'curve.png',
                     'attack.json', 'attack.npz', 'explorer.json',
                     'explorer.npz'):
            (folder / name / file).write_text('%s of %s' % (file, name))
    return steps, standings


def test_what_is_done_is_copied(tmp_path):
    study, root = tmp_path / 'study', tmp_path / 'root'
    steps, standings = study_of(study, [
        'models/seed0/std', 'models/seed1/std-T20', 'explorer',
        'attacks/seed0/algorithm2-paper', 'attacks/seed1/algorithm2-paper',
        'sweep/fixed/T1'])
    written = publish(str(study), steps, standings, str(root), PAPER)
    assert written == [
        'results/attacks/seed0/algorithm2-paper/attack.json',
        'results/attacks/seed1/algorithm2-paper/attack.json',
        'results/explorer/explorer.json', 'results/explorer/explorer.npz',
        'results/models/seed0/std/history.json',
        'results/models/seed0/std/run.json',
        'results/models/seed1/std-T20/history.json',
        'results/models/seed1/std-T20/run.json',
        'weights/seed1/std-T20/run.json', 'weights/seed1/std-T20/weights.npz',
        'weights/std/run.json', 'weights/std/weights.npz',
        'results/manifest.json']
    for name in written:
        assert (root / name).is_file()
    assert (root / 'weights' / 'std' / 'weights.npz').read_text() == (
        'weights.npz of models/seed0/std')
    found = [os.path.relpath(os.path.join(place, file), str(root))
             for place, _, files in os.walk(str(root)) for file in files]
    assert sorted(found) == sorted(written)
    entries = read_manifest(str(root), 'results')
    assert sorted(sum((list(entry['files']) for entry in entries.values()),
                      [])) == written[:-1]


@pytest.mark.parametrize('others', [
    MISSING, Standing('stale', 'other code'), PLATEAU])
def test_nothing_else_is(tmp_path, others):
    steps, standings = study_of(tmp_path, [], others)
    with pytest.raises(UserError, match='expected finished steps'):
        publish(str(tmp_path), steps, standings, str(tmp_path / 'root'),
                PAPER)
    assert not (tmp_path / 'root').exists()


@pytest.mark.parametrize('changed, said', [
    (dict(QUICK['digits'], quick=True), 'QUICK STUDY, .* digits'),
    (dict(QUICK['mnist'], quick=True), 'QUICK STUDY, .* MNIST'),
    ({'dataset': 'digits'}, 'SMALL STUDY'), ({'epochs': 5}, 'SMALL .* 5 ep'),
    ({'epochs': 100}, 'OTHER STUDY'), ({'samples': 10}, 'SMALL STUDY')])
def test_a_study_of_other_settings_is_not_published(
        tmp_path, monkeypatch, changed, said):
    monkeypatch.setattr(session, 'publish', None)
    settings = dict(dict(FULL, quick=False), **changed)
    study = session.Study(PAPER, str(tmp_path), settings,
                          argparse.Namespace(publish=True))
    with pytest.raises(UserError, match='--publish: .* got ' + said):
        session.work(study, None)


def test_more_samples_and_seeds_are_no_other_study():
    more = {'samples': 2000, 'seeds': 5, 'temperatures': (1,), 'samples4': 50}
    assert notice(OPTIONS, dict(FULL, quick=False, **more)) == ''
