"""The attack run itself, on a campaign that is no paper's."""

import json
import os
from argparse import Namespace

import numpy as np
import pytest
from script_runner import USER_FLAGS
from tiny_campaign import CAMPAIGN, CLASSES, KILLED_AT, PIXELS, SHAPE, TINY

import data
from attacking.session import run
from errors import UserError
from storage.atomic import write_json
from storage.attack_file import ARRAYS, BLOCKS, RESULTS
from storage.model_file import read_npz, write_weights

COUNT, STRENGTHS = 25, [2, 60]
ARGS = Namespace(
    models=None, out='run', data_dir=None, device='cpu', threads=1,
    ops='theano', samples=20, indices=None, seed=3, strengths=STRENGTHS,
    block=8)
#: In the order of computing.
KEYS = ('a/forwards', 'a/backwards', 'b/forwards', 'b/backwards',
        'a/exactly', 'b/exactly')


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A folder with two linear models, and data that they were trained on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('THEANO_FLAGS', USER_FLAGS)
    draw = np.random.RandomState(0)
    images = draw.randint(0, 256, (COUNT,) + SHAPE).astype(np.uint8)
    weights = draw.randn(PIXELS, CLASSES)
    labels = (images.reshape(COUNT, -1) @ weights).argmax(axis=1)
    labels[::6] = (labels[::6] + 1) % CLASSES
    part = data.Part(images, labels.astype(np.uint8))
    monkeypatch.setitem(data.LABELS, 'tiny', 'tiny images')
    monkeypatch.setattr(data, 'load', lambda name, directory: data.Dataset(
        name, 'nowhere', '0' * 64, part, part, part))
    for name, scale in (('a', 1.), ('b', .5)):
        digest = write_weights(
            str(tmp_path / name / 'weights.npz'),
            {'W': weights * scale + .1 * scale * draw.randn(*weights.shape)},
            name)
        write_json(str(tmp_path / name / 'run.json'), {
            'format': TINY.format, 'status': 'finished', 'title': name,
            'architecture': 'linear', 'arguments': {},
            'data': {'name': 'tiny', 'checksum': '0' * 64},
            'machine': {'device': 'cpu', 'threads': 1},
            'weights_sha256': digest})
    return tmp_path


def attack(**changes):
    """Run the campaign; its exit code."""
    given = dict(vars(ARGS), models=['a', 'b'], **changes)
    return run(CAMPAIGN, Namespace(**given), set())


def results(folder):
    with open(os.path.join(folder, RESULTS)) as stream:
        return json.load(stream), read_npz(os.path.join(folder, ARRAYS))


def test_records_of_every_image_at_every_strength(lab, capsys):
    assert attack() == 0
    found, arrays = results('run')
    assert found['title'] == 'shifts of tiny images'
    assert found['identity']['arguments'] == {
        'strengths': STRENGTHS, 'block': 8, 'samples': 20}
    assert set(found['machine']) == {'float32', 'float64'}
    assert found['machine']['float32']['blocks'] == {
        'a': [8, 8, 4, 8, 8, 4], 'b': [8, 8, 4, 8, 8, 4]}
    weak, strong = found['tables']
    assert (weak['strength'], strong['strength']) == tuple(STRENGTHS)
    for table, column in ((weak, 0), (strong, 1)):
        for row in table['rows']:
            success = arrays[row['of'] + '/success']
            assert success.shape == (20, 2) and success.dtype == bool
            assert row['fooled'] == success[:, column].sum()
            assert 10 <= row['attacked'] < 20
    assert tuple(row['of'] for row in weak['rows']) == KEYS
    first = strong['rows'][0]
    assert weak['rows'][0]['fooled'] < first['fooled'] == first['attacked']
    out = capsys.readouterr().out
    assert found['report'] in out and 'by 60 grey levels' in out
    assert sorted(os.listdir('run')) == ['.lock', RESULTS, ARRAYS,
                                         'shown.txt']
    assert attack() == 0
    assert 'run is finished: nothing to do' in capsys.readouterr().out


def test_a_killed_worker_loses_its_block_alone(lab, monkeypatch):
    assert attack(out='whole') == 0
    for before in ('1', '2'):     # the second time, blocks are there already
        monkeypatch.setenv(KILLED_AT, before)
        with pytest.raises(UserError, match='computes in float32 was ended '
                           'by SIGKILL'):
            attack()
    assert not os.path.exists(os.path.join('run', ARRAYS))
    names = [name for _, _, names in os.walk(os.path.join('run', BLOCKS))
             for name in names if name.startswith('block-')]
    assert len(names) == 3
    monkeypatch.delenv(KILLED_AT)
    assert attack() == 0
    (one, arrays), (two, again) = results('whole'), results('run')
    assert sum(two['machine']['float32']['blocks']['a']) == 40 - 8 - 8 - 4
    assert two['tables'] == one['tables'] and two['report'] == one['report']
    assert set(arrays) == set(again)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, again[name], name)


def test_blocks_of_any_size_give_the_same_records(lab):
    assert attack(out='small') == attack(out='large', block=100) == 0
    small, large = results('small')[1], results('large')[1]
    assert all(np.array_equal(array, large[name])
               for name, array in small.items())


def test_other_strengths_are_another_run(lab):
    attack()
    with pytest.raises(UserError, match='holds one of other arguments '
                       'strengths'):
        attack(strengths=[1])


def test_models_and_a_folder_by_default(lab):
    with pytest.raises(UserError, match='expected models in runs/tiny, found '
                       'none: train some with python train_tiny.py'):
        run(CAMPAIGN, ARGS, set())
    assert attack(out=None) == 0
    assert os.path.exists(os.path.join('tiny-tiny', RESULTS))
