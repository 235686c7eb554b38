"""Models on disk: what is written is read; nothing else is accepted."""

import json
import os
import pickle

import numpy as np
import pytest
from run_description import DESCRIPTION
from script_runner import ROOT

from errors import UserError
from papers.bang.run_format import BANG
from papers.song.run_format import ARCHITECTURE, ENTRIES, SHAPES, SONG
from storage.model_file import (
    checksum,
    load_model,
    read_npz,
    read_weights,
    write_weights,
)
from storage.run_description import read_description


def weights(dtype=np.float32):
    generator = np.random.RandomState(0)
    return {name: generator.randn(*shape).astype(dtype)
            for name, shape in SHAPES.items()}


@pytest.fixture
def run(tmp_path):
    """A run folder with a finished model."""
    digest = write_weights(str(tmp_path / 'weights.npz'), weights(), 'a test')
    describe(tmp_path, weights_sha256=digest)
    return tmp_path


def describe(folder, **changes):
    description = DESCRIPTION
    path = folder / 'run.json'
    if path.exists():
        description = json.loads(path.read_text())
    path.write_text(json.dumps(dict(description, **changes)))


def test_a_model_comes_back_from_its_folder_or_its_file(run):
    for path in (str(run), str(run / 'weights.npz')):
        model = load_model(path, SONG)
        assert model.temperature == 20.
        assert model.dataset == 'digits'
        for name, array in weights().items():
            np.testing.assert_array_equal(model.weights[name], array)


def test_no_folder_no_description_no_weights(tmp_path, run):
    with pytest.raises(UserError, match='expected a run folder'):
        load_model(str(tmp_path / 'nowhere'), SONG)
    os.unlink(str(run / 'weights.npz'))
    with pytest.raises(UserError, match='expected a file of arrays'):
        load_model(str(run), SONG)


@pytest.mark.parametrize('status, words', [
    ('running', 'unfinished: continue it'),
    ('interrupted', 'unfinished: continue it'),
    ('plateau', 'still on the plateau.*more --epochs'),
    ('diverged', 'NaN.*smaller learning rate')])
def test_an_unfinished_run_is_no_model(run, status, words):
    description = json.loads((run / 'run.json').read_text())
    del description['weights_sha256']
    (run / 'run.json').write_text(json.dumps(dict(description,
                                                  status=status)))
    with pytest.raises(UserError, match=words):
        load_model(str(run), SONG)


def test_a_finished_model_that_is_being_made_longer_is_still_one(run):
    describe(run, status='running')
    assert load_model(str(run), SONG).temperature == 20.


def test_only_the_runs_own_weights_are_taken_for_them(run):
    (run / 'checkpoint.npz').write_bytes(b'')
    with pytest.raises(UserError, match='or the weights.npz in one'):
        load_model(str(run / 'checkpoint.npz'), SONG)


def test_a_description_that_lacks_what_others_read(run):
    whole = json.loads((run / 'run.json').read_text())
    for part, names in ENTRIES.items():
        for name in names:
            lacking = dict(whole, **{part: dict(whole[part])})
            del lacking[part][name]
            (run / 'run.json').write_text(json.dumps(lacking))
            with pytest.raises(UserError, match='expected %s in its %s'
                               % (name, part)):
                load_model(str(run), SONG)


@pytest.mark.parametrize('part, name, value', [
    ('arguments', 'temperature', None), ('arguments', 'temperature', 0),
    ('arguments', 'temperature', '20'), ('arguments', 'temperature', True),
    ('arguments', 'temperature', float('nan')), ('arguments', 'epochs', 2.5),
    ('arguments', 'epochs', 10 ** 20), ('arguments', 'split', 'half'),
    ('arguments', 'float64', 'no'), ('arguments', 'save_errors', None),
    ('data', 'name', ['mnist']), ('data', 'checksum', None),
    ('machine', 'threads', 0), ('machine', 'ops', 'fast'),
    ('test', 'accuracy', 'high'), ('distillation', 'labels_sha256', 1),
    ('', 'title', None), ('', 'status', 3), ('', 'resumed', None),
    ('', 'weights_sha256', []), ('', 'machine', []), ('', 'data', 'x')])
def test_an_entry_of_another_kind_is_named(run, part, name, value):
    said = json.loads((run / 'run.json').read_text())
    where = said.setdefault(part, {}) if part else said
    where[name] = value
    (run / 'run.json').write_text(json.dumps(said))
    with pytest.raises(UserError, match='run.json: expected .* as %s in its '
                       '%s, got ' % (name, part or 'entries')):
        load_model(str(run), SONG)


@pytest.mark.parametrize('architecture', [None, [ARCHITECTURE], {}, 1, 'x'])
def test_an_architecture_that_is_none(run, architecture):
    describe(run, architecture=architecture)
    with pytest.raises(UserError, match='a model of architecture song'):
        load_model(str(run), SONG)


def test_a_title_is_needed(run):
    said = json.loads((run / 'run.json').read_text())
    del said['title']
    (run / 'run.json').write_text(json.dumps(said))
    with pytest.raises(UserError, match='expected title in its entries'):
        load_model(str(run), SONG)


