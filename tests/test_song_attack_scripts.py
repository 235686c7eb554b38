"""test1.py to test4.py as a user types them: results, kills, nonsense."""

import json
import os
import shutil
import signal
import time

import numpy as np
import pytest
from PIL import Image
from script_runner import Scripts, write_foreign_modules

import data
from saliency.outcome import unpack
from storage.atomic import TEMPORARY
from storage.attack_file import ARRAYS, BLOCKS, RESULTS

SCRIPTS = {'test1.py': 1, 'test2.py': 3, 'test3.py': 2, 'test4.py': 4}
SMALL = ('--samples', 24, '--limit', 8, '--arithmetic', 'logodds',
         '--pictures', 1, '--models', 'runs/std-T5')


def read(lab, folder):
    """attack.json and attack.npz of a run."""
    with open(lab.path(folder, RESULTS)) as stream:
        results = json.load(stream)
    with np.load(lab.path(folder, ARRAYS)) as arrays:
        return results, {name: arrays[name] for name in arrays.files}


def records(arrays, model, arithmetic):
    head = '%s/%s/' % (model, arithmetic)
    return {name[len(head):]: array for name, array in arrays.items()
            if name.startswith(head)}


def wait_for_block(lab, folder, process):
    """Wait until a first block is on disk; False where the run was over."""
    while process.poll() is None:
        if any(name.startswith('block-') for name in left(lab, folder)):
            return True
        time.sleep(.01)
    return False


def left(lab, folder):
    """Names of what lies among the blocks of a run."""
    return [name for _, _, names in os.walk(lab.path(folder, BLOCKS))
            for name in names]


@pytest.fixture(scope='module')
def lab(models, tmp_path_factory):
    """Scripts run in a folder of our own with the three trained models.

    The models' folder belongs to the tests of other processes, too.
    """
    folder = tmp_path_factory.mktemp('lab')
    write_foreign_modules(folder)
    shutil.copytree(models.path('runs'), str(folder / 'runs'))
    return Scripts(folder)


@pytest.fixture(scope='module')
def three(lab):
    """A run of two models in three arithmetics; its stdout.

    At T' = 0.2 margins are five times those of the test head, as after a
    training at a high temperature.
    """
    return lab.succeed(
        'test1.py', '--models', 'runs/std', 'runs/std-T5', '--samples', 60,
        '--limit', 40, '--out', 'three', '--pictures', 2,
        '--test-temperature', .2)


@pytest.fixture(scope='module')
def whole(lab):
    """An undisturbed run in three blocks."""
    lab.succeed('test3.py', *SMALL, '--out', 'whole')
    return read(lab, 'whole')


@pytest.mark.compiled
def test_a_run_prints_table_and_verdict(three):
    assert three.count('digits (8x8, not MNIST)') == 2
    for part in ('std, float32', 'std-T5, logodds', 'Exact McNemar',
                 'Verdict', 'Failures of std-T5 less those of std',
                 'wrote three'):
        assert part in three


@pytest.mark.compiled
def test_a_run_leaves_its_records(lab, three):
    results, arrays = read(lab, 'three')
    assert results['status'] == 'finished'
    assert results['report'] in three
    assert results['identity']['arguments']['limit'] == 40
    assert set(results['machine']) == {'float32', 'float64'}
    assert results['machine']['float64']['machine']['floatX'] == 'float64'
    assert results['machine']['float32']['versions']['Theano'] == '1.0.5'
    indices = results['test_indices']
    assert len(indices) == 60 == len(set(indices))
    test = data.load('digits').test
    x = data.scale(test.images[indices], 'float32')
    for attack in results['attacks']:
        outcome = unpack(records(arrays, attack['model'],
                                 attack['arithmetic']), x)
        samples = attack['samples']
        np.testing.assert_array_equal(samples['label'], test.labels[indices])
        np.testing.assert_array_equal(samples['success'], outcome.success)
        np.testing.assert_array_equal(samples['steps'], outcome.steps)
        np.testing.assert_allclose(samples['margin'], outcome.margin)
        assert attack['curve'] == outcome.curve.tolist()
        rate = attack['summary']['rates']['all']
        assert (rate['count'], rate['total']) == (outcome.success.sum(), 60)
        assert 'digits' in str(arrays['about'])
    assert not os.path.exists(lab.path('three', BLOCKS))


