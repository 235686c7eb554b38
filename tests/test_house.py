"""The house's order: imports point down, mechanisms know no paper.

What stands here is what a third paper rests on: it is a folder beside the
others, and nothing below it has to change.
"""

import ast
import functools
import os
import re
import subprocess

import pytest
from script_runner import ROOT

#: From the lowest to the highest. Modules of one line may import each other.
LAYERS = (
    ('errors', 'storage.atomic', 'storage.locking'),
    ('command_line', 'environment', 'mishaps', 'plotting'),
    ('data', 'metrics', 'ops', 'storage'),
    ('attacks', 'network', 'saliency'),
    ('training',),
    ('attacking',),
    ('study',),
    ('reporting',),
    ('papers',),
    ('benchmarks', 'checks', 'docker', 'setup'))
#: The folders that must know no paper; `saliency` and `attacks` are what
#: papers have in common with each other, by the names that these gave them.
MECHANISMS = ('attacking', 'data', 'environment', 'metrics', 'network', 'ops',
              'reporting', 'storage', 'study', 'training')
#: Papers, their authors' models and attacks, the scripts that are theirs.
OF_PAPERS = re.compile(
    r'(?<![a-z0-9-])(song|bang|smooth(ness)?|parseval|psv|lenet|caffe|algorithm\w*|'
    r'std-t\d*|distill\w*|fgs|hc1|mnist_cnn|test[1-4])(?![a-z0-9])', re.I)
#: The project's own name, in folders of caches and formats of files.
PROJECT = re.compile('song2017')


@functools.lru_cache(maxsize=None)
def modules():
    """Our modules, {name: path}, as git knows them, without the tests."""
    paths = subprocess.run(
        ['git', 'ls-files', '-co', '--exclude-standard', '*.py'], cwd=ROOT,
        check=True, stdout=subprocess.PIPE).stdout.decode().split()
    return {path[:-3].replace('/', '.').replace('.__init__', ''): path
            for path in paths if not path.startswith('tests/')
            and os.path.exists(os.path.join(ROOT, path))}


@functools.lru_cache(maxsize=None)
def tree(name):
    """A module's syntax."""
    with open(os.path.join(ROOT, modules()[name]), encoding='utf-8') as file:
        return ast.parse(file.read())


@functools.lru_cache(maxsize=None)
def imports(name):
    """Our modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            whole = {'%s.%s' % (node.module, alias.name)
                     for alias in node.names}
            found.update(whole & set(modules()) or {node.module})
    return found & set(modules())


def layer(name):
    """How high a module stands; scripts at the top of all."""
    for prefix in (name, name.partition('.')[0]):
        for height, names in enumerate(LAYERS):
            if prefix in names:
                return height
    assert '.' not in name, 'a folder of no layer: %s' % name
    return len(LAYERS)


def test_imports_point_down():
    up = ['%s imports %s' % (name, other) for name in modules()
          for other in imports(name) if layer(other) > layer(name)]
    assert not up


def test_no_module_comes_back_to_itself():
    finished, path = set(), []

    def visit(name):
        assert name not in path, ' -> '.join(path[path.index(name):] + [name])
        if name not in finished:
            path.append(name)
            for other in imports(name):
                visit(other)
            finished.add(path.pop())

    for name in modules():
        visit(name)


def test_papers_know_nothing_of_each_other():
    def paper(name):
        parts = name.split('.')
        return parts[1] if parts[0] == 'papers' and parts[2:] else None

    assert not ['%s imports %s' % (name, other) for name in modules()
                for other in imports(name)
                if paper(name) and paper(other)
                and paper(name) != paper(other)]


def words(name):
    """(line, text) of a module's names and texts, without docstrings."""
    said = {id(node.body[0].value) for node in ast.walk(tree(name))
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and ast.get_docstring(node) is not None}
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and id(node) not in said:
                yield node.lineno, node.value
            continue
        for field in ('id', 'attr', 'name', 'arg', 'module'):
            text = getattr(node, field, None)
            if isinstance(text, str):
                yield getattr(node, 'lineno', 0), text


@pytest.mark.parametrize('folder', MECHANISMS)
def test_mechanisms_name_no_paper(folder):
    named = ['%s:%d: %s' % (path, line, text)
             for name, path in modules().items()
             if name.partition('.')[0] == folder
             for line, text in words(name)
             if OF_PAPERS.search(PROJECT.sub('', text).replace('_', ' '))]
    assert not named


def test_the_words_that_name_papers_are_found():
    assert all(map(OF_PAPERS.search, (
        'papers.song.network', 'bang_ledger'.replace('_', ' '), 'BANG',
        'Algorithm 2', 'runs/std-T20', 'test1.py', 'mnist_cnn.py',
        'distilled', 'LeNet')))
    assert not any(map(OF_PAPERS.search, (
        'songs', 'standard', 'testing', 'std_of'.replace('_', 'x'))))
