"""Summaries as plain text of at most 79 columns."""

HEAD = '%-15s %11s %8s  %-16s  %s' % (
    'success of', 'count', 'rate', '95 % interval', 'all-zero maps')


def table(summaries, comparisons=(), dataset='', warnings=()):
    """Rates, pixels, paired tests and warnings, for the terminal.

    Parameters
    ----------
    summaries : dict of str to Summary
        Of `summary.summarise`, at the level 0.95 that the head names.
    comparisons : list of Comparison
        Of `summary.compare`.
    dataset : str
        Named in the first line, so that no data set passes for another.
    warnings : list of str
        Of `summary.curve_warnings`.

    Returns
    -------
    str
        Lines without a final newline.
    """
    lines = ['Samples of %s' % dataset] if dataset else []
    for name, summary in summaries.items():
        lines += [name, '  ' + HEAD]
        lines += ['  ' + _rate(*item) for item in summary.rates.items()]
        lines.append('  ' + _pixels('pixels overwritten', summary.steps))
        lines.append('  ' + _pixels('pixels changed', summary.changed))
    if comparisons:
        lines.append('Exact McNemar on the %d samples correct for all'
                     % comparisons[0].total)
        lines += [line for pair in comparisons for line in _pair(pair)]
    lines += ['Warning: %s' % warning for warning in warnings]
    return '\n'.join(lines)


def _rate(denominator, rate):
    return '%-15s %11s %8s  %-16s  %s' % (
        denominator, '%d/%d' % (rate.count, rate.total),
        _percent(rate.count, rate.total),
        '%.2f..%.2f %%' % (100 * rate.low, 100 * rate.high),
        '%d/%d %s' % (rate.all_zero, rate.attacked,
                      _percent(rate.all_zero, rate.attacked)))


def _percent(count, total):
    return '%.2f %%' % (100 * count / total) if total else '-'


def _pixels(title, pixels):
    if pixels.mean != pixels.mean:
        return '%-18s no success' % title
    return '%-18s median %.1f, mean %.2f, IQR %.1f..%.1f' % (
        title, pixels.median, pixels.mean, pixels.lower, pixels.upper)


def _pair(pair):
    return ['  %s against %s' % (pair.first, pair.second),
            '    only the first %d, only the second %d, p = %.3g' % pair.test]
