"""Dockerfile and the bundle name what there is, and the same versions."""

import fnmatch
import os
import re
import subprocess

import pytest
from script_runner import ROOT

SCRIPTS = ('base.sh', 'build.sh', 'bundle.sh', 'check-bundle.sh')
#: What the package index's locks are for, with the extra each one adds.
LOCKS = {'build.txt', 'run.txt', 'cuda.txt', 'test.txt'}


def read(*path):
    with open(os.path.join(ROOT, *path), encoding='utf-8') as stream:
        return stream.read()


def instructions():
    """Dockerfile's instructions, each on one line, without comments."""
    text = re.sub(r'(?m)^\s*#.*\n', '', read('Dockerfile'))
    return [line.split(None, 1) for line in
            re.sub(r'\\\n', ' ', text).splitlines() if line.strip()]


def pins(text):
    """Debian's packages and their versions, of a script or Dockerfile."""
    return set(re.findall(r'^\s+([a-z0-9.+-]+)=(\S*\d\S*)', text, re.M))


def test_the_base_is_of_one_day():
    first = next(rest for name, rest in instructions() if name == 'FROM')
    assert re.fullmatch(r'debian:bookworm-20\d{6}-slim AS python', first)


def test_every_stage_is_one_that_came_before():
    known = {'debian', '${TESTED}'}
    for name, rest in instructions():
        if name == 'FROM':
            base, stage = re.fullmatch(r'(\S+) AS (\w+)', rest).groups()
            assert base.split(':')[0] in known
            known.add(stage)
        for stage in re.findall(r'--from=(\w+)', rest):
            assert stage in known
    assert {'cpu', 'cuda', 'tests'} <= known


def test_every_file_that_is_copied_is_there():
    copied = [rest.split() for name, rest in instructions()
              if name == 'COPY' and '--from' not in rest]
    assert copied
    for *sources, _ in copied:
        for source in sources:
            assert os.path.exists(os.path.join(ROOT, source)), source


def test_everything_is_installed_from_the_locks_by_hash():
    text = read('Dockerfile')
    assert 'PIP_REQUIRE_HASHES=1' in text
    installed = re.findall(r'pip install (.*?)(?: &&|$)',
                           '\n'.join(rest for _, rest in instructions()),
                           re.M)
    locks = {os.path.basename(words.split(' -r ')[1].split()[0])
             for words in installed}
    assert len(installed) == len(locks) and locks == LOCKS


def test_every_package_of_debian_has_a_version():
    runs = [rest for name, rest in instructions() if name == 'RUN']
    for command in re.findall(r'apt-get (?:install|download) (.*?)(?:&&|$)',
                              '\n'.join(runs)):
        for word in command.split():
            assert word.startswith('-') or re.match(r'[a-z0-9.+-]+=\S', word)


def test_the_bundle_has_the_versions_of_the_image():
    image, script = dict(pins(read('Dockerfile'))), read('docker/bundle.sh')
    python, = re.findall(r'^PYTHON=(.+)$', script, re.M)
    assert image['python3.11-dev'] == python
    for name in ('libgpuarray3', 'libgpuarray-dev'):
        assert '%s=%s' % (name, image[name]) in script
    pygpu = re.findall(r'python3-pygpu=\S+', script + read('Dockerfile'))
    assert len(pygpu) == 2 and len(set(pygpu)) == 1


def test_nothing_of_ours_is_kept_from_the_image():
    tracked = subprocess.run(['git', 'ls-files'], cwd=ROOT,
                             stdout=subprocess.PIPE)
    if tracked.returncode:
        pytest.skip('an image or bundle has no repository to ask')
    patterns = read('.dockerignore').split()
    names = {path.split('/')[0]
             for path in tracked.stdout.decode().splitlines()}
    assert {name for name in names if any(
        fnmatch.fnmatch(name, pattern) for pattern in patterns)} == {
            name for name in names if name.startswith('.')}
