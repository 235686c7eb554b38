"""Every script end to end on digits, as a user types it; and nonsense."""

import csv
import json
import os
import resource
import shutil

import numpy as np
import pytest
from PIL import Image

from papers.song.run_format import SONG
from storage.model_file import load_model


def read_json(path):
    with open(path) as stream:
        return json.load(stream)


RUNS = ('std', 'std-T5', 'distill')


@pytest.mark.compiled
@pytest.mark.parametrize('name', RUNS)
def test_a_run_leaves_a_model_its_history_and_its_pictures(models, name):
    folder = models.path('runs', name)
    model = load_model(folder, SONG)
    assert model.temperature == (1. if name == 'std' else 5.)
    test = model.description['test']
    assert test['samples'] == 397 == np.sum(test['confusion'])
    assert test['correct'] == np.trace(test['confusion']) > 397 * .6
    low, high = test['wilson_95']
    assert low < test['accuracy'] < high
    history = read_json(os.path.join(folder, 'history.json'))
    assert [record['epoch'] for record in history['epochs']] == list(
        range(1, 8))
    for picture in ('curve.png', 'confusion.png'):
        with Image.open(os.path.join(folder, picture)) as image:
            assert image.format == 'PNG' and min(image.size) > 300


@pytest.mark.compiled
@pytest.mark.parametrize('name', RUNS)
def test_a_run_says_where_it_comes_from(models, name):
    description = load_model(models.path('runs', name), SONG).description
    assert description['versions']['Theano'] == '1.0.5'
    assert description['machine']['floatX'] == 'float32'
    assert len(description['data']['checksum']) == 64
    assert '--seed' in description['command']
    assert 'git_commit' in description


@pytest.mark.compiled
@pytest.mark.parametrize('name', RUNS)
def test_digits_are_never_passed_off_as_mnist(models, name):
    assert 'digits (8x8, not MNIST)' in models.outputs[name]
    folder = models.path('runs', name)
    for file_name in os.listdir(folder):
        path = os.path.join(folder, file_name)
        if file_name.endswith(('.json', '.csv', '.html')):
            with open(path, encoding='utf-8') as stream:
                assert 'digits' in stream.read(), file_name
        elif file_name in ('weights.npz', 'distilled_labels.npz'):
            with np.load(path) as arrays:
                assert 'digits' in str(arrays['about']), file_name
        elif file_name.endswith('.png'):
            with Image.open(path) as image:
                assert 'digits' in image.text['Title'], file_name
        else:       # neither says of what data it is, nor is it a result
            assert file_name in ('.lock', 'checkpoint.npz')


@pytest.mark.compiled
def test_the_csv_is_the_history(models):
    with open(models.path('runs', 'std', 'history.csv')) as stream:
        rows = list(csv.DictReader(stream))
    history = read_json(models.path('runs', 'std', 'history.json'))['epochs']
    assert [float(row['cross_entropy']) for row in rows] == [
        record['cross_entropy'] for record in history]


@pytest.mark.compiled
def test_errors_and_graph_are_drawn_where_asked(models):
    with Image.open(models.path('runs', 'std', 'errors.png')) as image:
        assert image.format == 'PNG'
    assert not os.path.exists(models.path('runs', 'distill', 'errors.png'))
    with open(models.path('runs', 'std', 'graph.html')) as stream:
        page = stream.read()
    assert page.count('<g data-node') > 100
    assert 'ConvolutionBlock' in page and 'src=' not in page


@pytest.mark.compiled
def test_distilled_labels_are_the_teachers(models):
    with np.load(models.path('runs', 'distill',
                             'distilled_labels.npz')) as arrays:
        labels = arrays['labels']
    assert labels.shape == (1167, 10)
    np.testing.assert_allclose(labels.sum(axis=1), 1, rtol=1e-12)
    assert .3 < labels.max(axis=1).mean() < .999       # soft, and informed
    description = load_model(models.path('runs', 'distill'), SONG).description
    teacher = load_model(models.path('runs', 'std-T5'), SONG).description
    assert (description['distillation']['teacher_sha256']
            == teacher['weights_sha256'])


@pytest.mark.parametrize('recipe, teacher', [
    pytest.param('paper', 'std', marks=pytest.mark.slow),
    pytest.param('script', 'std-T5', marks=pytest.mark.compiled)])
def test_the_other_recipes_of_labels(models, tmp_path, recipe, teacher):
    out = str(tmp_path / 'student')
    code, _, _ = models.run(
        'distill.py', '--labels', recipe, '--teacher', 'runs/' + teacher,
        '--temperature', 5, '--epochs', 1, '--dataset', 'digits', '--out',
        out, '--batch-size', 128)
    assert code in (0, 3)
    with np.load(os.path.join(out, 'distilled_labels.npz')) as arrays:
        labels = arrays['labels']
    with np.load(models.path('runs', 'distill',
                             'distilled_labels.npz')) as arrays:
        soft = arrays['labels']
    assert labels.shape == soft.shape and (labels != soft).any(axis=1).all()


