"""Runs code in a process of its own, in which nothing is imported yet."""

import os
import subprocess
import sys

from script_runner import ROOT

PREPARE = ('import environment\nfrom errors import UserError\n'
           'try: print(environment.prepare(%s))\n'
           'except UserError as error: print("refused", error)\n')


def fresh(code, tmp_path, **variables):
    """Run code in a new process; (exit code, stdout, stderr).

    Variables are the environment's; None unsets one.
    """
    settings = dict(os.environ, PYTHONPATH=ROOT)
    for name in ('THEANO_FLAGS', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
        settings.pop(name, None)
    settings.update(variables)
    result = subprocess.run(
        [sys.executable, '-c', code], cwd=str(tmp_path),
        env={name: value for name, value in settings.items()
             if value is not None},
        capture_output=True, text=True, timeout=300)
    return result.returncode, result.stdout, result.stderr
