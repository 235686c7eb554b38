"""smooth.py's options: what they mean, and which of them are refused."""

import numpy as np
import pytest
from script_runner import load_script
from test_smooth_training import dataset

from data.normalisation import IMAGENET
from errors import UserError
from papers.smooth.adversary import mean_step
from papers.smooth.recipes import MODELS, Rule
from papers.smooth.system import SYSTEM
from storage.run_description import check_entries

SCRIPT = load_script('smooth.py')


def settled(*options):
    """The settings of some options, checked."""
    settings = SYSTEM.settle(SCRIPT.parser().parse_args(list(options)))
    SYSTEM.check(settings)
    return settings


def test_without_options_it_is_the_reports_vanilla():
    settings = settled()
    assert settings['model'] == 'Vanilla' and settings['epochs'] == 55
    assert settings['rates'] == [.1, .001]
    assert settings['boundaries'] == [5] and settings['batch_size'] == 100
    assert settings['optimiser'] == 'sgd' and settings['decay'] == 5e-4
    assert SYSTEM.folder(settings, 'cifar10') == 'runs/smooth-cifar10-Vanilla'
    assert SYSTEM.describe(settings, 'cifar10') == {
        'title': 'Vanilla, width 64, 8 blocks, seed 0, on CIFAR-10',
        'model': 'Vanilla', 'architecture': 'preact-64x8-3-10'}


@pytest.mark.parametrize('name', MODELS)
def test_rows_of_the_tables_are_rules(name):
    settings = settled('--model', name, '--dataset', 'svhn')
    assert settings['model'] == name
    assert ('Adv' in name) == (settings['adversary'] == 'report')
    assert ('Psv' in name) == settings['parseval'] == (
        settings['beta'] == .01)
    assert ('da' in name.split()) == settings['augment'] == (
        settings['epochs'] == 350)
    if 'Smooth' in name:
        assert name.endswith('%g, %d' % (settings['gamma'],
                                         settings['power']))
    # The folder is that row's alone, and the same by its own options.
    assert SYSTEM.folder(settings, 'svhn') not in [
        SYSTEM.folder(settled('--model', other, '--dataset', 'svhn'), 'svhn')
        for other in MODELS if other != name]
    words = []
    for key, value in MODELS[name]._asdict().items():
        if value not in (None, False, 'none'):
            words += ['--' + key] + [str(value)] * (value is not True)
    assert settled('--dataset', 'svhn', *words) == dict(
        settings, model=name)


def test_all_of_the_reports_rows_are_there():
    assert len(MODELS) == 16 and len(set(MODELS.values())) == 16
    assert MODELS['Adv + Smooth 0.001, 2'] == Rule(
        'report', gamma=.001, power=2)


@pytest.mark.parametrize('options, expected', [
    (('--epochs', '11'), [1]), (('--epochs', '1'), [1]),
    (('--epochs', '100'), [5]), (('--epochs', '9', '--boundaries', '4'), [4]),
    (('--epochs', '35', '--augment'), [15, 25]),
    (('--epochs', '2', '--augment'), [1, 2])])
def test_phases_of_other_lengths(options, expected):
    assert settled(*options)['boundaries'] == expected


def test_tiny_imagenet_has_adam_a_pool_and_200_classes():
    settings = settled('--dataset', 'tiny-imagenet')
    assert settings['optimiser'] == 'adam' and settings['epochs'] == 40
    assert settings['boundaries'] == [20]
    for name in ('tiny-imagenet', 'tiny-imagenet-part'):
        assert SYSTEM.describe(settings, name)['architecture'] == (
            'preact-64x8-3-200-pool')
    assert settled('--dataset', 'tiny-imagenet', '--augment',
                   '--parseval')['optimiser'] == 'sgd'


