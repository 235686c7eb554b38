"""The digest of the code that a result rests on."""

import pytest

from storage import identity as code

FILES = {
    'script.py': '"""About."""\nfrom mechanism import run\nX = "told.deep"\n',
    'mechanism.py': 'def run():\n    from below import thing\n    return 1\n',
    'below/__init__.py': '',
    'below/thing.py': 'X = 1\n',
    'below/source/thing.cpp': 'int x;\n',
    'told/__init__.py': '', 'told/deep.py': 'Y = "script.py"\n',
    'other.py': 'Z = 1\n', 'told/other.py': ''}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small one; (name, content) changes a file, and gives the digest."""
    monkeypatch.setattr(code, 'ROOT', str(tmp_path))

    def digest(name=None, content=''):
        for path, text in dict(FILES, **({name: content} if name else {})
                               ).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return code.code_digest('script')

    return digest


def test_it_follows_imports_wherever_they_stand_and_told_names(checkout):
    checkout()
    assert code.closure('script') == [
        'below', 'below.thing', 'mechanism', 'script', 'told', 'told.deep']


@pytest.mark.parametrize('name, content', [
    ('script.py', FILES['script.py'] + 'M = 2\n'),
    ('mechanism.py', FILES['mechanism.py'].replace('1', '2')),
    ('below/__init__.py', 'import other\n'),
    ('below/thing.py', 'X = "1"\n'),
    ('below/source/thing.cpp', 'int y;\n'),
    ('below/source/thing.h', 'int z;\n'),
    ('told/deep.py', 'Y = "script.pi"\n'),
    # Another block, not another breaking of lines.
    ('mechanism.py', 'def run():\n    from below import thing\nr = 1\n')])
def test_a_change_of_what_it_rests_on_changes_it(checkout, name, content):
    assert checkout() != checkout(name, content)


@pytest.mark.parametrize('name, content', [
    ('script.py', '"""Said otherwise."""\n' + FILES['script.py'][13:]),
    ('script.py', FILES['script.py'][13:]),
    ('mechanism.py', 'def run():\n    """Run."""\n    # Why.\n'
     '    from below import thing\n\n    return 1  # one\n'),
    ('other.py', 'Z = 2\n'), ('told/other.py', 'Z = 2\n'),
    ('new.py', 'Z = 2\n')])
def test_words_and_strangers_do_not(checkout, name, content):
    assert checkout() == checkout(name, content)


def test_scripts_rest_on_their_system_alone():
    song = set(code.closure('test1'))
    assert {'papers.song.network', 'attacking.computing',
            'saliency.attack', 'ops.library'} <= song
    assert not [name for name in song if name.startswith('papers.bang')]
    assert 'mnist_cnn' not in song     # named in sentences alone


@pytest.mark.parametrize('script, own, others', [
    ('mnist_cnn', 'song', 'bang'), ('distill', 'song', 'bang'),
    ('bang', 'bang', 'song'), ('import_caffe', 'bang', 'song'),
    ('smooth', 'smooth', 'bang')])
def test_trainings_rest_on_their_system_alone(script, own, others):
    """The module of the science is told by its name, and counts."""
    found = code.closure(script)
    assert {'papers.%s.training' % own, 'training.session'} <= set(found)
    assert not [name for name in found
                if name.startswith('papers.' + others)]