@pytest.mark.compiled
def test_the_arithmetics_agree_where_margins_are_narrow(lab, three):
    """And float32 is less than log-odds where they are wide."""
    results, _ = read(lab, 'three')
    rows = {(attack['model'], attack['arithmetic']): attack['samples']
            for attack in results['attacks']}
    for model in ('std', 'std-T5'):
        u = np.array(rows[model, 'logodds']['log_odds'])
        np.testing.assert_allclose(
            u, rows[model, 'float64']['log_odds'], rtol=1e-4, atol=1e-4)
        narrow = u > -10
        agree = np.equal(rows[model, 'logodds']['success'],
                         rows[model, 'float64']['success'])
        assert narrow.any() and agree[narrow].mean() > .95
        wide = (u < -20) & np.array(rows[model, 'float64']['success'])
        assert wide.any()
        lost = wide & ~np.array(rows[model, 'float32']['success'])
        assert lost.any()


@pytest.mark.compiled
def test_pictures_name_the_data_and_open(lab, three):
    names = os.listdir(lab.path('three'))
    pictures = [name for name in names if name.endswith('.png')]
    assert len(pictures) == 5 + 2 * 6
    for name in pictures:
        with Image.open(lab.path('three', name)) as image:
            assert image.size[0] >= 900, name
            assert 'digits (8x8, not MNIST)' in image.text['Title'], name
    for name in (name for name in names if name.endswith('.txt')):
        with open(lab.path('three', name)) as stream:
            text = stream.read()
        assert text.startswith('Algorithm 1 on digits (8x8, not MNIST), ')
        assert ('mean log10 |gradient|:' if 'logodds' in name
                else 'mean gradient:') in text
        assert 'max' in text and 'Perturbed:' in text


@pytest.mark.compiled
def test_a_finished_run_is_only_shown(lab, three):
    path = lab.path('three', RESULTS)
    before = os.stat(path).st_mtime_ns
    out = lab.succeed(
        'test1.py', '--models', 'runs/std', 'runs/std-T5', '--samples', 60,
        '--limit', 40, '--out', 'three', '--pictures', 2,
        '--test-temperature', .2)
    assert 'is finished: nothing to do' in out and 'Verdict' in out
    assert os.stat(path).st_mtime_ns == before


@pytest.mark.compiled
@pytest.mark.parametrize('changed, words', [
    (('--limit', 41), 'other arguments limit (40 there, 41 here)'),
    (('--variant', 'script'), 'other arguments variant'),
    (('--seed', 1), 'other arguments seed'),
    (('--test-temperature', 1), 'arguments test-temperature (0.2 there, 1.0'),
    (('--models', 'runs/std', 'runs/distill'), 'other models std-T5')])
def test_a_run_of_other_arguments_is_not_overwritten(lab, three, changed,
                                                     words):
    path = lab.path('three', RESULTS)
    before = os.stat(path).st_mtime_ns
    line = lab.fail(
        'test1.py', '--models', 'runs/std', 'runs/std-T5', '--samples', 60,
        '--limit', 40, '--out', 'three', '--pictures', 2,
        '--test-temperature', .2, *changed)
    assert words in line and 'choose another --out' in line
    assert os.stat(path).st_mtime_ns == before


@pytest.mark.compiled
@pytest.mark.parametrize('script, options', [
    ('test2.py', ('--variant', 'script', '--arithmetic', 'float64')),
    ('test4.py', ('--limit', 2, '--samples', 6, '--arithmetic', 'float32'))])
def test_the_other_algorithms_end_to_end(lab, script, options):
    name = script[:-3]
    out = lab.succeed(script, *SMALL, *options, '--out', name)
    assert 'wrote %s' % name in out
    results, arrays = read(lab, name)
    attack = results['attacks'][0]
    outcome = records(arrays, attack['model'], attack['arithmetic'])
    assert results['identity']['arguments']['algorithm'] == SCRIPTS[script]
    assert np.sum(outcome['clean_prediction'] == outcome['label']) > 3
    assert set(np.unique(outcome['written'])) <= {0, 1}
    assert 'without log-odds' in out


