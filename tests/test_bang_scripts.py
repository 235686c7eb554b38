"""bang.py and noise_bang.py as a user types them, on digits."""

import json
import os
import time

import numpy as np
import pytest
import small_cifar
from script_runner import Scripts, load_script
from test_training_resume import final_state, wait_for_checkpoint

from errors import UserError
from papers.bang import noise_campaign
from papers.bang.run_format import BANG
from papers.bang.system import SYSTEM
from storage.model_file import load_model

SETTINGS = ('--dataset', 'digits', '--iterations', 80, '--test-every', 40,
            '--checkpoint-every', 7, '--snapshots')


def read_json(*parts):
    with open(os.path.join(*parts)) as stream:
        return json.load(stream)


@pytest.fixture(scope='module')
def trained(tmp_path_factory):
    """Scripts in a folder with a run by BANG."""
    scripts = Scripts(tmp_path_factory.mktemp('bang'))
    scripts.printed = scripts.succeed(
        'bang.py', '--bang', '--out', 'quiet', '--save-errors', 3, '--graph',
        *SETTINGS)
    return scripts


@pytest.fixture(scope='module')
def shot(trained):
    """The same run, killed once."""
    process = trained.start('bang.py', '--model', 'B1', *SETTINGS)
    run = trained.path('runs', 'bang-digits-B1-iterations80-'
                       'every40-snapshots')
    wait_for_checkpoint(process, os.path.join(run, 'checkpoint.npz'))
    process.kill()
    process.communicate()
    trained.succeed('bang.py', '--resume', run)
    return run


@pytest.mark.compiled
def test_a_run_leaves_a_model_and_its_story(trained):
    run = trained.path('quiet')
    assert sorted(name for name in os.listdir(run) if name[0] != '.') == [
        'checkpoint.npz', 'confusion.png', 'curve.png', 'errors.png',
        'graph.html', 'history.csv', 'history.json', 'run.json', 'snapshots',
        'weights.npz']
    model = load_model(run, BANG)
    about = model.description
    assert about['title'] == (
        'LeNet trained by BANG (beta 1, epsilon 0.815, ratio 1), seed 0, on '
        'digits (8x8, not MNIST)')
    assert [about['arguments'][name] for name in (
        'model', 'beta', 'epsilon', 'ratio')] == ['B1', 1., .815, 1.]
    assert about['trained_iterations'] == 80
    assert about['test']['accuracy'] > .7
    assert 'test accuracy on digits' in trained.printed
    history = read_json(run, 'history.json')['epochs']
    assert [record['iteration'] for record in history] == [40, 80]
    with np.load(os.path.join(run, 'snapshots', '000080.npz')) as last:
        for name, value in model.weights.items():
            np.testing.assert_array_equal(last[name], value)


@pytest.mark.slow
def test_a_killed_run_ends_with_the_same_bits(trained, shot):
    quiet, resumed = (final_state(trained, run) for run in ('quiet', shot))
    assert quiet.keys() == resumed.keys()
    for name in quiet:
        np.testing.assert_array_equal(quiet[name], resumed[name], name)
    assert len(read_json(shot, 'run.json')['resumed']) == 1


@pytest.mark.slow
def test_a_longer_run_and_what_cannot_be_resumed(trained):
    out = trained.succeed('bang.py', '--resume', 'quiet', '--iterations', 120)
    assert 'resumed after iteration 80' in out
    assert read_json(trained.path('quiet', 'run.json'))[
        'trained_iterations'] == 120
    assert 'nothing to do' in trained.succeed('bang.py', '--resume', 'quiet')
    for options, line in (
            (('--iterations', 130), 'a multiple of --test-every, 40, got 130'),
            (('--iterations', 80), 'at least the run\'s 120, got 80'),
            (('--beta', 2), '--beta cannot be given with it')):
        assert line in trained.fail('bang.py', '--resume', 'quiet', *options)
    assert 'of format song2017-run/1, got something else' in trained.fail(
        'mnist_cnn.py', '--resume', 'quiet')


