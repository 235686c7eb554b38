"""import_caffe.py and attack_bang.py as a user types them."""

import json
import os
import time

import caffe_files
import numpy as np
import pytest
from script_runner import Scripts

from attacks.directions import LAST_SIGN
from papers.bang.attack import COLUMNS
from papers.bang.attack_names import ATTACKS, HC1
from storage.atomic import write_npz
from storage.attack_file import ARRAYS, BLOCKS, RESULTS
from storage.identity import closure
from storage.model_file import read_npz

DIGITS = 397  # of the test part
COMMAND = ('attack_bang.py', '--models', 'runs/model', '--last', 40,
           '--pictures', 2)


@pytest.fixture(scope='module')
def lab(tmp_path_factory):
    """Scripts run beside a LeNet, of random weights, for digits."""
    session = Scripts(tmp_path_factory.mktemp('attack_bang'))
    caffe_files.write(session.path('weights.h5'),
                      caffe_files.blobs(caffe_files.LENET))
    session.printed = session.succeed(
        'import_caffe.py', 'weights.h5', '--dataset', 'digits', '--out',
        'runs/model', '--model', 'R0')
    return session


@pytest.fixture(scope='module')
def whole(lab):
    """An undisturbed run; what it printed."""
    return lab.succeed(*COMMAND, '--out', 'whole')


def read(lab, folder):
    """attack.json and attack.npz of a run."""
    with open(lab.path(folder, RESULTS)) as stream:
        results = json.load(stream)
    with np.load(lab.path(folder, ARRAYS)) as arrays:
        return results, {name: arrays[name] for name in arrays.files}


@pytest.mark.compiled
def test_an_imported_model_is_a_tested_run(lab):
    with open(lab.path('runs', 'model', 'run.json')) as stream:
        description = json.load(stream)
    assert description['status'] == 'finished'
    assert description['architecture'] == 'lenet'
    assert description['imported']['name'] == 'weights.h5'
    assert description['data']['name'] == 'digits'
    assert description['test']['samples'] == DIGITS
    assert 'digits (8x8, not MNIST)' in lab.printed


@pytest.mark.compiled
def test_records_and_table_agree(lab, whole):
    results, arrays = read(lab, 'whole')
    assert results['status'] == 'finished' and results['last'] == 40
    assert results['report'] in whole
    assert results['machine']['floatX'] == 'float32'
    assert results['git_commit']
    correct = arrays['model/clean_prediction'] == arrays['model/label']
    assert 0 < correct.sum() < DIGITS == len(correct)
    summary, = results['models']
    assert (summary['accuracy']['count'],
            summary['accuracy']['total']) == (correct.sum(), DIGITS)
    for name in ATTACKS:
        column = {key: arrays['model/%s/%s' % (name, key)]
                  for key in COLUMNS}
        fooled = column['success']
        assert not (fooled & ~correct).any() and fooled.any()
        rate = summary['attacks'][name]['rate']
        assert (rate['count'], rate['total']) == (fooled.sum(),
                                                  correct.sum())
        assert (column['step'] > 0).tolist() == fooled.tolist()
        assert column['step'].max() <= (40 if name == HC1 else LAST_SIGN)
        assert (column['l_infinity'] <= column['step']).all()
        scores = column['pass'][fooled]
        assert ((scores > -1) & (scores <= 1)).all()
        assert np.isnan(column['pass'][~fooled]).all()
        assert (column['prediction'][fooled]
                != arrays['model/label'][fooled]).all()
    with open(lab.path('whole', 'table.md')) as stream:
        assert stream.read() == results['report'] + '\n'
    assert 'paper' not in results['report']    # which is of other data
    names = sorted(os.listdir(lab.path('whole')))
    assert names == ['.lock', RESULTS, ARRAYS, 'distances-model.png',
                     'sheet-model.png', 'table.md']


@pytest.mark.compiled
def test_a_finished_run_is_not_done_again(lab, whole):
    out = lab.succeed(*COMMAND, '--out', 'whole')
    assert 'whole is finished: nothing to do' in out
    line = lab.fail(*COMMAND[:-3], 41, '--pictures', 2, '--out', 'whole')
    assert 'holds one of other arguments last (40 there, 41 here)' in line


@pytest.mark.slow
def test_a_killed_run_goes_on_as_if_nothing_had_happened(lab, whole):
    process = lab.start(*COMMAND, '--out', 'killed')
    while process.poll() is None and not blocks(lab, 'killed'):
        time.sleep(.01)
    process.kill()
    process.communicate()
    assert not os.path.exists(lab.path('killed', ARRAYS))
    marked = 0
    for path in blocks(lab, 'killed'):  # a mark that no attack would leave
        block = read_npz(path)
        block['log_odds'] += 1e6
        marked += len(block['log_odds'])
        write_npz(path, block)
    lab.succeed(*COMMAND, '--out', 'killed')
    (first, arrays), (second, again) = [read(lab, folder) for folder
                                        in ('whole', 'killed')]
    odds = again.pop('model/log_odds')
    assert np.sum(odds > 1e5) == marked > 0  # and so were not done again
    np.testing.assert_allclose(odds - 1e6 * (odds > 1e5),
                               arrays.pop('model/log_odds'), atol=1e-9)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, again[name], name)
    for part in ('identity', 'models', 'report'):
        assert first[part] == second[part]


def blocks(lab, folder):
    """Paths of the finished blocks."""
    return [os.path.join(place, name)
            for place, _, names in os.walk(lab.path(folder, BLOCKS))
            for name in names
            if name.startswith('block-') and name.endswith('.npz')]


@pytest.mark.compiled
def test_models_samples_and_data_that_cannot_be(lab):
    assert 'expected models in runs/bang-R0' in lab.fail('attack_bang.py')
    assert 'at most the 397 test samples' in lab.fail(
        *COMMAND, '--samples', 398, '--out', 'no')
    assert 'for the weights of lenet, got cifar10' in lab.fail(
        'import_caffe.py', 'weights.h5', '--dataset', 'cifar10')
    assert not os.path.exists(lab.path('no'))


@pytest.mark.parametrize('options, words', [
    (('--last', 0), 'expected a whole number from 1'),
    (('--samples', 'some'), "got 'some'"),
    (('--pictures', -1), 'expected a whole number of 0 or more')])
def test_options_out_of_range_are_usage_errors(scripts, options, words):
    assert words in scripts.fail('attack_bang.py', *options, code=2)


def test_the_two_systems_do_not_know_each_other():
    of_bang = closure('attack_bang')
    assert 'attacks.directions' in of_bang
    assert not [name for name in of_bang
                if name.startswith(('saliency', 'papers.song'))]
    of_song = closure('test1')
    assert 'saliency.attack' in of_song
    assert not [name for name in of_song if name.startswith('papers.bang')]
