"""How many numbers of BANG's paper hold, and which do not, in sentences."""

import collections
import re

from papers.bang.finding import spanned
from reporting.numbers import counted
from study.verdicts import FAILED

#: A difference in a row's unit: its factor, form and name.
DIFFERENCES = {'percent': (100, '%.2f', ' points'), 'score': (1, '%.3f', ''),
               'levels': (1, '%.1f', ' grey levels')}
NOBODY = 'no success to measure'


def verdict_sentence(ledger):
    """'Of the paper's 118 numbers ...', and which are not reproduced."""
    return ' '.join([counted(ledger, 'the paper\'s %d numbers')]
                    + failures(ledger))


def failures(ledger):
    """What is not reproduced, and to which side: no or one sentence."""
    groups = collections.OrderedDict()
    for row in ledger['rows']:
        if row['verdict'] == FAILED:
            what, model = parted(row['quantity'])
            side, difference = compared(row)
            models, differences = groups.setdefault(
                (what, side, row['unit']), ([], []))
            models.append(model)
            differences.append(difference)
    if not groups:
        return []
    return ['Not reproduced: %s.' % '; '.join(
        '%s%s (%s)' % (what, ' on %s' % ', '.join(models) if all(models)
                       else '', by_how_much(side, unit, differences))
        for (what, side, unit), (models, differences) in groups.items())]


def parted(quantity):
    """'mean PASS of HC1 on B0' -> what, and the model or None."""
    found = re.match('(.*) (?:on|of) ([RB][0-9])$', quantity)
    return found.groups() if found else (quantity, None)


def compared(row):
    """To which side of theirs ours lies, and how far."""
    ours = row['ours']['mean']
    if ours is None:
        return None, None
    return ('higher' if ours > row['value'] else 'lower',
            abs(ours - row['value']))


def by_how_much(side, unit, differences):
    """'ours higher by 0.07 to 0.13'."""
    if side is None:
        return NOBODY
    factor, form, name = DIFFERENCES[unit]
    return 'ours %s by %s%s' % (side, spanned(
        [factor * value for value in differences], form), name)
