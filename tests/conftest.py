"""Fixtures for the tests of data/."""

import pytest
import small_mnist
from fault_server import FaultServer


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
