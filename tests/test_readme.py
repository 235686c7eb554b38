"""README says what the results and the code say."""

import glob
import importlib.util
import json
import os
import re

from script_runner import ROOT

import attack_bang
import distill
import doctor
import explore
import import_caffe
import mnist_cnn
import noise_bang
import reproduce
from study.ledger import read_ledger
from study.tables import BEGIN, END, between


def script_bang():
    """bang.py, whose name is a package's, too."""
    spec = importlib.util.spec_from_file_location(
        'script_bang', os.path.join(ROOT, 'bang.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPTS = {'mnist_cnn.py': mnist_cnn, 'distill.py': distill,
           'doctor.py': doctor, 'explore.py': explore,
           'bang.py': script_bang(), 'noise_bang.py': noise_bang,
           'attack_bang.py': attack_bang, 'import_caffe.py': import_caffe,
           'reproduce.py': reproduce}


def readme():
    with open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as stream:
        return stream.read()


def test_every_accuracy_is_that_of_a_committed_run():
    rows = re.findall(r'^\| (M_\S+) .* (\d+\.\d+) % \(([\d,]+) of 10,000\)'
                      r'.*\| (\d+\.\d+)–(\d+\.\d+) % .*`(results/\S+)`',
                      readme(), re.M)
    runs = glob.glob(os.path.join(ROOT, 'results', 'models-*', '*',
                                  'run.json'))
    assert len(rows) == len(runs) > 0
    for _, percent, correct, low, high, folder in rows:
        with open(os.path.join(ROOT, folder, 'run.json')) as stream:
            description = json.load(stream)
        test = description['test']
        assert description['status'] == 'finished'
        assert description['data']['name'] == 'mnist'
        assert test['correct'] == int(correct.replace(',', ''))
        assert percent == '%.2f' % (100 * test['accuracy'])
        assert [low, high] == ['%.2f' % (100 * bound)
                               for bound in test['wilson_95']]


def test_the_tables_are_those_of_the_ledger():
    ledger = read_ledger(os.path.join(ROOT, 'results', 'ledger.json'))
    assert not ledger['study']['quick']
    found = re.search('(?s)%s.*%s' % (BEGIN, END), readme()).group()
    assert found == between(ledger), 'run python reproduce.py --tables'


def test_every_command_is_one_that_the_scripts_take():
    commands = re.findall(r'python (\w+\.py)([^`\n&(]*)', readme())
    assert len(commands) > 5
    for script, options in commands:
        if script in SCRIPTS:
            for variable, value in ((' N', ' 3'), ('$seed', '3'),
                                    ('$model', 'B1')):
                options = options.replace(variable, value)
            words = options.split('#')[0].split()
            SCRIPTS[script].parser().parse_args(words)


def test_every_file_that_it_names_is_there():
    for name in re.findall(r'`([a-z_]+\.(?:py|md)|[a-z]+/)`', readme()):
        assert os.path.exists(os.path.join(ROOT, name)), name


def attack_rows(path):
    """README's rows of one attack.json: a model's successes and all-zero
    maps, of the correctly classified samples."""
    with open(path) as stream:
        results = json.load(stream)
    cells = {}
    for attack in results['attacks']:
        rate = attack['summary']['rates']['correct']
        cells.setdefault(attack['model'], []).append(
            '%d/%d, %.1f %% (%.1f–%.1f) | %d' % (
                rate['count'], rate['total'],
                100 * rate['count'] / rate['total'], 100 * rate['low'],
                100 * rate['high'], rate['all_zero']))
    algorithm = results['identity']['arguments']['algorithm']
    return ['| %d | %s | %s |' % (algorithm, model, ' | '.join(columns))
            for model, columns in cells.items()]


def test_every_success_rate_is_that_of_a_committed_attack():
    expected = [row for path in sorted(glob.glob(os.path.join(
        ROOT, 'results', 'attacks-*', '*', 'attack.json')))
        for row in attack_rows(path)]
    found = re.findall(r'^\| [1-4] \| .*\|$', readme(), re.M)
    assert sorted(found) == sorted(expected) and expected
