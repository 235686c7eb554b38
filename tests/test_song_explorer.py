"""Recorded attacks: what is in them is what the attacks did."""

import os
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from toy_explorer import ALGORITHMS, CLASSES, LIMIT, write_toy_explorer

from attacking.campaign import Run, Samples
from attacking.session import conclude
from data import digits
from errors import UserError
from papers.song.explorer_campaign import CAMPAIGN, candidates
from papers.song.explorer_embedding import embed, in_turn
from papers.song.explorer_recording import choose, map_steps, relative
from papers.song.explorer_store import ARRAYS, read_explorer
from storage.attack_file import check_stopped


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    path = str(tmp_path_factory.mktemp('explorer'))
    write_toy_explorer(path)
    return path


@pytest.mark.parametrize('algorithm', ALGORITHMS)
def test_the_last_answer_is_the_outcome(folder, algorithm):
    explorer = read_explorer(folder)
    key = ('std', 'float32', algorithm)
    run, outcome = explorer.run(*key), explorer.outcome(*key)
    rows = np.arange(len(outcome.label))
    assert np.array_equal(run['answers'][rows, outcome.steps],
                          outcome.prediction)
    assert np.all(np.isnan(run['logits'][0, outcome.steps[0] + 1:]))
    assert np.all((run['answers'] >= 0) == ~np.isnan(run['logits'][..., 0]))
    assert np.all(outcome.success == (
        outcome.clean_correct & (outcome.prediction != outcome.label)))


def test_the_map_ranks_the_pixels_that_were_taken(folder):
    explorer = read_explorer(folder)
    run = explorer.run('std', 'float32', 1)
    first = run['order'][:, 0]
    assert np.all(run['map'][np.arange(CLASSES), 0, first]
                  == run['map'][:, 0].max(axis=1))
    rebuilt = explorer.run('std', 'float32', 4)
    assert np.all(rebuilt['step'][:, 0] == 0)
    for row in range(CLASSES):
        for k, step in enumerate(rebuilt['step'][row]):
            used = rebuilt['order'][row, :max(step, 0)]
            best = rebuilt['map'][row, k].astype(float)
            best[used] = -np.inf
            if step >= 0:
                assert best[rebuilt['order'][row, step]] == best.max()


def test_large_logits_leave_float32_with_nothing(folder):
    explorer = read_explorer(folder)
    assert np.all(explorer.outcome('std-T20', 'float32', 1).nonzero == 0)
    assert np.all(explorer.run('std-T20', 'float32', 1)['scale'] == 0)
    assert np.all(explorer.run('std-T20', 'logodds', 1)['scale'] > 0)


@pytest.mark.parametrize('values, logarithmic', [
    ([1e-38, -5e-39, 0.], False), ([-300.5, -np.inf, -310.], True)])
def test_maps_keep_three_digits_at_any_size(values, logarithmic):
    found, scale = relative(np.array(values), logarithmic)
    found = found.astype('f2').astype(float)
    again = found + scale if logarithmic else found * scale
    assert np.allclose(again, values, rtol=1e-3)


def test_maps_are_spread_over_a_run():
    assert list(map_steps(0, 8)) == list(map_steps(1, 8)) == [0]
    assert list(map_steps(5, 8)) == [0, 1, 2, 3, 4]
    assert len(map_steps(100, 8)) == 8 and map_steps(100, 8)[-1] == 99


def test_digits_that_all_models_classify_correctly_come_first():
    labels = np.repeat(np.arange(3), 50)
    rows = candidates(labels, 2, 7)
    assert list(np.bincount(labels[rows])) == [20, 20, 20]
    assert list(rows) == list(candidates(labels, 2, 7))
    y = labels[rows]
    wrong = y.copy()
    wrong[:20:2] = 9          # class 0: only odd rows are
    wrong[20:40] = 9          # class 1: none is
    models = {name: SimpleNamespace(
        predict=lambda x, answers=answers: answers[(256 * x).astype(int)],
        dtype='float32') for name, answers in (('a', y), ('b', wrong))}
    samples = Samples(np.arange(len(rows), dtype=np.uint8), y, rows)
    taken = choose(models, samples, {'digits': 2, 'batch': 1024})
    assert list(taken) == [1, 3, 20, 21, 40, 41]
    every = choose(models, samples, {'digits': None})
    assert list(every) == list(range(60))


