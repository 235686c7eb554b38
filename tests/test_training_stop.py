"""A subprocess is attended to its end, or ended, whatever it ignores."""

import signal
import subprocess
import sys

import pytest

from training.stop import attend

STUBBORN = '''
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('up', flush=True)
time.sleep(60)
'''


@pytest.fixture
def stubborn():
    """A process that no SIGTERM ends."""
    with subprocess.Popen([sys.executable, '-c', STUBBORN],
                          stdout=subprocess.PIPE,
                          start_new_session=True) as process:
        process.stdout.readline()
        yield process
        process.kill()


def interrupted():
    raise KeyboardInterrupt


def test_an_exception_ends_it_at_once(stubborn):
    with pytest.raises(KeyboardInterrupt):
        attend(stubborn, interrupted)
    assert stubborn.returncode == -signal.SIGKILL


def test_an_exception_ends_it_while_it_is_waited_for(stubborn, monkeypatch):
    monkeypatch.setattr(stubborn, 'terminate', interrupted)
    with pytest.raises(KeyboardInterrupt):
        attend(stubborn, lambda: True)
    assert stubborn.returncode == -signal.SIGKILL


def test_what_is_unwanted_is_killed_after_its_grace(stubborn):
    assert not attend(stubborn, lambda: True, .1)
    assert stubborn.returncode == -signal.SIGKILL


def test_its_own_end_is_waited_for():
    with subprocess.Popen([sys.executable, '-c', 'raise SystemExit(7)'],
                          start_new_session=True) as process:
        assert attend(process, lambda: False)
    assert process.returncode == 7
