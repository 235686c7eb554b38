"""README says what the results and the code say."""

import glob
import json
import os
import re

import pytest
from script_runner import ROOT, load_script

import attack_bang
import distill
import doctor
import explore
import import_caffe
import mnist_cnn
import noise_bang
import reproduce
from papers.registry import PAPERS, declaration
from study.ledger import read_ledger
from study.readme import between

SCRIPTS = {'mnist_cnn.py': mnist_cnn, 'distill.py': distill,
           'doctor.py': doctor, 'explore.py': explore,
           'bang.py': load_script('bang.py'), 'noise_bang.py': noise_bang,
           'attack_bang.py': attack_bang, 'import_caffe.py': import_caffe}


def readme():
    with open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as stream:
        return stream.read()


def test_every_accuracy_is_that_of_a_committed_run():
    rows = re.findall(r'^\| (M_\S+) .* (\d+\.\d+) % \(([\d,]+) of 10,000\)'
                      r'.*\| (\d+\.\d+)–(\d+\.\d+) % .*`(results/\S+)`',
                      readme(), re.M)
    runs = glob.glob(os.path.join(ROOT, 'results', 'models', 'seed0',
                                  '*', 'run.json'))
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


def part(mark):
    """README's part between two markers, markers included."""
    return re.search('(?s)<!-- %s -->.*<!-- end of %s -->' % (mark, mark),
                     readme()).group()


@pytest.mark.parametrize('name', PAPERS)
def test_the_tables_are_those_of_the_ledger(name):
    paper = declaration(name)
    ledger = read_ledger(paper, os.path.join(ROOT, paper.options.ledger))
    assert not ledger['study']['quick']
    assert part(paper.mark) == between(
        paper.mark, paper.markdown(ledger)), (
            'run python %s --tables' % paper.command)


def test_the_attack_on_caffes_weights_is_the_committed_one():
    with open(os.path.join(ROOT, 'results', 'bang', 'caffe-R0',
                           'attack.json'), encoding='utf-8') as stream:
        report = json.load(stream)['report']
    assert part('caffe r0') == between('caffe r0', report.split('\n\n', 1)[1])


def test_bangs_speeds_are_those_measured():
    figures = []
    for name in ('bang', 'adversarial'):
        with open(os.path.join(ROOT, 'results', 'speed',
                               name + '.json')) as stream:
            figures.append(json.load(stream))
    bang, adversarial = figures
    text = readme()
    assert ('%.3f of its time (quartiles %.3f–%.3f;' % (
        (bang['ratio'],) + tuple(bang['quartiles']))) in text
    assert '10,000 images: %.0f s' % adversarial['total'] in text
    assert adversarial['arguments']['samples'] == 10000


def test_what_we_found_is_in_the_ledger():
    """Its percentages: Algorithm 2 in float32, the share of maps that are
    all zero, and log-odds."""
    ledger = read_ledger(declaration('song'), os.path.join(
        ROOT, 'results', 'ledger.json'))
    rates = {(row['model'], row['arithmetic']): row
             for row in ledger['arithmetic']
             if (row['algorithm'], row['variant']) == (2, 'paper')}
    names = ('std', 'std-T20', 'distill')
    expected = [100 * rates[name, 'float32']['count']
                / rates[name, 'float32']['total'] for name in names]
    hot = rates['std-T20', 'float32']
    expected.append(100 * hot['all_zero'] / hot['total'])
    expected += [100 * rates[name, 'logodds']['count']
                 / rates[name, 'logodds']['total'] for name in names]
    text = re.search(r'(?s)\*\*What we found\..*?\n\n', readme()).group()
    assert re.findall(r'\d+\.\d', text) == ['%.1f' % rate
                                            for rate in expected]


def test_every_command_is_one_that_the_scripts_take():
    commands = re.findall(r'python (\w+\.py)([^`\n&(]*)', readme())
    assert len(commands) > 5
    for script, options in commands:
        if script in SCRIPTS or script.startswith('reproduce'):
            for variable, value in ((' N', ' 3'), ('$seed', '3'),
                                    ('$model', 'B1')):
                options = options.replace(variable, value)
            words = options.split('#')[0].split()
            if script in SCRIPTS:
                SCRIPTS[script].parser().parse_args(words)
                continue
            if script == 'reproduce_bang.py':
                words = ['bang'] + words
            name, words = reproduce.split(words)
            reproduce.parser(name).parse_args(words)


def test_every_file_that_it_names_is_there():
    for name in re.findall(r'`([a-z_]+\.(?:py|md)|[a-z]+/)`', readme()):
        assert os.path.exists(os.path.join(ROOT, name)), name