@pytest.mark.slow
def test_noise_is_counted_at_every_stage_and_taken_up_again(trained, shot):
    trained.succeed('bang.py', '--out', 'regular', *SETTINGS)
    regular, by_bang = (load_model(folder, BANG) for folder in (
        trained.path('regular'), shot))
    assert regular.description['arguments']['beta'] is None
    assert all((value != by_bang.weights[name]).any()
               for name, value in regular.weights.items())
    command = ('noise_bang.py', 'regular', shot, '--sigmas', 1, 120,
               '--images', 1, '--repeats', 40, '--out', 'noise')
    trained.succeed(*command)
    record = read_json(trained.path('noise', 'noise.json'))
    assert len(record['settings']['indices']) == 10
    for rows in record['percent'].values():
        assert len(rows) == 2
        assert all(row[0] < 5 < row[1] <= 100 for row in rows)
    assert os.path.exists(trained.path('noise', 'noise.png'))
    process = trained.start(*command[:-1], 'killed')
    while process.poll() is None and not blocks(trained.path('killed')):
        time.sleep(.01)
    process.kill()
    process.communicate()
    assert not os.path.exists(trained.path('killed', 'noise.json'))
    trained.succeed(*command[:-1], 'killed')
    again = read_json(trained.path('killed', 'noise.json'))
    for part in ('settings', 'changes', 'percent'):
        assert again[part] == record[part]
    assert not blocks(trained.path('killed'))
    assert 'nothing to do' in trained.succeed(*command)
    assert 'other arguments seed (0 there, 1 here)' in trained.fail(
        *command, '--seed', 1)


def blocks(folder):
    """Names of the finished blocks of a run."""
    return [name for _, _, names in os.walk(os.path.join(folder, 'blocks'))
            for name in names if name.startswith('block-')]


def runs(*betas):
    """Paths and run.json of the two runs of noise_bang.py."""
    return ({'regular': 'a', 'bang': 'b'},
            {name: {'architecture': 'lenet', 'data': {},
                    'arguments': {'beta': beta}}
             for name, beta in zip(('regular', 'bang'), betas)})


def test_noise_takes_the_regular_run_first():
    check = noise_campaign.check_alike
    check(*runs(None, 1.))
    for betas, path in (((1., None), 'a'), ((1., 1.2), 'a'),
                        ((None, None), 'b')):
        with pytest.raises(UserError, match='^%s: expected a run trained '
                           % path):
            check(*runs(*betas))


def test_a_folder_says_that_it_has_snapshots():
    script = load_script('bang.py')
    for words, folder in (
            ([], 'bang-R0'), (['--snapshots'], 'bang-R0-snapshots'),
            (['--bang', '--snapshots', '--seed', '3'],
             'bang-B1-seed3-snapshots')):
        settings = SYSTEM.settle(script.parser().parse_args(words))
        assert SYSTEM.folder(settings, 'mnist') == os.path.join(
            'runs', folder)
    args = load_script('noise_bang.py').parser().parse_args(
        ['runs/bang-R0-snapshots', 'x/bang-B1-snapshots/'])
    assert noise_campaign.folder_name(args) == os.path.join('runs',
                                                            'noise-R0-B1')


def test_noise_needs_finished_runs(scripts):
    line = scripts.fail('noise_bang.py', 'none', 'none')
    assert 'train a model with python bang.py first' in line


def test_noise_leaves_a_folder_of_something_else_alone(tmp_path):
    def hold():
        with noise_campaign.CAMPAIGN.hold(
                str(tmp_path), {'arguments': {'seed': 0}}, {}) as record:
            return record

    path = str(tmp_path / 'noise.json')
    assert hold() == {'identity': {'arguments': {'seed': 0}}}
    (tmp_path / 'noise.png').write_text('theirs')
    with pytest.raises(UserError, match='found noise.png in it'):
        hold()
    for text in ('[]', '{"settings": []}', '{"settings": {}}',
                 '{"settings": {"seed": 0}, "changes": 3}'):
        with open(path, 'w') as stream:
            stream.write(text)
        with pytest.raises(UserError, match='expected finished results of '
                           'noise_bang'):
            hold()