@pytest.mark.compiled
def test_indices_are_attacked_in_order_into_a_folder_named_digits(lab):
    with open(lab.path('some.txt'), 'w') as stream:
        stream.write('11\n3\n7\n')
    lab.succeed('test1.py', '--models', 'runs/std', '--indices', 'some.txt',
                '--limit', 1, '--arithmetic', 'logodds', '--pictures', 0)
    results, arrays = read(lab, os.path.join('runs', 'digits-test1'))
    assert results['title'] == 'Algorithm 1 on digits (8x8, not MNIST)'
    names = os.listdir(lab.path('runs', 'digits-test1'))
    assert sorted(names) == ['.lock', RESULTS, ARRAYS]
    assert results['test_indices'] == [11, 3, 7]
    np.testing.assert_array_equal(arrays['std/logodds/index'], [11, 3, 7])


def same_results(one, two):
    """Equal in everything but where and when they were made."""
    (first, arrays), (second, again) = one, two
    assert sorted(arrays) == sorted(again)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, again[name], name)
    for name in ('identity', 'test_indices', 'attacks', 'comparisons',
                 'verdict', 'report'):
        assert first[name] == second[name]


@pytest.mark.compiled
def test_a_killed_run_goes_on_as_if_nothing_had_happened(lab, whole):
    command = ('test3.py', *SMALL, '--out', 'killed')
    process = lab.start(*command)
    assert wait_for_block(lab, 'killed', process)
    process.kill()
    process.communicate()
    with open(lab.path('killed', RESULTS)) as stream:
        assert json.load(stream)['status'] == 'running'
    assert not os.path.exists(lab.path('killed', ARRAYS))
    lab.succeed(*command)
    same_results(whole, read(lab, 'killed'))


@pytest.mark.compiled
def test_a_continued_run_computes_as_it_began(lab):
    """With the threads and kernels of its first process."""
    command = ('test3.py', *SMALL, '--arithmetic', 'float32', '--out',
               'begun')
    process = lab.start(*command, OMP_NUM_THREADS='2',
                        OPENBLAS_NUM_THREADS='2', OPENBLAS_CORETYPE='Haswell')
    assert wait_for_block(lab, 'begun', process)
    process.kill()
    process.communicate()
    code, _, err = lab.run(*command, OMP_NUM_THREADS='1')
    assert code == 0 and 'notice' not in err
    machine = read(lab, 'begun')[0]['machine']['float32']['machine']
    assert (machine['threads'], machine['blas_threads']) == (2, 2)
    assert '(Haswell)' in machine['blas']


