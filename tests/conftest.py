"""The test process computes in float64, so that twins and differences can
be exact; float32 is tested through the scripts, in processes of their own.
"""

import os
import subprocess
import sys

import environment

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
environment.prepare(float64=True)

import pytest  # noqa: E402


class Scripts:
    """Runs the project's scripts as a user would, in a folder of its own."""

    def __init__(self, folder):
        self.folder = str(folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, script, *options, **variables):
        """Start a script; its standard streams are pipes of text."""
        settings = dict(os.environ, OMP_NUM_THREADS='1', **variables)
        settings = {name: value for name, value in settings.items()
                    if value is not None}
        if 'THEANO_FLAGS' not in variables:
            settings['THEANO_FLAGS'] = USER_FLAGS
        return subprocess.Popen(
            [sys.executable, os.path.join(ROOT, script)]
            + [str(option) for option in options], cwd=self.folder,
            env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True)

    def run(self, script, *options, **variables):
        """Run a script to its end: (exit code, stdout, stderr)."""
        process = self.start(script, *options, **variables)
        out, err = process.communicate(timeout=600)
        assert 'Traceback' not in err, err
        return process.returncode, out, err

    def succeed(self, script, *options, **variables):
        """Run a script that has to succeed; its stdout."""
        code, out, err = self.run(script, *options, **variables)
        assert code == 0, err
        return out

    def fail(self, script, *options, code=1, **variables):
        """Run a script that has to fail with one line; that line."""
        returned, out, err = self.run(script, *options, **variables)
        assert returned == code, (returned, out, err)
        complaints = [line for line in err.splitlines() if ': error: ' in line]
        assert len(complaints) == 1, err
        return complaints[0]


# What the scripts find in the environment: the user's flags, not those that
# this process has prepared for itself.
USER_FLAGS = 'base_compiledir=%s' % environment.compile_directory()


@pytest.fixture
def scripts(tmp_path):
    """Scripts run in an empty folder."""
    return Scripts(tmp_path)


@pytest.fixture(scope='session')
def models(tmp_path_factory):
    """Scripts run in a folder with three models trained on digits."""
    session = Scripts(tmp_path_factory.mktemp('models'))
    common = ('--dataset', 'digits', '--seed', 1)
    session.outputs = {
        'std': session.succeed('mnist_cnn.py', '--epochs', 8, '--out',
                               'runs/std', '--save-errors', 5, '--graph',
                               *common),
        'std-T20': session.succeed(
            'mnist_cnn.py', '--temperature', 20, '--epochs', 14, '--out',
            'runs/std-T20', *common),
        'distill': session.succeed(
            'distill.py', '--teacher', 'runs/std-T20', '--epochs', 14,
            '--learning-rate', 0.1, '--out', 'runs/distill', *common)}
    return session