def test_pixels_are_cut_as_in_the_scripts():
    adversary = ('--adversary', 'constant')
    for options, cut in (
            (('--dataset', 'svhn'), True), ((), False),
            (('--cut', 'always'), True),
            (('--dataset', 'svhn', '--cut', 'never'), False)):
        assert settled(*adversary, *options)['cut'] == cut


def test_epsilon_is_measured_or_published(capsys):
    images = dataset('cifar10')
    images = images._replace(test=images.test._replace(
        images=images.test.images // 2))
    for source, expected in (
            ('published', .0314), ('train', None), ('test', None)):
        settings = SYSTEM.complete(settled(
            '--adversary', 'report', '--epsilon-from', source), images)
        if expected is None:
            pixels = images.train.images / 255.
            expected = mean_step(
                getattr(images, source).images, pixels.mean((0, 2, 3)),
                pixels.std((0, 2, 3)))
            assert 'epsilon of 33 dB, from the ' in capsys.readouterr().out
        np.testing.assert_allclose(settings['epsilon'], expected)
    assert SYSTEM.complete(settled(), images)['epsilon'] is None
    assert IMAGENET.mean.shape == (3,)


def test_what_a_run_says_is_what_its_format_asks_for():
    for options in ((), ('--model', 'Adv + Psv + Smooth + da 0.001, 1'),
                    ('--adversary', 'constant', '--parseval', '--beta', '0')):
        settings = SYSTEM.complete(settled(*options), dataset('cifar10'))
        check_entries({
            'title': '', 'status': '', 'machine': {'device': 'cpu',
                                                   'threads': 1},
            'data': {'name': 'cifar10', 'checksum': ''},
            'arguments': {name: settings[name] for name
                          in SYSTEM.form.entries['arguments']}},
            'run.json', SYSTEM.form.entries, {})


@pytest.mark.parametrize('options, line', [
    (('--gamma', '1'), '--gamma: expected with --power'),
    (('--power', '1'), '--power: expected with --gamma'),
    (('--beta', '1'), '--beta: expected with --parseval'),
    (('--model', 'Adv', '--augment'), '--model and --augment: expected one'),
    (('--epsilon-from', 'test'), '--epsilon-from: expected with an adversary'),
    (('--cut', 'never'), '--cut: expected with an adversary'),
    (('--noise-pass', 'test'), '--noise-pass: expected with an adversary'),
    (('--crop', '32'), '--crop: expected with --augment'),
    (('--boundaries', '3', '5'), '--boundaries: expected 1 epochs'),
    (('--augment', '--boundaries', '5', '5'), 'the learning rates 0.1, 0.01, '
     '0.001 change, got 5, 5'),
    (('--adversary', 'report', '--batch-size', '1'), '--batch-size: expected '
     '2 or more with an adversary'),
    (('--augment', '--crop', '8', '--batch-size', '1'), 'as crops of 8 pixels '
     'end as one pixel, got 1'),
    (('--augment', '--crop', '16', '--blocks', '10', '--adversary', 'report',
      '--batch-size', '3'), 'got 1 in half a batch'),
    (('--augment', '--crop', '16', '--dataset', 'tiny-imagenet',
      '--batch-size', '1'), 'as crops of 16 pixels end as one pixel')])
def test_contradictions_are_one_line(options, line):
    with pytest.raises(UserError) as caught:
        settled(*options)
    assert line in str(caught.value) and '\n' not in str(caught.value)


@pytest.mark.parametrize('options', [
    ('--crop', '9'), ('--crop', '8', '--batch-size', '2'),
    ('--crop', '17', '--dataset', 'tiny-imagenet')])
def test_batch_norm_sees_two_values_in_these(options):
    settled('--augment', '--batch-size', '1', *options)


def test_unknown_rows_are_refused_with_a_list(capsys):
    with pytest.raises(SystemExit) as caught:
        SCRIPT.parser().parse_args(['--model', 'Adv + Smooth'])
    assert caught.value.code == 2
    assert "'Adv + Smooth 0.01, 2'" in capsys.readouterr().err
