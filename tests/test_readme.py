"""README and docs/ say what the results and the code say."""

import glob
import json
import os
import re
import shlex

import pytest
from script_runner import ROOT, load_script

import attack_bang
import attack_smooth
import distill
import doctor
import explore
import import_caffe
import mnist_cnn
import noise_bang
import reproduce
import smooth
from papers.registry import chapters
from reporting.chapters import parts
from study.ledger import read_ledger
from study.readme import between

SCRIPTS = {'mnist_cnn.py': mnist_cnn, 'distill.py': distill,
           'doctor.py': doctor, 'explore.py': explore,
           'bang.py': load_script('bang.py'), 'noise_bang.py': noise_bang,
           'attack_bang.py': attack_bang, 'import_caffe.py': import_caffe,
           'smooth.py': smooth, 'attack_smooth.py': attack_smooth,
           'test1.py': load_script('test1.py'),
           'test2.py': load_script('test2.py'),
           'test3.py': load_script('test3.py'),
           'test4.py': load_script('test4.py')}
PAGES = ['README.md'] + sorted(
    os.path.join('docs', name) for name in os.listdir(os.path.join(
        ROOT, 'docs')))
#: What the pages name and a clone has not: what runs leave, what a paper adds.
MADE = {'runs/', 'studies/', 'results/gpu', 'chapter.md', 'macros.md'}


def read(page):
    with open(os.path.join(ROOT, page), encoding='utf-8') as stream:
        return stream.read()


def results(*path):
    with open(os.path.join(ROOT, 'results', *path),
              encoding='utf-8') as stream:
        return json.load(stream)


def part(page, mark):
    """A page's part between two markers, markers included."""
    return re.search('(?s)<!-- %s -->.*<!-- end of %s -->' % (mark, mark),
                     read(page)).group()


def test_readme_is_short():
    assert len(read('README.md').splitlines()) <= 200


def test_every_accuracy_is_that_of_a_committed_run():
    rows = re.findall(r'^\| (M_\S+) .* (\d+\.\d+) % \(([\d,]+) of 10,000\)'
                      r'.*\| (\d+\.\d+)–(\d+\.\d+) % .*`results/(\S+)`',
                      read('docs/song.md'), re.M)
    runs = glob.glob(os.path.join(ROOT, 'results', 'models', 'seed0',
                                  '*', 'run.json'))
    assert len(rows) == len(runs) > 0
    for _, percent, correct, low, high, folder in rows:
        description = results(folder, 'run.json')
        test = description['test']
        assert description['status'] == 'finished'
        assert description['data']['name'] == 'mnist'
        assert test['correct'] == int(correct.replace(',', ''))
        assert percent == '%.2f' % (100 * test['accuracy'])
        assert [low, high] == ['%.2f' % (100 * bound)
                               for bound in test['wilson_95']]


@pytest.mark.parametrize('chapter', chapters(),
                         ids=lambda chapter: chapter.name)
def test_the_generated_parts_are_those_of_the_ledger(chapter):
    ledger = read_ledger(chapter.paper, os.path.join(
        ROOT, chapter.paper.options.ledger))
    assert not ledger['study']['quick']
    for page, mark, text in parts(chapter, ledger):
        assert part(page, mark) == between(mark, text), (
            'run python %s --tables' % chapter.paper.command)


@pytest.mark.parametrize('name', ['caffe-R0', 'caffe-cifar10-R0',
                                  'caffe-cifar10-R0-own'])
def test_the_attacks_on_caffes_weights_are_the_committed_ones(name):
    report = results('bang', name, 'attack.json')['report']
    mark = name.replace('-', ' ').lower()
    assert part('docs/bang.md', mark) == between(
        mark, report.split('\n\n', 1)[1])


@pytest.mark.parametrize('model', ['B1', 'B3'])
@pytest.mark.parametrize('label, folder', [
    ("Caffe's sum", ('whole', 'attacks', 'seed0')),
    ("Theano's sum", ('theano-softmax',))])