@pytest.mark.compiled
@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_how_to_continue(lab, number):
    folder = 'stopped-%d' % number
    process = lab.start('test3.py', *SMALL, '--out', folder)
    assert wait_for_block(lab, folder, process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    lines = err.splitlines()
    assert lines[-1].startswith('test3.py: error: stopped by %s'
                                % number.name)
    assert lines[-1].endswith('run the same command again to continue')
    assert 'Traceback' not in err
    names = left(lab, folder)
    assert not any(name.endswith(TEMPORARY) for name in names)
    assert any(name.startswith('block-') for name in names)
    assert not os.path.exists(lab.path(folder, ARRAYS))


@pytest.mark.compiled
def test_no_correctly_classified_sample(lab, three):
    results, _ = read(lab, 'three')
    wrong = next(index for index, label, answer in zip(
        results['test_indices'], results['attacks'][0]['samples']['label'],
        results['attacks'][0]['samples']['clean_prediction'])
        if label != answer)
    with open(lab.path('wrong.txt'), 'w') as stream:
        stream.write('%d\n' % wrong)
    line = lab.fail('test1.py', '--models', 'runs/std', '--indices',
                       'wrong.txt', '--arithmetic', 'logodds', '--out',
                       'wrong')
    assert 'expected correctly classified samples' in line
    assert not os.path.exists(lab.path('wrong', ARRAYS))


@pytest.mark.compiled
def test_a_floatx_of_the_users_own_is_refused(lab):
    line = lab.fail(
        'test1.py', '--models', 'runs/std', '--samples', 3, '--arithmetic',
        'float64', '--out', 'flags', THEANO_FLAGS='floatX=float32')
    assert line.startswith('test1.py: error: THEANO_FLAGS says '
                           'floatX=float32, the options say float64')


@pytest.mark.parametrize('script', SCRIPTS)
def test_help_shows_commands_and_defaults(scripts, script):
    out = scripts.succeed(script, '--help')
    assert 'python %s' % script in out
    assert 'default: 100)' in out and 'runs/std-T20' in out
    assert ('--models RUN' in out) and 'log-odds' in out


@pytest.mark.parametrize('options, words', [
    (('--limit', 0), 'expected a whole number from 1 to 784'),
    (('--limit', 785), 'expected a whole number from 1 to 784'),
    (('--arithmetic', 'float16'), "invalid choice: 'float16'"),
    (('--variant', 'text'), 'invalid choice'),
    (('--samples', 0), 'expected a whole number of 1 or more'),
    (('--samples', 'some'), "got 'some'"),
    (('--test-temperature', 0), 'expected a number above 0'),
    (('--batch', 0), 'expected a whole number of 1 or more'),
    (('--dataset', 'mnist'), 'unrecognized arguments')])
def test_options_out_of_range_are_usage_errors(scripts, options, words):
    assert words in scripts.fail('test1.py', *options, code=2)
    assert os.listdir(scripts.folder) == []


def test_no_models(scripts):
    line = scripts.fail('test2.py')
    assert 'expected models in runs/std, runs/std-T20, runs/distill' in line
    line = scripts.fail('test2.py', '--models', 'nowhere')
    assert 'nowhere: expected a run folder' in line
    assert os.listdir(scripts.folder) == []


@pytest.mark.compiled
def test_samples_that_cannot_be(lab):
    common = ('--models', 'runs/std', '--out', 'refused')
    assert 'at most the 397 test samples, got 398' in lab.fail(
        'test1.py', *common, '--samples', 398)
    with open(lab.path('bad.txt'), 'w') as stream:
        stream.write('1\n397\n')
    assert 'line 2: expected a whole number from 0 to 396' in lab.fail(
        'test1.py', *common, '--indices', 'bad.txt')
    assert 'cannot be given with it' in lab.fail(
        'test1.py', *common, '--indices', 'bad.txt', '--samples', 3)
    assert not os.path.exists(lab.path('refused'))


def pretend(lab, run, **changes):
    """A copy of a model whose run.json says something else."""
    folder = lab.path('runs', run)
    shutil.copytree(lab.path('runs', 'std'), folder)
    path = os.path.join(folder, 'run.json')
    with open(path) as stream:
        description = json.load(stream)
    description['data'].update(changes)
    with open(path, 'w') as stream:
        json.dump(description, stream)


@pytest.mark.compiled
def test_models_and_data_that_do_not_match(lab):
    pretend(lab, 'of-mnist', name='mnist')
    pretend(lab, 'of-others', checksum='0' * 64)
    assert 'expected models of one data set' in lab.fail(
        'test1.py', '--models', 'runs/std', 'runs/of-mnist', '--out', 'no')
    line = lab.fail('test1.py', '--models', 'runs/std', 'runs/of-others',
                       '--out', 'no')
    assert 'of-others was trained on another digits' in line
    assert 'every run once' in lab.fail(
        'test1.py', '--models', 'runs/std', 'runs/std/', '--out', 'no')
    assert not os.path.exists(lab.path('no'))


@pytest.mark.compiled
def test_a_folder_of_something_else_is_left_alone(lab):
    before = sorted(os.listdir(lab.path('runs', 'std')))
    line = lab.fail('test1.py', '--models', 'runs/std', '--samples', 3,
                       '--out', 'runs/std')
    assert 'expected a new or empty folder or an attack to continue' in line
    assert sorted(os.listdir(lab.path('runs', 'std'))) == before
