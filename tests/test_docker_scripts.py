"""The scripts of docker/ do what they say, and refuse what they cannot do.

They run with stand-ins for what takes an engine, root or a network; that
images and bundles build and work is what docker/build.sh and
docker/check-bundle.sh find out.
"""

import os
import subprocess
import sys

import pytest
from script_runner import ROOT
from shell import DOCKER, refuse, shell, stub

from environment import provenance

SCRIPTS = ('base.sh', 'build.sh', 'bundle.sh', 'check-bundle.sh')
NOBODY = 65534


@pytest.mark.parametrize('name', sorted(
    name for name in os.listdir(DOCKER) if not name.endswith('.py')))
def test_syntax(name):
    path = os.path.join(DOCKER, name)
    with open(path) as stream:
        language = stream.readline().split('/')[-1].split()[-1]
    subprocess.run([language, '-n', path], check=True)
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize('script', SCRIPTS)
def test_help_and_bad_options(script):
    code, out, err = shell(script, '--help')
    assert (code, err) == (0, '') and out.startswith('docker/' + script)
    assert "unknown option '--no'" in refuse(script, '--no', code=2)


@pytest.mark.parametrize('words, complaint', [
    (('--target', 'gpu'), "--target: expected cpu or cuda, got 'gpu'"),
    (('--engine', 'make'), "docker, podman or buildah, got 'make'"),
    (('--tag',), '--tag: expected a value'),
])
def test_build_refuses(words, complaint):
    assert complaint in refuse('build.sh', *words, code=2)


def test_a_client_without_an_engine_is_not_taken(tmp_path):
    path = stub(tmp_path, 'docker', 'exit 1')
    line = refuse('build.sh', '--engine', 'docker', PATH='%s:%s' % (
        path, os.environ['PATH']))
    assert line.endswith('expected docker to be here and to run, but it '
                         'does not')


def test_build_says_size_and_time_of_what_passed_its_checks(tmp_path):
    log = tmp_path / 'log'
    path = stub(tmp_path, 'docker', 'echo "$@" >>%s' % log,
                '[ "$1" != images ] || echo 1.2GB')
    variables = {'PATH': '%s:%s' % (path, os.environ['PATH'])}
    code, out, err = shell('build.sh', '--engine', 'docker', '--target',
                           'cuda', '--', '--quiet', **variables)
    assert code == 0, err
    assert 'song2017:cuda: built in' in out and '1.2GB' in out
    calls = log.read_text().splitlines()
    assert '--quiet --target cuda --tag song2017:cuda' in calls[1]
    assert calls[-1].startswith('run --rm song2017:cuda-tests python -m')
    stub(tmp_path, 'docker', '[ "$1" != run ]')
    code, out, _ = shell('build.sh', '--engine', 'docker', **variables)
    assert code == 1 and 'built in' not in out


def test_the_entry_point_makes_the_folders_and_becomes_the_command(tmp_path):
    data = tmp_path / 'data'
    code, out, err = shell('entrypoint.sh', 'sh', '-c', 'echo "$1 done"; '
                           'exit 7', 'x', 'two words', SONG2017_DATA=str(data))
    assert (code, out) == (7, 'two words done\n')
    assert sorted(os.listdir(str(data))) == [
        'cache', 'report', 'results', 'runs', 'studies']
    assert err == ('song2017: no volume is mounted at %s: results will go '
                   'with this container\n' % data)


@pytest.mark.parametrize('variables, device', [
    ({}, 'cpu'), ({'SONG2017_GPU': '/no/gpu'}, 'cpu'),
    ({'SONG2017_GPU': os.devnull}, 'cuda0'),
    ({'SONG2017_GPU': os.devnull, 'SONG2017_DEVICE': 'cuda1'}, 'cuda1')])
