"""The checks of doctor.py."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of the doctor's report.

    Attributes
    ----------
    state : {'ok', 'warn', 'FAIL'}
    subject, fact : str
        What was looked at, and what was seen.
    remedy : str
        How to mend it; empty if there is nothing to mend.
    """

    state: str
    subject: str
    fact: str
    remedy: str = ''

    def __str__(self):
        line = '%-4s  %-12s %s' % (self.state, self.subject, self.fact)
        return line + ('\n      ' + ' ' * 13 + '-> ' + self.remedy
                       if self.remedy else '')
