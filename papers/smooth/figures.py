"""The report's chapter: accuracy by strength, and what it is made of."""

import math

import numpy as np

from metrics.proportions import share
from papers.smooth.attack_names import RANDOM, TRUE
from papers.smooth.evidence import (
    STRONGEST,
    exact,
    parts,
    surviving,
    under,
)
from papers.smooth.explanations import command
from papers.smooth.finding import NAMES
from papers.smooth.measures import LONG
from papers.smooth.printed import CLEAN, STRENGTHS, printed
from papers.smooth.settings import CIFAR, REPORTED_BLOCKS, SVHN, WIDTH
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    INK,
    LINE,
    OLIVE,
    PLUM,
    SLATE,
    Drawing,
    key,
    sheet,
)

COLUMNS = 4
#: Label -> (row, SNR -> rate or None), colour, line.
CURVES = (
    ('all attacks', lambda row, snr: surviving(row, snr), INK, '-'),
    ('FGSM, as published', lambda row, snr: under(row, TRUE, snr),
     ARITHMETIC['float32'], LINE['float32']),
    ('cumulative', lambda row, snr: under(row, TRUE, snr, what='cumulative'),
     ARITHMETIC['float32'], ':'),
    ('log-odds, float64', exact, ARITHMETIC['logodds'], LINE['logodds']),
    (LONG, lambda row, snr: under(row, LONG, snr), PLUM, '--'),
    (RANDOM, lambda row, snr: under(row, RANDOM, snr), FAINT, ':'))
#: Parts of an accuracy, the network's first: label, entry, colour.
PARTS = (('the network', 'network', SLATE),
         ('search', 'search', PLUM),
         ('choice of label', 'leaking', OLIVE),
         ('rounding', 'arithmetic', ARITHMETIC['float32']))


def attacked(sources, part):
    """A data set's networks that were attacked."""
    return [row for row in sources.ledger['models'] if row['part'] == part]


def title(row):
    """A network's, with its width."""
    return '%s%s, width %d' % (
        row['row'], '' if row['blocks'] == REPORTED_BLOCKS
        else ', %d blocks' % row['blocks'], row['width'])


def beside(row):
    """What the report prints of a network's row: {column: per cent}.

    Of CIFAR-10 it has no table: there the row of SVHN stands beside.
    """
    return printed(SVHN if row['part'] == CIFAR else row['part'], row['row'])


def theirs_of(row):
    """What the crosses are."""
    return 'the report\'s' + (
        ' (SVHN, width %d)' % WIDTH if row['part'] == CIFAR else '')


def missing(part, what):
    """Why there is no figure."""
    return '%s on %s: not measured yet, no finished attack: %s.' % (
        what, NAMES[part], command(part, False))


def curves(sources, part):
    """The Drawing of accuracy against the attack's strength."""
    rows = attacked(sources, part)
    return Drawing(
        'smooth-curves-' + part,
        '%s: accuracy by the strength of the attack' % NAMES[part],
        'Accuracy on all attacked images%s, against the SNR, weak attacks to '
        'the left; the dotted line counts what is wrong at a weaker attack '
        'as wrong at every stronger one. Crosses are the report\'s numbers%s, '
        'at the left edge on clean images.' % (
            ', seeds together, by networks of width %s' % ', '.join(
                map(str, sorted({row['width'] for row in rows}))),
            ', of SVHN at width %d' % WIDTH if part == CIFAR else ''),
        '; '.join('%s: clean %s, %s' % (title(row), words(row['clean']),
                                        ', '.join('%g dB %s' % (
                                            snr, words(under(row, TRUE, snr)))
                                            for snr in row['snr']))
                  for row in rows) + '.',
        draw_curves(rows) if rows else None,
        missing(part, 'Accuracy by strength'))


def words(found):
    """'91.3 %', '–' of nothing."""
    return '–' if found is None else '%.1f %%' % (100 * share(found))


def draw_curves(rows):
    """The Figure: a panel a network."""
    lines = math.ceil(len(rows) / COLUMNS)
    figure, panels = sheet(lines, COLUMNS, 1 + 1.9 * lines, sharex=True,
                           sharey=True)
    for axes in panels.flat[len(rows):]:
        axes.set_axis_off()
    for axes, row in zip(panels.flat, rows):
        draw_panel(axes, row)
    for axes in panels[:, 0]:
        axes.set_ylabel('accuracy (%)')
    for axes in panels.flat[max(0, len(rows) - COLUMNS):len(rows)]:
        axes.set_xlabel('SNR (dB)')
        axes.tick_params(labelbottom=True)
    key(figure, panels.flat[0], COLUMNS)
    return figure


def draw_panel(axes, row):
    """One network's curves."""
    for label, value, colour, line in CURVES:
        found = [(snr, 100 * share(value(row, snr))) for snr in row['snr']
                 if value(row, snr)]
        if found:
            axes.plot(*np.transpose(found), line, color=colour, label=label,
                      linewidth=2.4 if label == 'all attacks' else 1.2)
    theirs = beside(row)
    edge = max(row['snr']) + 2
    places = {CLEAN: edge, **{snr: snr for snr in STRENGTHS}}
    axes.plot([places[name] for name in theirs], list(theirs.values()), 'x',
              color=INK, markersize=5, label=theirs_of(row))
    axes.plot(edge, 100 * share(row['clean']), '.', color=INK)
    axes.set(xlim=(edge + 1, min(row['snr']) - 1), ylim=(-3, 103))
    axes.set_title(title(row).replace(', width', ',\nwidth'), fontsize=8)


def made_of(sources, part):
    """The Drawing of what FGSM's accuracy consists of."""
    rows = [(row, found) for row, found in (
        (row, parts(row)) for row in attacked(sources, part)) if found]
    return Drawing(
        'smooth-parts-' + part,
        '%s: what accuracy under FGSM is made of' % NAMES[part],
        'Accuracy at %d dB under FGSM as published, parted into what '
        'survives every attack and what others than it take away; search is '
        'random starts, iterations and transfer. Crosses are the '
        'report\'s numbers%s.' % (
            STRONGEST, ', of SVHN at width %d' % WIDTH
            if part == CIFAR else ''),
        '; '.join('%s: %s' % (title(row), ', '.join('%s %.1f' % (
            label, 100 * getattr(found, name)) for label, name, _ in PARTS))
            for row, found in rows) + '.',
        draw_parts(rows) if rows else None,
        missing(part, 'What accuracy is made of'))


def draw_parts(rows):
    """The Figure: a network a bar, its parts stacked."""
    figure, ((axes,),) = sheet(1, 1, 1.2 + .3 * len(rows))
    places = np.arange(len(rows))
    begins = np.zeros(len(rows))
    for label, name, colour in PARTS:
        lengths = np.array([100 * getattr(found, name)
                            for _, found in rows])
        axes.barh(places, lengths, .6, begins, color=colour, label=label)
        begins += lengths
    theirs = [(place, beside(row)[STRONGEST]) for place, (row, _)
              in enumerate(rows) if STRONGEST in beside(row)]
    if theirs:
        axes.plot(*np.transpose(theirs)[::-1], 'x', color=INK, markersize=5,
                  label=theirs_of(rows[0][0]))
    axes.set_yticks(places, [title(row) for row, _ in rows])
    axes.invert_yaxis()
    axes.set(xlabel='accuracy at %d dB (%%)' % STRONGEST, xlim=(0, 102))
    key(figure, axes, COLUMNS)
    return figure