@pytest.mark.slow
def test_noise_needs_runs_with_weights(trained, scripts):
    about = read_json(trained.path('quiet'), 'run.json')
    about['arguments']['snapshots'] = False
    for name, beta in (('regular', None), ('bang', 1.)):
        about['arguments']['beta'] = beta
        os.mkdir(scripts.path(name))
        with open(scripts.path(name, 'run.json'), 'w') as stream:
            json.dump(about, stream)
    assert 'train it with --snapshots' in scripts.fail(
        'noise_bang.py', 'regular', 'bang')


@pytest.mark.parametrize('options, line', [
    (('--model', 'B1', '--beta', 2), '--model and --beta: expected one'),
    (('--bang', '--epsilon', 1), '--bang and --epsilon: expected one'),
    (('--net', 'cifar-quick', '--dataset', 'mnist'),
     'expected cifar10 or cifar100 or folder for --net cifar-quick, got '
     'mnist'),
    (('--dataset', 'cifar10'), 'auto or mnist or digits for --net lenet'),
    (('--net', 'cifar-quick', '--train-images', 50000),
     '--train-images: expected with LeNet alone'),
    (('--iterations', 750), 'multiple of --test-every, 500, got 750'),
    (('--net', 'cifar-quick', '--data-dir', 'none'),
     'there is neither cifar-10-python.tar.gz in none')])
def test_nonsense_is_one_line(scripts, options, line):
    assert line in scripts.fail('bang.py', *options)
    assert os.listdir(scripts.folder) == []


@pytest.mark.parametrize('script', ['bang.py', 'noise_bang.py'])
def test_help_shows_examples(scripts, script):
    out = scripts.succeed(script, '--help', PATH=scripts.folder)
    assert 'python %s' % script in out


@pytest.mark.slow
def test_cifar_quick_trains_on_a_folder_of_images(scripts):
    small_cifar.write_zips(scripts.path('images'),
                           small_cifar.class_files('.jpg'))
    scripts.run('bang.py', '--net', 'cifar-quick', '--model', 'B0',
                '--dataset', 'folder', '--data-dir', 'images',
                '--iterations', 20, '--test-every', 10, '--snapshots')
    run = scripts.path('runs', 'bang-folder-B0-iterations20-every10-'
                       'snapshots')
    about = read_json(run, 'run.json')
    assert about['data']['name'] == 'folder'
    assert about['data']['order'] == 'of the digests'
    assert 'a folder of images' in about['title']
    assert about['arguments']['ratio'] == .5
    with np.load(os.path.join(run, 'snapshots', '000020.npz')) as last:
        assert 60 < last['mean.image'].mean() < 180


def test_networks_refuse_images_of_another_kind(scripts):
    small_cifar.write_zips(scripts.path('images'), small_cifar.class_files())
    grey = {'%s/%s/0.png' % (part, name): small_cifar.picture(
        np.full((28, 28), number, np.uint8))
        for part in ('train', 'test') for number, name in enumerate('ab')}
    small_cifar.write_zips(scripts.path('grey'), grey)
    for net, folder, line in (
            ('cifar-quick', 'grey', 'CIFAR-10 quick takes 10 classes of '
             'images of 3 x 32 x 32 (channels, height, width); got 2 of '
             '1 x 28 x 28 from images in grey'),
            ('cifar-quick', 'images/train.zip', 'neither')):
        assert line in scripts.fail('bang.py', '--net', net, '--dataset',
                                    'folder', '--data-dir', folder)
    assert '--dataset: expected auto or mnist or digits for --net lenet' in (
        scripts.fail('bang.py', '--dataset', 'folder', '--data-dir', 'grey'))
    assert not os.path.exists(scripts.path('runs'))
