"""Fixtures that several test modules share.

The test process computes in float64, so that twins and differences can be
exact; float32 is tested through the scripts, in processes of their own.
"""

import environment

# One thread, as pytest-xdist runs a worker a core.
environment.prepare(float64=True, threads=1)

import contextlib
import fcntl
import os

import pytest
import small_mnist
import theano
from fault_server import FaultServer
from script_runner import Scripts

from data import download

COMPILE = theano.function


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Let only tests compile graphs that say so: the others stay quick."""
    marked = {mark.name for mark in item.iter_markers()}
    theano.function = COMPILE if marked & {'compiled', 'slow'} else refuse


def refuse(*args, **kwargs):
    """In the place of theano.function."""
    pytest.fail('compiles a graph: mark it with pytest.mark.compiled')


def pytest_collection_modifyitems(items):
    """A test is of one suite, so that none runs twice."""
    for item in items:
        marked = {mark.name for mark in item.iter_markers()}
        if {'compiled', 'slow'} <= marked:
            raise pytest.UsageError('%s: expected one of the marks compiled '
                                    'and slow, got both' % item.nodeid)


@pytest.fixture
def scripts(tmp_path):
    """Scripts run in an empty folder."""
    return Scripts(tmp_path)


COMMON = ('--dataset', 'digits', '--seed', 1, '--epochs', 7, '--out')
#: The models of the tests, as they are trained; the last one has a teacher.
TRAININGS = {
    'std': ('mnist_cnn.py', *COMMON, 'runs/std', '--save-errors', 5,
            '--graph'),
    'std-T5': ('mnist_cnn.py', *COMMON, 'runs/std-T5', '--temperature', 5),
    'distill': ('distill.py', *COMMON, 'runs/distill', '--teacher',
                'runs/std-T5', '--temperature', 5, '--learning-rate', 0.1)}


@pytest.fixture(scope='session')
def models(tmp_path_factory):
    """Scripts run in a folder with three models trained on digits.

    It is of all of pytest's workers, and each trains what no other does.
    """
    root = tmp_path_factory.getbasetemp()
    if 'PYTEST_XDIST_WORKER' in os.environ:
        root = root.parent
    folder = root / 'models'
    folder.mkdir(exist_ok=True)
    session = Scripts(folder)
    for name in ('std', 'std-T5'):
        with contextlib.suppress(BlockingIOError):
            train(session, name, fcntl.LOCK_EX | fcntl.LOCK_NB)
    session.outputs = {name: train(session, name, fcntl.LOCK_EX)
                       for name in TRAININGS}
    return session


def train(session, name, operation):
    """What the training of a model printed; it is trained if need be."""
    printed = session.path(name + '.txt')
    with open(printed + '.lock', 'w') as lock:
        fcntl.flock(lock, operation)
        if not os.path.exists(printed):
            out = session.succeed(*TRAININGS[name])
            with open(printed, 'w') as stream:
                stream.write(out)
    with open(printed) as stream:
        return stream.read()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The cache folder, not yet made, of an otherwise bare environment."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    monkeypatch.delenv('MNIST_DIR', raising=False)
    monkeypatch.delenv('MNIST_MIRROR', raising=False)
    monkeypatch.setattr(download, 'TIMEOUT', 5.)
    monkeypatch.setattr(download, 'PAUSE', .01)
    return tmp_path / 'song2017' / 'mnist'


@pytest.fixture
def mirror():
    """A good mirror of the small collection, until it is told to fail."""
    with FaultServer(small_mnist.packed_files()) as server:
        yield server


@pytest.fixture
def spare():
    """A second one."""
    with FaultServer(small_mnist.packed_files()) as server:
        yield server