@pytest.mark.compiled
def test_a_teacher_of_another_temperature_is_refused(models):
    line = models.fail('distill.py', '--teacher', 'runs/std', '--dataset',
                       'digits', '--out', 'refused')
    assert 'expected a teacher trained at T = 20' in line
    assert not os.path.exists(models.path('refused', 'run.json'))
    line = models.fail('distill.py', '--dataset', 'digits', '--seed', 4)
    assert 'expected a teacher in runs/digits-std-T20-seed4' in line
    line = models.fail('distill.py', '--dataset', 'digits', '--labels',
                       'paper', '--limit-train', 100)
    assert 'expected a teacher in runs/digits-std-first100' in line


@pytest.mark.compiled
def test_a_finished_run_is_left_as_it_is(models):
    before = os.stat(models.path('runs', 'std', 'weights.npz')).st_mtime_ns
    out = models.succeed('mnist_cnn.py', '--resume', 'runs/std')
    assert 'nothing to do' in out
    line = models.fail('mnist_cnn.py', '--dataset', 'digits', '--out',
                       'runs/std')
    assert 'it holds a run' in line
    after = os.stat(models.path('runs', 'std', 'weights.npz')).st_mtime_ns
    assert after == before


@pytest.mark.compiled
def test_a_run_killed_after_its_last_batch_gets_its_files(models, tmp_path):
    run = str(tmp_path / 'run')
    shutil.copytree(models.path('runs', 'std'), run)
    for name in ('weights.npz', 'history.json', 'history.csv', 'curve.png',
                 'confusion.png', 'errors.png'):
        os.unlink(os.path.join(run, name))
    models.succeed('mnist_cnn.py', '--resume', run)
    assert sorted(os.listdir(run)) == sorted(os.listdir(
        models.path('runs', 'std')))
    again, first = (load_model(folder, SONG) for folder in (
        run, models.path('runs', 'std')))
    for name, array in first.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)


@pytest.mark.compiled
def test_classifying_by_index_and_by_image(models, tmp_path):
    out = models.succeed('mnist_cnn.py', '--classify', 3, '--model',
                         'runs/std-T5', '--dataset', 'digits')
    rows = [line.split() for line in out.splitlines()[-10:]]
    assert [int(row[0]) for row in rows] == list(range(10))
    for column in (2, 3):
        assert sum(float(row[column]) for row in rows) == pytest.approx(
            1, abs=1e-4)
    import data
    image = data.load('digits').test.images[3, 0]
    Image.fromarray(255 - image).resize((140, 140), Image.NEAREST).convert(
        'RGB').save(str(tmp_path / 'three.png'))
    again = models.succeed('mnist_cnn.py', '--classify',
                           tmp_path / 'three.png', '--model',
                           'runs/std-T5/weights.npz')
    chosen = [line for line in out.splitlines() if 'predicted' in line][0]
    assert chosen.split('predicted ')[1] == [
        line for line in again.splitlines() if 'predicted' in line
    ][0].split('predicted ')[1]


@pytest.mark.compiled
def test_classifying_nonsense(models, tmp_path):
    text = str(tmp_path / 'text.png')
    with open(text, 'w') as stream:
        stream.write('no image')
    for what, words in ((397, 'from 0 to 396'), (-1, 'from 0 to 396'),
                        ('none.png', 'found no file'),
                        ('²', 'found no file'),
                        ('9' * 5000, 'from 0 to 396'),
                        (text, 'is none that can be read')):
        line = models.fail('mnist_cnn.py', '--classify', what, '--model',
                           'runs/std')
        assert words in line
    assert '--model RUN' in models.fail('mnist_cnn.py', '--classify', 3)
    assert '--classify' in models.fail('mnist_cnn.py', '--model', 'runs/std')
    assert 'expected a run folder' in models.fail(
        'mnist_cnn.py', '--classify', 3, '--model', 'nowhere')


@pytest.mark.parametrize('options, words', [
    (('--temperature', 0), 'expected a number above 0'),
    (('--temperature', -20), 'expected a number above 0'),
    (('--temperature', 'nan'), 'expected a number above 0'),
    (('--temperature', 'hot'), "got 'hot'"),
    (('--epochs', 0), 'expected a whole number of 1 or more'),
    (('--epochs', 1.5), 'expected a whole number of 1 or more'),
    (('--batch-size', 0), 'expected a whole number of 1 or more'),
    (('--learning-rate', 0), 'expected a number above 0'),
    (('--momentum', -1), 'expected a number of at least 0'),
    (('--penalty', 'inf'), 'expected a number of at least 0'),
    (('--seed', -1), 'expected a whole number'),
    (('--dataset', 'cifar'), 'invalid choice'),
    (('--split', 'half'), 'invalid choice'),
    (('--frobnicate',), 'unrecognized arguments')])