def test_the_cuda_image_means_the_gpu_where_there_is_one(tmp_path, variables,
                                                         device):
    program = ('import argparse, command_line; p = argparse.ArgumentParser();'
               'command_line.add_device_option(p);'
               'print(p.parse_args([]).device,'
               ' p.parse_args(["--device", "cpu"]).device)')
    code, out, _ = shell('entrypoint.sh', sys.executable, '-c', program,
                         SONG2017_DATA=str(tmp_path), PYTHONPATH=ROOT,
                         **variables)
    assert (code, out) == (0, device + ' cpu\n')


def test_the_entry_point_refuses_a_volume_that_is_no_folder(tmp_path):
    data = tmp_path / 'file'
    data.write_text('')
    line = refuse('entrypoint.sh', 'echo', 'ran', SONG2017_DATA=str(data))
    assert 'expected %s to be writable' % data in line


def test_the_entry_point_refuses_a_volume_of_somebody_else(tmp_path):
    data = tmp_path / 'data'
    for name in ('cache', 'runs', 'studies', 'report', 'results'):
        (data / name).mkdir(parents=True)
    (data / 'runs').chmod(0o555)
    # Root may write anywhere; where the checkout and pytest's folders lie
    # others may not enter, so that the script comes along as text.
    drop = (lambda: os.setuid(NOBODY)) if os.getuid() == 0 else None
    with open(os.path.join(DOCKER, 'entrypoint.sh')) as stream:
        script = stream.read()
    process = subprocess.run(
        ['sh', '-c', script, 'entrypoint.sh', 'echo', 'ran'], cwd='/',
        capture_output=True, preexec_fn=drop, text=True,
        env=dict(os.environ, SONG2017_DATA=str(data)))
    assert (process.returncode, process.stdout) == (1, '')
    line, = process.stderr.splitlines()
    assert 'for user %d' % (NOBODY if drop else os.getuid()) in line
    assert '--user "$(id -u):$(id -g)"' in line


SOURCES = '''\
Types: deb
# kept
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates

Types: deb
URIs: http://deb.debian.org/debian-security/
Suites: bookworm-security
'''


def test_a_snapshot_of_debian(tmp_path):
    sources = tmp_path / 'debian.sources'
    sources.write_text(SOURCES)
    assert shell('use-snapshot.sh', '', SOURCES=str(sources))[0] == 0
    assert sources.read_text() == SOURCES
    archive = 'http://snapshot.debian.org/archive/'
    stamp = '20261121T000000Z'
    assert shell('use-snapshot.sh', stamp, SOURCES=str(sources))[0] == 0
    text = sources.read_text()
    for name in ('debian', 'debian-security'):
        assert 'URIs: %s%s/%s\n' % (archive, name, stamp) in text
    assert text.count('Check-Valid-Until: no') == 2 and '# kept' in text
    assert 'expected a stamp like 20261121T000000Z, got \'2026\'' in refuse(
        'use-snapshot.sh', '2026', code=2, SOURCES=str(sources))


def test_other_packages_tests_go_and_copies_become_links(tmp_path):
    site = tmp_path / 'lib' / 'python3.11' / 'site-packages'
    for name in ('scipy/tests', 'scipy/linalg/tests', 'theano/tests'):
        (site / name).mkdir(parents=True)
    for name in ('libdnnl.so', 'libdnnl.so.3', 'libdnnl.so.3.2'):
        (tmp_path / 'lib' / name).write_text('code')
    for _ in range(2):
        assert shell('slim.sh', site)[0] == 0
    assert os.listdir(str(site / 'scipy')) == ['linalg']
    assert (site / 'theano' / 'tests').is_dir()
    for name in ('libdnnl.so', 'libdnnl.so.3'):
        link = tmp_path / 'lib' / name
        assert os.readlink(str(link)) == 'libdnnl.so.3.2'
        assert link.read_text() == 'code'


def test_a_run_from_an_image_knows_its_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, 'ROOT', str(tmp_path))
    assert provenance.git_commit() is None
    (tmp_path / 'COMMIT').write_text('0123abc-dirty\n')
    assert provenance.git_commit() == '0123abc-dirty'
