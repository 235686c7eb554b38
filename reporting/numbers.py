"""Shares, counts and verdicts in words."""

from study.verdicts import UNMEASURED, verdict_counts


def percent(count, total):
    """'66.9 %'; '–' of nothing."""
    return '%.1f %%' % (100 * count / total) if total else '–'


def rate(row):
    """'66.9 % (666 of 995)', of a dict with count and total."""
    return '%s (%s of %s)' % (percent(row['count'], row['total']),
                              thousands(row['count']),
                              thousands(row['total']))


def interval(low, high):
    """'64.0–69.8', of two fractions of 1."""
    return '%.1f–%.1f' % (100 * low, 100 * high)


def thousands(number):
    """'10,000'."""
    return '{:,}'.format(number)


def counted(ledger, whose='the paper\'s %d numbers'):
    """'Of the paper's 59 numbers: 28 reproduced; ...'."""
    counts = verdict_counts(ledger)
    parts = ['%d %s' % (count, verdict) for verdict, count in counts.items()
             if count and verdict != UNMEASURED]
    text = 'Of %s: %s' % (whose % len(ledger['rows']),
                          '; '.join(parts) or 'none is measured yet')
    if parts and counts[UNMEASURED]:
        text += '; %d %s' % (counts[UNMEASURED], UNMEASURED)
    return text + '.'
