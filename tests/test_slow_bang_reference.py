"""The authors' own R0 weights give R0's rows of BANG's tables.

BANG_WEIGHTS names their lenet_r0.caffemodel.h5, BANG_CIFAR_WEIGHTS their
cifar10_r0.caffemodel.h5, which are not ours to ship; MNIST and CIFAR-10 are
needed besides. Attacks are run on every eighth test image, so means
may differ from the paper's by four standard errors; accuracy and blank
gradients are counted on all.
"""

import json
import os

import numpy as np
import pytest
from script_runner import Scripts

from papers.bang.printed import printed

pytestmark = pytest.mark.slow
needs_lenet = pytest.mark.skipif(
    'BANG_WEIGHTS' not in os.environ,
    reason='BANG_WEIGHTS names no lenet_r0.caffemodel.h5')
needs_cifar = pytest.mark.skipif(
    not {'BANG_CIFAR_WEIGHTS', 'CIFAR10_DIR'} <= set(os.environ),
    reason='BANG_CIFAR_WEIGHTS names no cifar10_r0.caffemodel.h5, or '
    'CIFAR10_DIR no CIFAR-10')
EVERY = 8


@pytest.fixture(scope='module')
def results(tmp_path_factory):
    """run.json of the imported model and attack.json of an attack on it."""
    scripts = Scripts(tmp_path_factory.mktemp('reference'))
    scripts.succeed('import_caffe.py', os.environ['BANG_WEIGHTS'], '--model',
                    'R0', '--dataset', 'mnist', '--out', 'R0')
    with open(scripts.path('indices.txt'), 'w') as stream:
        stream.write('\n'.join(map(str, range(0, 10000, EVERY))))
    scripts.succeed('attack_bang.py', '--models', 'R0', '--indices',
                    'indices.txt', '--out', 'attack', '--pictures', 0)
    found = []
    for parts in (('R0', 'run.json'), ('attack', 'attack.json')):
        with open(scripts.path(*parts)) as stream:
            found.append(json.load(stream))
    return found


@needs_lenet
def test_accuracy_is_the_papers_to_the_last_digit(results):
    assert results[0]['test']['correct'] == 9916


@needs_lenet
@pytest.mark.parametrize('name, column', [('FGS published', 'fgs'),
                                          ('HC1', 'hc1')])
def test_rate_distance_and_pass_are_the_papers(results, name, column):
    paper = getattr(printed('lenet', 'R0'), column)
    summary, = results[1]['models']
    attack = summary['attacks'][name]
    rate = attack['rate']
    slack = rate['high'] - rate['low']  # about four standard errors
    assert abs(rate['count'] / rate['total'] - paper.rate / 100) < slack
    for key, (expected, deviation), known in (
            ('passed', paper.passed, .003),
            ('l_infinity', paper.l_infinity, 1.)):
        assert abs(attack[key]['mean'] - expected) < known + (
            4 * deviation / np.sqrt(rate['count']))


@needs_lenet
def test_the_log_odds_gradient_has_no_blanks(results):
    attacks = results[1]['models'][0]['attacks']
    assert (attacks['FGS log-odds']['blank'] == 0
            < attacks['FGS published']['blank'])
    rate = attacks['FGS log-odds']['rate']
    assert rate['count'] > .99 * rate['total']


@needs_cifar
def test_cifar_quick_has_the_papers_accuracy_to_the_last_digit(tmp_path):
    scripts = Scripts(tmp_path)
    scripts.succeed('import_caffe.py', os.environ['BANG_CIFAR_WEIGHTS'],
                    '--model', 'R0', '--out', 'R0')
    with open(scripts.path('R0', 'run.json')) as stream:
        about = json.load(stream)
    assert about['test']['correct'] == 7959
    assert about['data']['name'] == 'cifar10' and about['data']['order']
