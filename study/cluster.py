"""Workers: of this machine, or of a cluster that somebody else started."""

import contextlib
import logging
import tempfile

from errors import UserError

CONNECT = 10.   # seconds
#: Steps take minutes, on all cores: dask's watching of itself, many times a
#: second, would take 5 % of a core a process from them.
QUIET = {'distributed.worker.profile.enabled': False,
         'distributed.admin.tick.interval': '500ms',
         'distributed.admin.system-monitor.interval': '5s',
         'distributed.admin.system-monitor.gil.enabled': False}


@contextlib.contextmanager
def connect(scheduler, workers):
    """A client of `dask.distributed`.

    Parameters
    ----------
    scheduler : str or None
        Its address; None starts a cluster of processes here.
    workers : int
        How many, where they are started here.

    Raises
    ------
    UserError
        If there is no scheduler, or dask is not installed.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UserError('expected dask.distributed, cannot import it (%s): '
                        'pip install -r requirements/run.txt' % error
                        ) from None
    # Each of its loggers has a level of its own.
    for name in list(logging.root.manager.loggerDict):
        if name.split('.')[0] == 'distributed':
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(QUIET), contextlib.ExitStack() as stack:
        if scheduler is None:
            scratch = stack.enter_context(tempfile.TemporaryDirectory())
            scheduler = stack.enter_context(LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True,
                memory_limit=None, dashboard_address=':0',
                local_directory=scratch, silence_logs=logging.CRITICAL,
                preload=['study.deaf']))
        yield stack.enter_context(_client(Client, scheduler))


def _client(make, scheduler):
    try:
        return make(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise UserError(
            '--scheduler: expected a dask scheduler at %s, found none within '
            '%g s (%s): start one with dask scheduler, and workers with dask '
            'worker' % (scheduler, CONNECT, reason)) from None
