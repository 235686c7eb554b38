"""Where results say that they come from."""

import subprocess

import pytest

from environment import provenance


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository of one commit in the place of ours."""
    monkeypatch.setattr(provenance, 'ROOT', str(tmp_path))
    for words in (('init',), ('add', '.'), (
            '-c', 'user.name=n', '-c', 'user.email=e', 'commit', '-m', 'm')):
        (tmp_path / 'file').write_text('content')
        subprocess.run(('git',) + words, cwd=str(tmp_path), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return tmp_path


def test_the_commit_and_whether_it_is_changed(checkout):
    commit = provenance.git_commit()
    assert len(commit) == 40
    (checkout / 'file').write_text('other')
    assert provenance.git_commit() == commit + '-dirty'
    (checkout / 'COMMIT').write_text('of an image\n')
    assert provenance.git_commit() == 'of an image'


def test_a_checkout_of_another_user(checkout, monkeypatch):
    commit = provenance.git_commit()
    monkeypatch.setenv('GIT_TEST_ASSUME_DIFFERENT_OWNER', 'true')
    assert subprocess.run(['git', 'status'], cwd=str(checkout),
                          stderr=subprocess.DEVNULL).returncode != 0
    assert provenance.git_commit() == commit


def test_no_repository(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, 'ROOT', str(tmp_path))
    assert provenance.git_commit() is None