def test_the_page_gets_one_sample_of_each_class_first(folder):
    assert in_turn([0, 0, 1, 1, 1, 2]) == [0, 2, 5, 1, 3, 4]
    explorer = read_explorer(folder)
    embedded = embed(explorer)
    assert [sample['label'] for sample in embedded['samples']] == list(
        range(CLASSES))
    assert embedded['limit'] == LIMIT
    assert embed(None) is None


@pytest.mark.parametrize('name, text', [
    ('explorer.json', 'explore.py again'), ('explorer.npz', 'SHA-256')])
def test_damage_is_one_line(folder, tmp_path, name, text):
    copy = str(tmp_path / 'copy')
    shutil.copytree(folder, copy)
    with open(os.path.join(copy, name), 'r+b') as stream:
        stream.write(b'x')
    with pytest.raises(UserError, match=text):
        read_explorer(copy)
    assert read_explorer(str(tmp_path / 'none')) is None


RUN, OTHER = '1' * 64, '2' * 64   # identities


@pytest.mark.parametrize('files, foreign', [
    ([], None), (['blocks/%s/offered.npz' % OTHER], None),
    (['blocks/%s/taken.npz' % RUN, 'explorer.npz'], None),
    (['blocks/%s/offered.npz' % OTHER, 'explorer.npz'], 'explorer.npz'),
    (['blocks/wood.jpg'], 'blocks'), (['thesis.tex'], 'thesis.tex'),
    (['attack.json', 'blocks/block-1.npz'], 'attack.json')])
def test_only_stopped_runs_of_its_own_are_built_on(tmp_path, files, foreign):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('theirs')
    blocks = str(tmp_path / 'blocks' / RUN)
    if foreign is None:
        check_stopped(str(tmp_path), blocks, ARRAYS, '')
        return
    with pytest.raises(UserError, match='found %s in it: choose' % foreign):
        check_stopped(str(tmp_path), blocks, ARRAYS, '')


@pytest.mark.parametrize('other', [True, False])
def test_only_its_own_blocks_are_taken_away(tmp_path, other):
    samples = Samples(np.zeros((1, 1, 28, 28), np.uint8), np.zeros(1, int),
                      np.zeros(1, int))
    plan = {'folder': str(tmp_path / 'blocks' / RUN)}
    os.makedirs(plan['folder'])
    if other:
        (tmp_path / 'blocks' / OTHER).mkdir()
    conclude(CAMPAIGN, {'title': '', 'command': '', 'identity': {}}, plan, Run(
        str(tmp_path), '', '', {'algorithms': [], 'arithmetics': [],
                                'limit': 1, 'variant': ''},
        'cpu', {}, digits.load(), samples, {}, {}, {}))
    assert read_explorer(str(tmp_path)).about['test_indices'] == [0]
    assert not os.path.exists(plan['folder'])
    assert (tmp_path / 'blocks').exists() == other


@pytest.mark.compiled
def test_the_script_records_what_the_attack_does(models):
    command = ('explore.py', '--models', 'runs/std', '--algorithm', 1, 2,
               '--arithmetic', 'float32', '--limit', 6,
               '--out', 'explored', '--threads', 1)
    out = models.succeed(*command)
    assert 'wrote explored' in out
    explorer = read_explorer(models.path('explored'))
    assert explorer.about['labels'] == list(range(10))
    outcome = explorer.outcome('std', 'float32', 2)
    frames = outcome.frames(0, explorer.images[0], [int(outcome.steps[0])])
    assert np.array_equal(frames[0], outcome.adversarial[0])
    assert sorted(os.listdir(models.path('explored'))) == [
        '.lock', 'explorer.json', 'explorer.npz']
    assert 'nothing to do' in models.succeed(*command)
    assert 'one of other arguments limit' in models.fail(*command[:-5], 7,
                                                         *command[-4:])
