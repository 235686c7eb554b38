"""The report's ledger as tables: of its chapter, and of docs/smooth.md."""

from metrics.proportions import share
from papers.smooth.attack_names import RANDOM, TRANSFER, TRUE
from papers.smooth.evidence import (
    STRONGEST,
    exact,
    leaks,
    masks,
    parts,
    recovered,
    rises,
    rounds_away,
    surviving,
    under,
)
from papers.smooth.finding import NAMES, finding, verdict_sentence
from papers.smooth.measures import LONG
from papers.smooth.numbers import PLACES
from papers.smooth.plan import folder
from papers.smooth.printed import COLUMNS, STRENGTHS, TABLES
from papers.smooth.settings import PARTS, REPORTED_BLOCKS, WIDTH
from reporting.tables import Table, beside, known, seeds, table

MARK = 'smooth ledger'   # of the part


def markdown(ledger):
    """The part, without a final newline: the report's numbers and ours."""
    found = ['**%s**' % ledger['study']['notice']] if ledger['study'][
        'notice'] else []
    found += [' '.join(finding(ledger)), verdict_sentence(ledger)]
    for one in all_tables(ledger).values():
        if one.rows:
            found += [one.caption, table(one.head, [
                [coded(text) for text in row] for row in one.rows])]
    return '\n\n'.join(found)


def coded(text):
    """A cell, as code where it is a command."""
    return '`%s`' % text if text.startswith('python ') else text


def all_tables(ledger):
    """The Tables by name; those of networks not attacked have no rows."""
    found = {'smooth-reported-' + part: reported(ledger, part)
             for part in TABLES}
    for part in PARTS:
        rows = [row for row in ledger['models'] if row['part'] == part]
        found['smooth-models-' + part] = attacked(part, rows)
        found['smooth-parts-' + part] = made_of(part, rows)
    return dict(found, **{'smooth-explanations': explanations(ledger)})


def reported(ledger, part):
    """One of the report's tables, ours in front of its numbers."""
    rows = {row['id']: row for row in ledger['rows']}
    body = []
    for name, texts in TABLES[part].items():
        cells = [name]
        for column, text in zip(COLUMNS, texts):
            row = rows['%s-%s-%s' % (part, folder(name), column)]
            cells.append('%s [%s]' % (measured(row['ours']), text))
        body.append(tuple(cells))
    return Table(
        '%s, %s, accuracy in per cent: ours, ± over seeds, of width %d and 8 '
        'blocks, and the report\'s in brackets. FGSM by SNR.' % (
            PLACES[part][0], NAMES[part], ledger['study']['settings'][
                'width'] if ledger['study']['quick'] else WIDTH),
        ('network type', 'clean') + tuple(
            '%d dB' % snr for snr in STRENGTHS), body)


def measured(ours):
    """'91.33 ± 0.20' of a pooled accuracy, '–' of none."""
    if ours is None:
        return '–'
    return beside('%.2f', hundred(ours['mean']), None, known(
        [one['value'] for one in ours['per_seed']], 100))


def attacked(part, rows):
    """Accuracy under the attacks, a network a row."""
    at = ' at %d dB' % STRONGEST
    return Table(
        '%s, accuracy in per cent%s, of the training images as they are, all '
        'test images and those attacked: clean, FGSM with the '
        'true label as published, the same on the log-odds in float64, PGD '
        'of 40 steps, FGSM transferred from Vanilla, random signs, and what '
        'survives every attack of that strength or less.' % (
            NAMES[part], widths(rows)),
        ('network', 'training images', 'test images', 'clean', *(
            'FGSM at %d dB' % snr for snr in STRENGTHS), 'log-odds' + at,
         LONG + at, TRANSFER + at, RANDOM + at, 'all' + at,
         'wrong at %d dB, right at %d' % (STRENGTHS[0], STRONGEST)),
        [(titled(row), *(number(row[part] and row[part]['mean'])
                         for part in ('train', 'test')),
          cell(row['clean']), *(cell(under(row, TRUE, snr))
                                for snr in STRENGTHS),
          cell(exact(row, STRONGEST)), *(
              cell(under(row, name, STRONGEST))
              for name in (LONG, TRANSFER, RANDOM)), cell(surviving(row)),
          cell(recovered(row))) for row in rows])


def made_of(part, rows):
    """What the accuracy under FGSM is made of, a network a row."""
    return Table(
        '%s, what the accuracy under FGSM at %d dB is made of, in points%s: '
        'search is random starts, iterations and transfer. Beside it the '
        'strengths (dB) at which the rules of papers/smooth/evidence.py find '
        'the like.' % (NAMES[part], STRONGEST,
                                        widths(rows)),
        ('network', 'FGSM', 'rounding', 'choice of label',
         'search', 'the network', 'rounded away', 'leaks', 'masked',
         'rises'),
        [(titled(row), number(sum(found)), *(
            number(getattr(found, name)) for name in (
                'arithmetic', 'leaking', 'search', 'network')),
          *(strengths(rule(row)) for rule in (rounds_away, leaks, masks)),
          strengths(rises(row), ' to '))
         for row, found in ((row, parts(row)) for row in rows) if found])


def explanations(ledger):
    """What may explain the row that rises."""
    return Table(
        'What explains the row that rises, by what is measured.',
        ('on', 'explanation', 'state', 'evidence', 'measured by'),
        [(NAMES[one['part']] + (', width %d' % one['width']
                                if one['width'] else ''),
          one['id'], one['state'], one['evidence'],
          one['measured_by'] or 'the attacks above')
         for one in ledger['explanations']])


def widths(rows):
    """', by networks of width 16', or nothing of no rows."""
    return ''.join(', by networks of width %d' % width
                   for width in sorted({row['width'] for row in rows}))


def titled(row):
    """'Adv + Psv (3 seeds)', '..., 10 blocks (seed 0)'."""
    return '%s%s (%s)' % (
        row['row'], '' if row['blocks'] == REPORTED_BLOCKS
        else ', %d blocks' % row['blocks'], seeds(row))


def cell(found):
    """A rate in per cent; '–' where it is not measured."""
    return number(found and share(found))


def number(fraction):
    """A fraction of 1 in per cent; '–' where it is not known."""
    return '–' if fraction is None else '%.2f' % hundred(fraction)


def hundred(value):
    """A fraction in per cent, None staying None."""
    return None if value is None else 100 * value


def strengths(found, between=', '):
    """'50, 45'; 'no' of none."""
    return between.join('%g' % snr for snr in found or ()) or 'no'
