"""Workers of this machine do not hear Ctrl-C: the study tells them to stop.

A terminal sends it to every process, and a worker that died of it could not
bring its step to an orderly end.
"""

import signal

from training.stop import HANDLED


def dask_setup(worker):
    """Called by dask in a new worker."""
    for number in HANDLED:
        signal.signal(number, signal.SIG_IGN)
