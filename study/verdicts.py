"""From a quote and our measurements to a verdict and its sentence."""

REPRODUCED = 'reproduced'
ARTEFACT = 'reproduced as an artefact of arithmetic'
FAILED = 'not reproduced'
CONTRADICTORY = 'self-contradictory in the paper'
UNMEASURED = 'not measured yet'
VERDICTS = (REPRODUCED, ARTEFACT, FAILED, CONTRADICTORY, UNMEASURED)


def band(quote):
    """The values of ours that agree with a quote: (low, high) or None.

    None is the rule 'sample', which asks ours to hold theirs.
    """
    value, tolerance = quote.value, quote.tolerance
    around = (value - tolerance, value + tolerance)
    return {'points': around, 'within': around, 'decades': around,
            'factor': (value / max(tolerance, 1), value * tolerance),
            'at least': (value, float('inf')), 'sample': None}[quote.rule]


def agrees(quote, ours):
    """Whether a measurement agrees with a quote within its tolerance.

    Ours is as `pooling.pool` makes it; None, where nothing was measured,
    neither agrees nor not.
    """
    if ours is None:
        return None
    limits = band(quote)
    if limits is None:
        return (ours['low'] is not None
                and ours['low'] <= quote.value <= ours['high'])
    return (ours['mean'] is not None
            and limits[0] <= ours['mean'] <= limits[1])


def contradictions(quote, quotes):
    """What else the paper says of the quantity and cannot mean as well.

    A list of (place, value) outside the quote's own tolerance.
    """
    limits = band(quote)
    others = [('%s (%s)' % (other.quoted, other.place), other.value)
              for other in quotes
              if quote.group and other.group == quote.group]
    return [] if limits is None else [
        (place, value) for place, value in others + list(quote.implied)
        if not limits[0] <= value <= limits[1]]


def judge(quote, quotes, ours, exact):
    """The verdict on one of a paper's quotes, and one sentence of why.

    Parameters
    ----------
    quote : study.paper.Quote
    quotes : sequence of study.paper.Quote
    ours, exact : dict or None
        Measured as published (float32) and in log-odds; the latter None
        where no arithmetic is involved, too.
    """
    measured = ('nothing is measured yet' if ours is None
                else 'ours is %s' % show(quote, ours))
    others = contradictions(quote, quotes)
    if others:
        return CONTRADICTORY, 'The paper also says %s; %s.' % (
            ', and '.join(dict.fromkeys(
                place if '(' in place else
                '%s by %s' % (format_value(quote.unit, value), place)
                for place, value in others)), measured)
    if ours is None:
        return UNMEASURED, ('Not run here: needs %s.' % quote.needs
                            if quote.needs else
                            'No finished step of the study measures it.')
    there, here = agrees(quote, exact), agrees(quote, ours)
    if here and there is False:
        return ARTEFACT, (
            'In float32 %s, %s; in log-odds, free of underflow and '
            'cancellation, it is %s.' % (measured, _why(quote, True),
                                        show(quote, exact)))
    text = '%s, %s' % (measured[0].upper() + measured[1:],
                       _why(quote, here))
    if exact is not None:
        text += '; in log-odds it is %s' % show(quote, exact)
    return (REPRODUCED if here else FAILED), text + '.'


def _why(quote, agreed):
    what = {'points': 'within %s of theirs' % format_value(
                'points', quote.tolerance),
            'within': 'within %s of theirs' % format_value(
                quote.unit, quote.tolerance),
            'factor': 'within a factor of %.3g of theirs' % quote.tolerance,
            'decades': 'within %g decades of theirs' % quote.tolerance,
            'at least': 'at least theirs',
            'sample': 'a range that holds theirs'}[quote.rule]
    return what if agreed else 'not ' + what


def show(quote, ours):
    """A measurement in words: value, counts, interval."""
    if quote.rule == 'sample' and ours['low'] is not None:
        return '%s to %s (median %s)' % tuple(
            format_value(quote.unit, ours[key])
            for key in ('low', 'high', 'mean'))
    text = format_value(quote.unit, ours['mean'])
    if ours.get('total'):
        text += ' ({:,} of {:,})'.format(ours['count'], ours['total'])
    return text


def format_value(unit, value):
    """A number of a unit, for a reader; None is a division by 0."""
    if value is None:
        return 'without bound (no success to divide by)'
    return {'percent': '%.2f %%' % (100 * value),
            'points': '%g points' % (100 * value), 'ratio': '%.2f' % value,
            'log10': '10^%.1f' % value, 'pixels': '%g' % value,
            'score': '%.4f' % value, 'levels': '%.2f' % value}[unit]


def verdict_counts(ledger):
    """How many of a paper's numbers got each verdict, in order."""
    found = [row['verdict'] for row in ledger['rows']]
    return {verdict: found.count(verdict) for verdict in VERDICTS}
