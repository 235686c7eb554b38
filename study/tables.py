"""A ledger as Markdown."""

from study.verdicts import format_value


def rows_table(rows, ours, exact):
    """Number by number: theirs, ours by two measures of a name, verdict."""
    return table(
        ('paper\'s number', 'place', 'theirs', ours, exact, 'verdict'),
        [(row['quantity'], row['place'], row['quoted'],
          measured(row, row['ours']), measured(row, row['exact']),
          row['verdict']) for row in rows])


def measured(row, ours):
    """A measurement with its deviation over seeds and its interval."""
    if ours is None:
        return '–'
    unit = row['unit']
    text = format_value(unit, ours['mean'])
    if ours['sd'] is not None:
        text += ' ± %s' % format_value(
            unit, ours['sd']).replace('10^', '')
    if ours['low'] is not None:
        text += ' [%s, %s]' % (format_value(unit, ours['low']),
                               format_value(unit, ours['high']))
    return text


def table(head, rows):
    """A Markdown table of rows of texts."""
    return '\n'.join('| %s |' % ' | '.join(
        str(cell).replace('|', '\\|') for cell in row)
        for row in [head, ['---'] * len(head)] + list(rows))
