"""Processes on a machine that refuses some calls: refusals.c, built."""

import os
import subprocess

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'refusals.c')


def refusing(folder, **errors):
    """Variables for a process: `refusing(folder, flock=errno.ENOLCK)`.

    Parameters
    ----------
    folder : path
        Where the library is built.
    errors : int
        errno by the name of the call, which always fails.
    """
    library = os.path.join(str(folder), 'refusals.so')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', library, SOURCE] + [
        '-D%s=%d' % (call.upper(), number)
        for call, number in errors.items()], check=True)
    return {'LD_PRELOAD': library}
