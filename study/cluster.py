"""Workers: of this machine, or of a cluster that somebody else started."""

import asyncio
import contextlib
import logging
import multiprocessing
import signal
import tempfile

from errors import UserError
from training.stop import HANDLED

CONNECT = 10.   # seconds
#: Steps take minutes, on all cores: dask's watching of itself, many times a
#: second, would take 5 % of a core a process from them.
QUIET = {'distributed.worker.profile.enabled': False,
         'distributed.admin.tick.interval': '500ms',
         'distributed.admin.system-monitor.interval': '5s',
         'distributed.admin.system-monitor.gil.enabled': False,
         # A machine may sleep: a worker that is late is none that is lost.
         'distributed.scheduler.worker-ttl': None}


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
        If there is no scheduler, no shared memory, or no dask.
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
            check_semaphores()
            scratch = stack.enter_context(tempfile.TemporaryDirectory())
            scheduler = stack.enter_context(LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True,
                memory_limit=None, dashboard_address=':0',
                local_directory=scratch, silence_logs=logging.CRITICAL,
                preload=['study.cluster']))
        yield stack.enter_context(_client(Client, scheduler))


def dask_setup(worker):
    """Have a new worker of this machine ignore Ctrl-C; dask calls it.

    A terminal sends it to every process, and a worker that died of it could
    not bring its step to an orderly end: the study tells its workers to stop.
    """
    for number in HANDLED:
        signal.signal(number, signal.SIG_IGN)


def _client(make, scheduler):
    try:
        if isinstance(scheduler, str):   # none of ours
            # First: a client that cannot connect leaves a thread, 20 s and
            # a traceback behind.
            asyncio.run(_probe(scheduler))
        return make(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, ImportError, TypeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise UserError(
            '--scheduler: expected a dask scheduler at %s, found none within '
            '%g s (%s): start one with dask scheduler, and workers with dask '
            'worker' % (scheduler, CONNECT, reason)) from None


async def _probe(scheduler):
    """Connect once, as a client would."""
    from distributed.comm import connect
    from distributed.security import Security
    comm = await connect(scheduler, timeout=CONNECT,
                         **Security().get_connection_args('client'))
    await comm.close()


def check_semaphores():
    """Refuse a machine on which dask could start no process: UserError."""
    try:
        multiprocessing.get_context('spawn').Lock()
    except OSError as error:
        raise UserError(
            'expected shared memory for the workers, got: %s: make /dev/shm '
            'writable, or name a --scheduler elsewhere'
            % (error.strerror or error)) from None
