"""Where a result comes from: versions, commit, machine."""

import contextlib
import importlib.metadata
import os
import platform
import shlex
import subprocess
import sys

from environment.processor import cpu_field

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGES = ('numpy', 'scipy', 'Theano', 'Lasagne', 'scipy-openblas32',
            'onednn-cpu-gomp')


def provenance(environment):
    """A JSON-ready dict for the results of this process's `Environment`."""
    machine = {'processor': processor(), **environment._asdict()}
    del machine['compiledir']        # a path of no consequence elsewhere
    del machine['ops_note']
    if not machine['gpu']:           # of the CPU there is no more to say
        del machine['gpu']
    return {'versions': dict(versions(), python=platform.python_version()),
            'git_commit': git_commit(),
            'machine': machine}


def decisive(environment):
    """What blocks of results depend on besides code, data and packages."""
    now = provenance(environment)
    return [now['versions'], now['machine']]


def versions(packages=PACKAGES):
    """Versions of the installed packages that results depend on."""
    found = {}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def typed_command():
    """This process's command as it is typed in the checkout's folder."""
    script = os.path.abspath(sys.argv[0])
    if script.startswith(ROOT + os.sep):
        script = os.path.relpath(script, ROOT)
    return ' '.join(['python'] + [shlex.quote(word) for word
                                  in [script] + sys.argv[1:]])


def git_commit():
    """The commit of this code, '-dirty' if changed; None if nobody knows.

    Images and bundles have no repository, but a file that says it.
    """
    with contextlib.suppress(FileNotFoundError), open(
            os.path.join(ROOT, 'COMMIT'), encoding='ascii') as stream:
        return stream.read().strip()
    # Git hesitates in a checkout of another user, as what it holds may run:
    # it is what runs now.
    trust = 'safe.directory=' + os.path.realpath(ROOT)
    try:
        return subprocess.run(
            ['git', '-c', trust, 'describe', '--always', '--dirty',
             '--abbrev=40', '--exclude=*'], cwd=ROOT, check=True, timeout=10,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None


def processor():
    """The CPU's name."""
    return (cpu_field('model name') or platform.processor()
            or platform.machine())
