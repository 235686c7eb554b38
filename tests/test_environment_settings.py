"""The user's settings for Theano, from wherever Theano reads them."""

import json

import pytest
from fresh_process import PREPARE, fresh

from environment import operations
from environment.theano_flags import UserSettings, join_flags, user_flags
from errors import UserError

FIRST = '''[DEFAULT]
optimizer = o3
[global]
mode = FAST_COMPILE
floatX = float64
linker = vm
[dnn.conv]
algo_fwd = small
'''
SECOND = '''[global]
MODE = FAST_RUN
base_compiledir = /compiled/%(USER)s/50%%
device = cuda
[gcc]
cxxflags = -DHALF=%s
'''
NAMES = ['mode', 'floatX', 'linker', 'optimizer', 'base_compiledir', 'device',
         'gcc.cxxflags', 'dnn.conv.algo_fwd', 'blas.ldflags', 'cxx']


@pytest.fixture
def rc(tmp_path, monkeypatch):
    """Write Theano's files of settings and name them; their THEANORC."""
    def write(*texts):
        paths = [tmp_path / ('rc%d' % k) for k in range(len(texts))]
        for path, text in zip(paths, texts):
            path.write_text(text)
        theanorc = ':'.join(map(str, paths))
        monkeypatch.setenv('THEANORC', theanorc)
        return theanorc
    monkeypatch.setenv('THEANO_FLAGS', '')
    return write


def test_flags_are_read_as_theano_reads_them(monkeypatch):
    monkeypatch.setenv('THEANO_FLAGS', 'device=cpu,"blas.ldflags=-Wl,-x -lm",'
                       ' floatX = float64 ,nonsense')
    flags = user_flags()
    assert flags == {'device': 'cpu', 'blas.ldflags': '-Wl,-x -lm',
                     'floatX': 'float64'}
    from theano.configparser import parse_config_string
    flags['cxx'] = r'''/my "own", it's/a\b\\'''
    assert parse_config_string(join_flags(flags)) == flags


def test_flags_that_cannot_be_read(monkeypatch):
    monkeypatch.setenv('THEANO_FLAGS', 'cxx="g++')
    with pytest.raises(UserError, match='No closing quotation'):
        user_flags()


def test_files_are_read_as_theano_reads_them(rc, tmp_path, monkeypatch):
    """Theano's own word, in a process of its own."""
    rc(FIRST, SECOND)
    monkeypatch.setenv('USER', 'me')
    user = UserSettings()
    # It forgets a flag once it has read it, and then speaks of the files.
    code, out, err = fresh('''
import json
import theano
from theano.configparser import fetch_val_for_key
def fetch(name):
    try: return fetch_val_for_key(name)
    except KeyError: return ""
print(json.dumps([fetch(name) for name in %r]))
''' % NAMES, tmp_path, THEANO_FLAGS='device=cpu,base_compiledir=%s,'
        'blas.ldflags=' % tmp_path)
    assert code == 0, err
    assert json.loads(out.splitlines()[-1]) == list(map(user.get, NAMES))


def test_flags_count_more_than_files_and_later_files_than_earlier(
        rc, monkeypatch):
    theanorc = rc(FIRST, SECOND)
    monkeypatch.setenv('THEANO_FLAGS', 'linker=c')
    monkeypatch.setenv('USER', 'me%you')
    user = UserSettings()
    assert {name: user.get(name) for name in NAMES} == {
        'mode': 'FAST_RUN', 'floatX': 'float64', 'linker': 'c',
        'optimizer': 'o3', 'base_compiledir': '/compiled/me%you/50%',
        'device': 'cuda', 'gcc.cxxflags': '-DHALF=%s',
        'dnn.conv.algo_fwd': 'small', 'blas.ldflags': '', 'cxx': ''}
    assert user.find('linker')[1] == 'THEANO_FLAGS'
    assert user.find('mode')[1] == theanorc
    assert 'cxx' not in user and user.find('cxx') == (None, '')


def test_a_file_that_cannot_be_read(rc):
    theanorc = rc('mode=FAST_COMPILE\n')
    with pytest.raises(UserError, match='%s: expected settings for Theano, '
                       '.*no section headers' % theanorc):
        UserSettings()


def test_the_users_stand_but_for_those_of_options(rc, monkeypatch):
    rc(FIRST, SECOND)
    monkeypatch.setenv('THEANO_FLAGS', 'openmp=False,nocleanup=True')
    monkeypatch.setenv('USER', 'me')
    ours = {'device': 'cpu', 'floatX': 'float32', 'openmp': 'True',
            'base_compiledir': '/ours', 'compile.wait': '1'}
    assert UserSettings().over(ours) == {
        'device': 'cpu', 'floatX': 'float32', 'openmp': 'False',
        'base_compiledir': '/compiled/me/50%', 'compile.wait': '1',
        'nocleanup': 'True'}


def test_what_changes_the_numbers_is_told(rc, monkeypatch):
    path = rc('[global]\nopenmp = False\ncast_policy = numpy+floatX\n')
    monkeypatch.setenv('THEANO_FLAGS', 'gcc.cxxflags=-DX,nocleanup=True')
    assert str(UserSettings()) == (
        'cast_policy=numpy+floatX (%s), openmp=False (%s), '
        'gcc.cxxflags=-DX (THEANO_FLAGS)' % (path, path))


@pytest.mark.parametrize('setting', [
    'optimizer=fast_compile', 'optimizer_excluding=inplace:bias_relu',
    'linker=py'])
def test_files_that_keep_our_operations_out_are_named(rc, setting):
    path = rc('[global]\n%s\n' % setting)
    assert operations.choose_ops('auto', 'cpu', True) == (
        'theano', '%s sets %s' % (path, setting))


@pytest.mark.parametrize('setting, words', [
    ('[global]\nmode=FAST_COMPILE', 'sets mode=FAST_COMPILE, with which '
     'Theano cannot run the networks: unset it'),
    ('[global]\ncxx=', 'sets cxx to nothing, and Theano would crawl'),
    ('[blas]\nldflags=-lnowhere', 'sets blas.ldflags=-lnowhere (/usr')])
def test_settings_that_cannot_work_are_refused(rc, tmp_path, setting, words):
    path = rc(setting)
    _, out, err = fresh(PREPARE % 'threads=1', tmp_path, THEANORC=path)
    assert out.startswith('refused ') and len(out.splitlines()) == 1, err
    assert '%s %s' % (path, words) in out


def test_a_files_settings_reach_theano_and_the_line(rc, tmp_path):
    folder = tmp_path / 'mine'
    path = rc('[global]\nfloatX=float64\nbase_compiledir=%s\n'
              '[gcc]\ncxxflags=-DMINE\n' % folder)
    code, out, err = fresh(
        PREPARE % 'threads=1, ops="theano"' + 'import theano\n'
        'print(theano.config.floatX, theano.config.gcc.cxxflags)', tmp_path,
        THEANORC=path)
    assert code == 0, err
    line, values = out.splitlines()
    assert 'compiling in %s, ' % folder in line
    assert line.endswith(', with gcc.cxxflags=-DMINE (%s)' % path)
    assert values.startswith('float32 ')
    assert '-DMINE' in values and '-Dsgemm_=scipy_sgemm_' in values
