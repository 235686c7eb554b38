"""Shares and counts in words."""


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
