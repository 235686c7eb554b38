"""The checks of doctor.py."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of the doctor's report."""

    state: str          # 'ok', 'warn' or 'FAIL'
    subject: str        # what was looked at
    fact: str           # what was seen
    remedy: str = ''    # how to mend it, if there is something to mend

    def __str__(self):
        line = '%-4s  %-12s %s' % (self.state, self.subject, self.fact)
        return line + ('\n      ' + ' ' * 13 + '-> ' + self.remedy
                       if self.remedy else '')