def test_arguments_of_another_systems_training_may_be_null(tmp_path):
    folder = os.path.join(ROOT, 'weights', 'bang-R0')
    said = read_description(folder, BANG)
    said['arguments'] = dict.fromkeys(said['arguments'], None)
    del said['arguments']['save_errors']
    for imported in ({'imported': {'name': 'r0.h5'}}, {}):
        (tmp_path / 'run.json').write_text(json.dumps(dict(said, **imported)))
        if imported:
            read_description(str(tmp_path), BANG)
    with pytest.raises(UserError, match='as net in its arguments, got null'):
        read_description(str(tmp_path), BANG)


def test_all_published_descriptions_are_right():
    found = 0
    for part in ('weights', 'results'):
        for folder, _, files in os.walk(os.path.join(ROOT, part)):
            if 'run.json' in files:
                place = os.path.relpath(folder, ROOT)
                read_description(folder, BANG if 'bang' in place else SONG)
                found += 1
    assert found > 50


@pytest.mark.parametrize('text', ['', '{', '[]', '{}', '"x"',
                                  '{"format": "other/1"}'])
def test_a_description_that_is_none(run, text):
    (run / 'run.json').write_text(text)
    with pytest.raises(UserError, match='run.json: expected'):
        load_model(str(run), SONG)


def test_changed_weights_do_not_pass_for_the_described_ones(run):
    other = weights()
    other['conv1.b'] += 1
    write_weights(str(run / 'weights.npz'), other, 'another')
    with pytest.raises(UserError, match='expected SHA-256'):
        load_model(str(run), SONG)


def test_another_architecture_is_named(tmp_path):
    path = str(tmp_path / 'weights.npz')
    other = weights()
    other['dense1.W'] = other['dense1.W'][:, :100]
    write_weights(path, other, 'narrow')
    with pytest.raises(UserError, match=r'dense1.W of shape \(1024, 200\), '
                       r'got \(1024, 100\).*another architecture'):
        read_weights(path, SHAPES)
    other = dict(weights(), extra=np.zeros(3))
    write_weights(path, other, 'more')
    with pytest.raises(UserError, match='extra .*no such array'):
        read_weights(path, SHAPES)


def test_weights_that_are_no_numbers(tmp_path):
    path = str(tmp_path / 'weights.npz')
    bad = weights()
    bad['conv3.W'][0, 0, 0, 0] = np.nan
    write_weights(path, bad, 'nan')
    with pytest.raises(UserError, match='conv3.W holds NaN'):
        read_weights(path, SHAPES)
    bad['conv3.W'] = bad['conv3.W'].astype(np.int32)
    write_weights(path, bad, 'integers')
    with pytest.raises(UserError, match='expected floats in conv3.W'):
        read_weights(path, SHAPES)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ('exploded',)


def test_a_pickle_is_refused_and_never_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / 'weights.npz')
    with open(path, 'wb') as stream:
        np.savez(stream, **dict(weights(), **{
            'conv1.W': np.array([Bomb()], dtype=object)}))
    with pytest.raises(UserError, match='expected an .npz of plain arrays'):
        read_weights(path, SHAPES)
    with open(path, 'wb') as stream:
        pickle.dump(Bomb(), stream)
    with pytest.raises(UserError, match='expected an .npz of plain arrays'):
        read_weights(path, SHAPES)
    assert not os.path.exists('exploded')


def test_damaged_files_are_refused_in_one_line(run):
    path = str(run / 'weights.npz')
    with open(path, 'rb') as stream:
        good = stream.read()
    generator = np.random.RandomState(1)
    for attempt in range(40):
        bad = bytearray(good)
        if attempt % 2:
            bad = bad[:generator.randint(len(bad))]
        else:
            bad[generator.randint(len(bad))] ^= 1 << generator.randint(8)
        with open(path, 'wb') as stream:
            stream.write(bad)
        with pytest.raises(UserError, match='SHA-256') as caught:
            load_model(str(run), SONG)
        assert '\n' not in str(caught.value)


def test_damaged_headers_are_refused_in_one_line(tmp_path):
    """Bit flips where NPY and zip headers are: the central directory too."""
    path = str(tmp_path / 'arrays.npz')
    with open(path, 'wb') as stream:
        np.savez(stream, a=np.arange(3.), b=np.ones((2, 2), np.float32))
    with open(path, 'rb') as stream:
        good = stream.read()
    refused = 0
    for place in range(len(good)):
        bad = bytearray(good)
        bad[place] ^= 1 << place % 8
        with open(path, 'wb') as stream:
            stream.write(bad)
        try:
            read_npz(path)
        except UserError as error:
            assert '\n' not in str(error)
            refused += 1
    assert refused > len(good) / 4


def test_the_checksum_is_that_of_the_bytes(run):
    import hashlib
    content = (run / 'weights.npz').read_bytes()
    assert checksum(str(run / 'weights.npz')) == hashlib.sha256(
        content).hexdigest()
