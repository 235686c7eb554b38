"""Sentences that the chapters' findings have in common."""

import collections

from study.verdicts import FAILED

#: A difference in a row's unit: its factor, form and name.
DIFFERENCES = {'percent': (100, '%.2f', ' points'), 'score': (1, '%.3f', ''),
               'levels': (1, '%.1f', ' grey levels')}
NOBODY = 'no success to measure'


def spanned(values, form):
    """'38.1 to 40.2'; one of them where both print alike."""
    if not values:
        return 'nothing'
    low, high = form % min(values), form % max(values)
    return low if low == high else '%s to %s' % (low, high)


def failures(ledger, parted):
    """What is not reproduced, and to which side: no or one sentence.

    `parted` makes of a row's quantity what it is, and the model or None:
    models of one kind of quantity are told together.
    """
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
