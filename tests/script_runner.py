"""Runs the project's scripts as a user would, each in its own process."""

import importlib.util
import os
import subprocess
import sys

import environment

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What a user may have set, not what the test process prepared for itself.
USER_FLAGS = 'base_compiledir=%s' % environment.compile_directory()


class Scripts:
    """Runs the project's scripts as a user would, in a folder of its own."""

    def __init__(self, folder):
        self.folder = str(folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, script, *options, preexec_fn=None, **variables):
        """Start a script; its standard streams are pipes of text.

        Variables are the environment's; None unsets one.
        """
        settings = dict(os.environ, OMP_NUM_THREADS='1',
                        THEANO_FLAGS=USER_FLAGS)
        settings.update(variables)
        return subprocess.Popen(
            [sys.executable, os.path.join(ROOT, script)]
            + [str(option) for option in options], cwd=self.folder,
            env={name: value for name, value in settings.items()
                 if value is not None},
            preexec_fn=preexec_fn, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True)

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


def write_foreign_modules(folder):
    """Put modules into a folder that have the names of ours.

    Nobody who is started there may import them.
    """
    for name in ('attacking', 'command_line', 'data', 'environment', 'errors',
                 'network', 'saliency', 'storage', 'study', 'training'):
        with open(os.path.join(str(folder), name + '.py'), 'w') as stream:
            stream.write('raise SystemExit("foreign: " + __file__)\n')


def load_script(name):
    """A script of ours as a module, though a package has its name."""
    spec = importlib.util.spec_from_file_location(
        'script_' + name.replace('.py', ''), os.path.join(ROOT, name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
