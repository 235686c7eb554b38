"""attack_smooth.py on networks, by its own workers."""

import json
import os

import numpy as np
import pytest
import smooth_twin
from script_runner import USER_FLAGS, load_script

import data
from attacking.session import run
from errors import UserError
from papers.smooth.architecture import Architecture, shapes
from papers.smooth.attack_campaign import CAMPAIGN
from papers.smooth.attack_names import ATTACKS
from papers.smooth.run_format import SMOOTH
from storage.atomic import write_json
from storage.attack_file import ARRAYS, RESULTS
from storage.model_file import read_npz, write_weights

NARROW = Architecture(2)
COUNT = 12


def random_weights(seed):
    """A network's arrays; variances and scales are above 0."""
    draw = np.random.RandomState(seed)
    return {name: draw.uniform(.5, 1.5, shape) if name.endswith(
        ('scale', 'variance', 'deviation')) else draw.normal(0, .5, shape)
        for name, shape in shapes(NARROW).items()}


@pytest.fixture(scope='module')
def lab(tmp_path_factory):
    """A folder with two networks, and images that their data set has."""
    folder, patch = tmp_path_factory.mktemp('smooth'), pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setenv('THEANO_FLAGS', USER_FLAGS)
    draw = np.random.RandomState(0)
    part = data.Part(draw.randint(0, 256, (COUNT, 3, 32, 32)).astype(
        np.uint8), draw.randint(0, 10, COUNT).astype(np.uint8))
    patch.setattr(data, 'load', lambda name, directory: data.Dataset(
        name, 'nowhere', '0' * 64, part, part, part))
    for seed, row in enumerate(('Vanilla', 'Adv')):
        write_run(folder / row, row, random_weights(seed), 'cifar10')
    yield part
    patch.undo()


def write_run(folder, row, weights, dataset):
    """A finished run of smooth.py."""
    digest = write_weights(str(folder / 'weights.npz'), weights, row)
    write_json(str(folder / 'run.json'), {
        'format': SMOOTH.format, 'status': 'finished', 'title': row,
        'model': row, 'architecture': NARROW.name, 'weights_sha256': digest,
        'arguments': {
            'model': row, 'width': 2, 'blocks': 8, 'parseval': False,
            'beta': None, 'gamma': None, 'power': None, 'adversary': 'none',
            'epsilon': None, 'epsilon_from': None, 'cut': False,
            'noise_pass': None, 'augment': False, 'crop': None,
            'optimiser': 'sgd', 'rates': [.1], 'boundaries': [],
            'decay': 0, 'epochs': 3, 'batch_size': 4, 'seed': 7,
            'limit_train': None, 'checkpoint_every': 1, 'float64': False},
        'data': {'name': dataset, 'checksum': '0' * 64},
        'machine': {'device': 'cpu', 'threads': 1}})


def attack(*options):
    """Run the script, in this process; its exit code."""
    args = load_script('attack_smooth.py').parser().parse_args(
        ['--threads', '1', *options])
    return run(CAMPAIGN, args, set())


@pytest.mark.slow
def test_what_a_run_leaves(lab, capsys):
    options = ('--models', 'Vanilla', 'Adv', '--snr', '33', '50', '20',
               '--pictures', '2', '--out', 'out')
    assert attack(*options) == 0
    with open(os.path.join('out', RESULTS)) as stream:
        results = json.load(stream)
    arrays = read_npz(os.path.join('out', ARRAYS))
    assert results['format'] == 'smooth-attack/1'
    assert results['status'] == 'finished'
    assert set(results['machines']) == {'float32', 'float64'}
    for entry, row in zip(results['models'], ('Vanilla', 'Adv')):
        assert (entry['model'], entry['row'], entry['width'], entry['seed'],
                entry['snr']) == (row, row, 2, 7, [50., 33., 20.])
        single, double = (entry['arithmetics'][name]['attacks']
                          for name in ('float32', 'float64'))
        assert set(single) == set(ATTACKS.values()) - (
            {'transfer'} if row == 'Vanilla' else set())
        assert set(double) == {'FGSM true', 'FGSM log-odds'}
        assert entry['verdict'] in results['report']
    for row, seed in (('Vanilla', 0), ('Adv', 1)):
        weights = random_weights(seed)
        mean, deviation = (weights['normalise.' + name][:, None, None]
                           for name in ('mean', 'deviation'))
        x = (lab.images / 255. - mean) / deviation
        z, _, _ = smooth_twin.network(x, weights, NARROW, training=False)
        order = arrays[row + '/float64/index']
        np.testing.assert_array_equal(
            arrays[row + '/float64/clean_prediction'],
            z.argmax(axis=1)[order])
        np.testing.assert_allclose(
            arrays[row + '/float64/step'][:, 0], np.sqrt(np.mean(
                np.square(x), axis=(1, 2, 3)))[order] * 10 ** (-50 / 20))
    assert {name for name in os.listdir('out')
            if name.endswith(('.png', '.md'))} >= {
        'accuracy-Vanilla.png', 'accuracy-Adv.png', 'table.md'}
    capsys.readouterr()
    assert attack(*options) == 0
    assert 'out is finished: nothing to do' in capsys.readouterr().out
    # Pixels from 0 to 1 are other images, of the same network.
    assert attack('--models', 'Vanilla', '--snr', '33', '--attacks', 'fgsm',
                  '--norm-of', 'pixels', '--cut', 'always',
                  '--float64-attacks', '--out', 'pixels') == 0
    pixels = read_npz(os.path.join('pixels', ARRAYS))
    np.testing.assert_array_equal(pixels['Vanilla/float32/clean_prediction'],
                                  arrays['Vanilla/float32/clean_prediction'])
    np.testing.assert_allclose(
        pixels['Vanilla/float32/step'][:, 0], np.sqrt(np.mean(np.square(
            lab.images / 255.), axis=(1, 2, 3))) * 10 ** (-33 / 20),
        rtol=1e-5)
    assert (pixels['Vanilla/float32/FGSM true/snr'] > 33).any()


def test_other_data_and_other_papers_are_one_line(lab, tmp_path):
    write_run(tmp_path / 'other', 'Adv', random_weights(2), 'svhn')
    with pytest.raises(UserError, match='expected models of one data set'):
        attack('--models', 'Vanilla', str(tmp_path / 'other'))
    write_run(tmp_path / 'bang', 'Adv', random_weights(2), 'cifar10')
    path = tmp_path / 'bang' / 'run.json'
    path.write_text(path.read_text().replace(SMOOTH.format, 'bang-run/1'))
    with pytest.raises(UserError, match='expected a description of format '
                       'smooth-run/1'):
        attack('--models', str(tmp_path / 'bang'))
    with pytest.raises(UserError, match='expected a run folder'):
        attack('--models', 'nowhere')
    with pytest.raises(UserError, match='expected models in runs/smooth'):
        attack()
