"""Fixtures that several test modules share.

The test process computes in float64, so that twins and differences can be
exact; float32 is tested through the scripts, in processes of their own.
"""

import environment

# One thread, as pytest-xdist runs a worker a core.
environment.prepare(float64=True, threads=1)

import fcntl
import json
import os

import pytest
import small_mnist
import theano
from fault_server import FaultServer
from script_runner import Scripts

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


@pytest.fixture(scope='session')
def models(tmp_path_factory):
    """Scripts run in a folder with three models trained on digits."""
    root = tmp_path_factory.getbasetemp()
    if 'PYTEST_XDIST_WORKER' in os.environ:
        root = root.parent                 # one folder for all workers
    folder = root / 'models'
    with open(str(root / 'models.lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            attempt = tmp_path_factory.mktemp('models')
            train_models(Scripts(attempt), str(attempt / 'outputs.json'))
            os.rename(str(attempt), str(folder))
    session = Scripts(folder)
    with open(session.path('outputs.json')) as stream:
        session.outputs = json.load(stream)
    return session


def train_models(session, outputs):
    """M_std, M_std-T and M_distill on digits; what they printed, as JSON."""
    common = ('--dataset', 'digits', '--seed', 1)
    printed = {
        'std': session.succeed('mnist_cnn.py', '--epochs', 7, '--out',
                               'runs/std', '--save-errors', 5, '--graph',
                               *common),
        'std-T5': session.succeed(
            'mnist_cnn.py', '--temperature', 5, '--epochs', 7, '--out',
            'runs/std-T5', *common),
        'distill': session.succeed(
            'distill.py', '--teacher', 'runs/std-T5', '--temperature', 5,
            '--epochs', 7, '--learning-rate', 0.1, '--out', 'runs/distill',
            *common)}
    with open(outputs, 'w') as stream:
        json.dump(printed, stream)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The cache folder, not yet made, of an otherwise bare environment."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    monkeypatch.delenv('MNIST_DIR', raising=False)
    monkeypatch.delenv('MNIST_MIRROR', raising=False)
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
