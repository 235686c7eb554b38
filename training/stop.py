"""Signals that ask a long job to end after the step at hand."""

import signal

HANDLED = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Inside `with Stop() as stop`, signals only set `stop.signal`.

    A second SIGINT interrupts at once, as everywhere.

    Attributes
    ----------
    signal : signal.Signals or None
        The signal that came, if any.
    """

    signal = None

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