def test_the_softmaxes_differ_by_what_was_measured(model, label, folder):
    row = next(line for line in read('docs/bang.md').splitlines()
               if line.strip().startswith('| %s, %s' % (model, label)))
    [found] = results('bang', *folder, model, 'attack.json')['models']
    fgs, hc1 = (found['attacks'][name] for name in ('FGS published', 'HC1'))
    assert row.strip().split(' | ')[1:] == [
        '%.2f' % (100 * rate['count'] / rate['total']) for rate in (
            found['accuracy'], fgs['rate'], hc1['rate'])] + [
        '%.1f |' % hc1['l_infinity']['mean']]


def test_bangs_speeds_are_those_measured():
    text = read('docs/bang.md')
    for name, words in (('bang', '%.3f of its time (quartiles %.3f–%.3f;'),
                        ('bang-trained', 'smaller, %.3f (%.3f–%.3f;')):
        found = results('speed', name + '.json')
        assert words % (found['ratio'], *found['quartiles']) in (
            text.replace('\n', ' '))
    for name, threads in (('bang-cifar', 1), ('bang-cifar-two-threads', 2),
                          ('bang-cifar-avx2', 1)):
        row = next(line for line in text.splitlines()
                   if '`%s.json`' % name in line)
        found = results('speed', name + '.json')
        assert found['machine']['threads'] == threads
        assert row.split('|')[2:4] == [
            ' %-*.3f ' % (width, found[ratio]) for width, ratio in (
                (24, 'ratio'), (21, 'pytorch_ratio'))]
    for name, words in (('adversarial-cifar', '%.0f s of CIFAR-10'),
                        ('adversarial', '%.0f s of MNIST')):
        found = results('speed', name + '.json')
        assert found['arguments']['samples'] == 10000
        assert words % found['total'] in text


def test_the_networks_speeds_are_those_measured():
    rows = re.findall(r'\| ([0-9.]+) \| `(smooth-\w+\.json)` \|',
                      read('docs/smooth.md'))
    assert len(rows) == 7
    for number, name in rows:
        found = list(results('speed', name)['ratios'].values())
        assert '%.3f' % found[0]['ratio'] == number and len(found) == 1


@pytest.mark.parametrize('page', PAGES)
def test_every_command_is_one_that_the_scripts_take(page):
    for script, options in re.findall(r'python (\w+\.py)([^`\n&(]*)',
                                      read(page)):
        if script in SCRIPTS or script.startswith('reproduce'):
            for variable, value in ((' N', ' 3'), ('$seed', '3'),
                                    ('$model', 'B1')):
                options = options.replace(variable, value)
            words = shlex.split(options, comments=True)
            if script in SCRIPTS:
                SCRIPTS[script].parser().parse_args(words)
                continue
            if script == 'reproduce_bang.py':
                words = ['bang'] + words
            name, words = reproduce.split(words)
            reproduce.parser(name).parse_args(words)


@pytest.mark.parametrize('page', PAGES)
def test_every_file_that_it_names_is_there(page):
    text = read(page)
    named = re.findall(r'`([a-z_]+\.(?:py|md)|[a-z]+/|'
                       r'(?:papers|reporting|saliency|attacks|network|ops|'
                       r'benchmarks|docker|tests|data|results|weights)/'
                       r'[\w/.-]*\w)`', text)
    for name in set(named) - MADE:
        assert 'NAME' in name or os.path.exists(
            os.path.join(ROOT, name)), name


def anchors(page):
    """The headings of a page, as links name them."""
    return {re.sub(r'[^\w -]', '', title).lower().replace(' ', '-')
            for title in re.findall(r'(?m)^#+ (.*)', read(page))}


@pytest.mark.parametrize('page', PAGES)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r'\]\(([^)]+)\)', read(page)):
        if target.startswith('https://'):
            continue
        path, _, anchor = target.partition('#')
        found = os.path.normpath(os.path.join(os.path.dirname(page),
                                              path)) if path else page
        assert os.path.exists(os.path.join(ROOT, found)), target
        if anchor:
            assert anchor in anchors(found), target


def test_every_page_is_linked_from_readme():
    linked = set(re.findall(r'\]\((docs/[^)#]+)\)', read('README.md')))
    assert linked == set(PAGES) - {'README.md'}
