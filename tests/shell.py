"""Runs the shell scripts of docker/."""

import os
import subprocess

from script_runner import ROOT

DOCKER = os.path.join(ROOT, 'docker')


def shell(script, *arguments, **variables):
    """Run a script of docker/ to its end: (exit code, stdout, stderr)."""
    process = subprocess.run(
        [os.path.join(DOCKER, script)] + [str(word) for word in arguments],
        capture_output=True, env=dict(os.environ, **variables), text=True)
    return process.returncode, process.stdout, process.stderr


def refuse(script, *arguments, code=1, **options):
    """Run a script that has to refuse with one line; that line."""
    returned, out, err = shell(script, *arguments, **options)
    assert (returned, out) == (code, ''), (returned, out, err)
    line, = err.splitlines()
    assert ': error: ' in line
    return line


def stub(folder, name, *lines):
    """A shell script in place of a program; its folder."""
    os.makedirs(str(folder), exist_ok=True)
    path = os.path.join(str(folder), name)
    with open(path, 'w') as stream:
        stream.write('\n'.join(('#!/bin/sh',) + lines) + '\n')
    os.chmod(path, 0o755)
    return str(folder)