def test_options_out_of_range_are_usage_errors(scripts, options, words):
    line = scripts.fail('mnist_cnn.py', *options, code=2)
    assert words in line
    assert os.listdir(scripts.folder) == []


def test_wishes_that_the_data_cannot_meet(scripts):
    line = scripts.fail('mnist_cnn.py', '--dataset', 'digits',
                        '--batch-size', 5000)
    assert 'expected at most the 1167 training samples' in line
    assert os.listdir(scripts.folder) == []
    line = scripts.fail('mnist_cnn.py', '--dataset', 'digits',
                        '--limit-train', 5000)
    assert '1167' in line
    line = scripts.fail('mnist_cnn.py', '--data-dir', 'nowhere')
    assert 'nowhere' in line


def test_operations_that_are_not_possible(scripts):
    line = scripts.fail('mnist_cnn.py', '--dataset', 'digits', '--ops',
                        'onednn', '--float64')
    assert ('--ops onednn: not possible, as oneDNN has no float64: use --ops '
            'auto') in line


@pytest.mark.compiled
def test_resuming_nonsense(scripts, models):
    assert 'expected a run folder' in scripts.fail(
        'mnist_cnn.py', '--resume', 'nowhere')
    assert not os.path.exists(scripts.path('nowhere'))
    line = models.fail('mnist_cnn.py', '--resume', 'runs/distill',
                       '--temperature', 20)
    assert '--temperature cannot be given' in line
    line = models.fail('mnist_cnn.py', '--resume', 'runs/distill',
                       '--epochs', 3)
    assert "expected at least the run's 7, got 3" in line


@pytest.mark.compiled
@pytest.mark.parametrize('size, what', [(320, 'the loss'),
                                        (16, 'the validation loss')])
def test_training_that_explodes_says_where_and_saves_nothing(
        scripts, size, what):
    line = scripts.fail(
        'mnist_cnn.py', '--dataset', 'digits', '--learning-rate', 1e9,
        '--epochs', 3, '--limit-train', size, '--out', 'run', code=3)
    assert what + ' became NaN or infinite in epoch 1, batch' in line
    assert read_json(scripts.path('run', 'run.json'))['status'] == 'diverged'
    assert sorted(os.listdir(scripts.path('run'))) == ['.lock', 'run.json']
    assert 'stopped by NaN' in scripts.fail(
        'mnist_cnn.py', '--classify', 1, '--model', 'run')


@pytest.mark.compiled
def test_a_run_on_the_plateau_is_no_model(scripts):
    line = scripts.fail(
        'mnist_cnn.py', '--dataset', 'digits', '--temperature', 5,
        '--epochs', 1, '--limit-train', 160, '--out', 'run', code=3)
    assert 'never left the plateau ln 10' in line
    assert not os.path.exists(scripts.path('run', 'weights.npz'))
    line = scripts.fail('mnist_cnn.py', '--classify', 1, '--model', 'run')
    assert 'still on the plateau' in line


@pytest.mark.compiled
def test_a_full_disk_ends_in_one_line_and_leaves_the_run_resumable(scripts):
    def full_after_3_mb():
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20))

    options = ('--dataset', 'digits', '--epochs', 1, '--limit-train', 64)
    process = scripts.start('mnist_cnn.py', '--out', 'run', *options,
                            preexec_fn=full_after_3_mb)
    _, err = process.communicate()
    assert process.returncode == 1 and 'Traceback' not in err
    assert 'checkpoint.npz: the file is larger than' in err
    assert sorted(os.listdir(scripts.path('run'))) == ['.lock', 'run.json']
    code, _, err = scripts.run('mnist_cnn.py', '--resume', 'run')
    assert code == 3 and 'plateau' in err


def test_output_that_nobody_takes(scripts):
    process = scripts.start('doctor.py')
    process.stdout.close()
    assert process.wait(timeout=300) == 1
    assert 'Traceback' not in process.stderr.read()
    process.stderr.close()


def test_a_name_that_no_file_can_have(scripts):
    assert 'too long' in scripts.fail('mnist_cnn.py', '--resume', 'a' * 300)


def test_an_output_folder_that_cannot_be(scripts):
    with open(scripts.path('file'), 'w'):
        pass
    line = scripts.fail('mnist_cnn.py', '--dataset', 'digits', '--out',
                        'file')
    assert 'expected a folder' in line


@pytest.mark.parametrize('script', ['mnist_cnn.py', 'distill.py',
                                    'doctor.py'])
def test_help_shows_examples_and_the_papers_defaults(scripts, script):
    out = scripts.succeed(script, '--help', PATH=scripts.folder)
    assert 'python %s' % script in out
    if script != 'doctor.py':
        words = ' '.join(out.split())
        for default in (50, 0.5, 0.01, 0, 100,
                        0.1 if script == 'mnist_cnn.py' else 0.05,
                        1.0 if script == 'mnist_cnn.py' else 20.0):
            assert '(default: %s)' % default in words, default
