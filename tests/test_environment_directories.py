"""Where compiled code is kept, whatever the paths and the user are like."""

import importlib.util
import os
import types

import pytest
from fresh_process import PREPARE, fresh

import environment
from environment import directories, toolchain
from errors import UserError

ODD = ['a b', 'a,b', 'a:b', 'a\'b', 'a"b', 'a\\b', 'a$b', 'a\nb',
       os.fsdecode(b'a\xffb')]


@pytest.fixture
def tmp(tmp_path, monkeypatch):
    """A temporary folder; the user's folder in it."""
    monkeypatch.setattr(directories.tempfile, 'gettempdir',
                        lambda: str(tmp_path / 'tmp'))
    return str(tmp_path / 'tmp' / ('song2017-%d' % os.getuid()))


def mount_noexec(monkeypatch, *folders):
    """Let the file system say that these folders hold no code that runs."""
    statvfs = os.statvfs

    def pretend(path):
        if path.startswith(folders):
            return types.SimpleNamespace(f_flag=os.ST_NOEXEC)
        return statvfs(path)

    monkeypatch.setattr(directories.os, 'statvfs', pretend)


@pytest.mark.parametrize('cache, home', [
    ('file', '/'), ('', 'file'), ('', '~')] + [(odd, '/') for odd in ODD])
def test_where_the_cache_cannot_be_used_a_private_folder_serves(
        tmp_path, tmp, monkeypatch, cache, home):
    """No folder there, an odd path, a read-only home, no home."""
    (tmp_path / 'file').write_text('')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('XDG_CACHE_HOME', cache and str(tmp_path / cache))
    monkeypatch.setattr(
        directories.os.path, 'expanduser',
        lambda path: path if home == '~' else str(tmp_path / home))
    folder = environment.compile_directory()
    assert folder == os.path.join(tmp, 'compiled')
    assert os.stat(folder).st_mode & 0o777 == 0o700
    assert sorted(os.listdir(str(tmp_path))) == ['file', 'tmp']


def test_other_paths_pass(tmp_path, monkeypatch):
    cache = str(tmp_path / 'é()&;!*?[]{}<>|`^~@+=#%d')
    monkeypatch.setenv('XDG_CACHE_HOME', cache)
    assert environment.compile_directory().startswith(cache)


def test_code_is_never_loaded_from_another_users_folder(
        tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    monkeypatch.setattr(directories.tempfile, 'gettempdir',
                        lambda: str(tmp_path))
    monkeypatch.setattr(directories.os, 'getuid', lambda: 12345678)
    with pytest.raises(UserError, match='is another user'):
        environment.compile_directory()


def test_code_is_not_kept_where_none_runs(tmp_path, tmp, monkeypatch):
    cache = str(tmp_path / 'cache')
    monkeypatch.setenv('XDG_CACHE_HOME', cache)
    mount_noexec(monkeypatch, cache)
    assert environment.compile_directory() == os.path.join(tmp, 'compiled')
    mount_noexec(monkeypatch, cache, tmp)
    with pytest.raises(UserError, match='song2017.* is mounted noexec.*set '
                                        'XDG_CACHE_HOME'):
        environment.compile_directory()
    with pytest.raises(UserError, match='mounted noexec.*: set base_comp'):
        directories.require_code(os.path.join(cache, 'mine'))


def test_an_odd_temporary_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'a:b'))
    monkeypatch.setattr(directories.tempfile, 'gettempdir',
                        lambda: str(tmp_path / 'a b'))
    with pytest.raises(UserError, match='has a blank, a comma, a colon'):
        environment.compile_directory()


def test_a_link_stands_for_an_odd_path(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    folder = str(tmp_path / 'a: b')
    os.mkdir(folder)
    link = directories.passing_name(folder)
    assert directories.passes(link) and os.path.samefile(link, folder)
    assert directories.passing_name(folder) == link
    assert directories.passing_name(str(tmp_path)) == str(tmp_path)


def test_the_blas_of_an_odd_environment_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    origin = importlib.util.find_spec('scipy_openblas32').origin
    odd = str(tmp_path / 'my, environment')
    os.symlink(os.path.dirname(origin), odd)
    monkeypatch.setattr(
        toolchain.importlib.util, 'find_spec', lambda name:
        types.SimpleNamespace(origin=os.path.join(odd, '__init__.py')))
    folder = toolchain.find_blas().folder
    assert directories.passes(folder)
    assert os.path.samefile(folder, os.path.join(odd, 'lib'))


UNKNOWN = '''
import pwd
def unknown(uid): raise KeyError(uid)
pwd.getpwuid = unknown
'''


def test_a_user_without_entry_and_home(tmp_path):
    code, out, err = fresh(
        UNKNOWN + PREPARE % 'threads=1, ops="theano"'
        + 'import os, matplotlib\nprint(matplotlib.get_configdir())\n'
        'print("HOME" in os.environ)', tmp_path, HOME=None,
        XDG_CACHE_HOME=None, XDG_CONFIG_HOME=None, MPLCONFIGDIR=None,
        TMPDIR=str(tmp_path))
    assert code == 0, err
    line, configuration, home = out.splitlines()
    private = str(tmp_path / ('song2017-%d' % os.getuid()))
    assert 'compiling in %s/compiled' % private in line
    assert (configuration, home) == (private + '/matplotlib', 'False')


@pytest.mark.parametrize('variables', [
    {'TMPDIR': 'a%b', 'USER': '50%'}, {'HOME': '/100%', 'USER': None}])
def test_a_percent_sign_is_no_reference(tmp_path, variables):
    code, out, err = fresh(
        PREPARE % 'threads=1, ops="theano"' + 'import os\n'
        'print(os.environ.get("TMPDIR"), os.environ.get("USER"))', tmp_path,
        **variables)
    assert code == 0, err
    assert out.startswith('environment: cpu'), out
    expected = dict(os.environ, **variables)
    assert out.splitlines()[1] == '%s %s' % (expected.get('TMPDIR'),
                                             expected.get('USER'))
