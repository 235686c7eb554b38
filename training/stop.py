"""Signals that ask a long job to end after the step at hand."""

import contextlib
import os
import signal
import subprocess

from errors import UserError

HANDLED = (signal.SIGINT, signal.SIGTERM)

#: What a process that dies of a signal may have met with.
CAUSES = {signal.SIGKILL: 'out of memory?', signal.SIGTERM: 'from outside',
          signal.SIGBUS: 'is the disk or /dev/shm full?',
          signal.SIGILL: 'code for another processor?'}
CRASHED = 'it crashed; python doctor.py looks at the installation'


def ending(code):
    """How a process ended that a signal ended, in words; None for others.

    The code is subprocess's: negative for a signal. 128 + SIGTERM counts, as
    our processes leave so, silently.
    """
    number = signal.SIGTERM if code == 128 + signal.SIGTERM else -code
    if number <= 0:
        return None
    try:
        name = signal.Signals(number).name
    except ValueError:             # of real time
        name = 'signal %d' % number
    return 'was ended by %s (%s)' % (name, CAUSES.get(number, CRASHED))


def attend(process, unwanted, grace=None):
    """Wait for a subprocess; whether it ended before it was `unwanted`.

    That is asked some times a second: where it says so, the process gets
    SIGTERM, and `grace` seconds later SIGKILL, which an exception gives it at
    once. It has to lead a session of its own, of which nothing is left in the
    end.
    """
    try:
        while not unwanted():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(.2)
                return True
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Stopped(UserError):
    """A signal stopped a job; `kept` says what of it there is."""

    def __init__(self, number, kept):
        super().__init__('stopped by %s%s' % (number.name, kept))
        self.exit_code = 128 + number


class Stop:
    """Inside `with Stop() as stop`, signals only set `stop.signal`.

    A second SIGINT interrupts at once, as everywhere.
    """

    signal = None    # the signal.Signals that came, if any

    def __enter__(self):
        self._former = {number: signal.signal(number, self._handle)
                        for number in HANDLED}
        return self

    def __exit__(self, *exception):
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _handle(self, number, frame):
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = signal.Signals(number)
