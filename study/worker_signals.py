"""Makes the workers of this machine ignore Ctrl-C.

A terminal sends it to every process, and a worker that died of it could not
bring its step to an orderly end: the study tells its workers to stop.
"""

import signal

from training.stop import HANDLED


def dask_setup(worker):
    """Called by dask in a new worker."""
    for number in HANDLED:
        signal.signal(number, signal.SIG_IGN)
