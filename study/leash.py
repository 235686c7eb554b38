"""Runs a script that does not outlive the process that started it.

    python leash.py SCRIPT ARGUMENT ...

A worker that is killed cannot stop its step; Linux does that for it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main():
    """Ask for the signal, then become the script."""
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):   # see `dask_setup`
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:       # gone before we had asked
            sys.exit(1)
    os.execv(sys.executable, [sys.executable] + sys.argv[1:])


if __name__ == '__main__':
    main()
