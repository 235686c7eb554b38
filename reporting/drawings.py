"""A figure of the report: its look, its words, and how it becomes files.

Colours are those of the light theme. In the page they become the
variables of its style sheet, so that one drawing serves both themes.
"""

import io
import re
from typing import Any, NamedTuple, Optional

import numpy as np

from plotting import Figure, FigureCanvasAgg, FigureCanvasSVG, rc_context

INK, FAINT, GRID, PAPER = '#1c2024', '#5b636b', '#d5d9dd', '#ffffff'
ARITHMETIC = {'float32': '#b84205', 'float64': '#7d6200',
              'logodds': '#0b62a8'}
MARKER = {'float32': 'o', 'float64': 's', 'logodds': '^'}
LINE = {'float32': '-', 'float64': '--', 'logodds': '-.'}
#: Colours of other lines, by name.
SLATE, PLUM, OLIVE = '#4a5560', '#a33a8c', '#587200'
#: What the page calls the colours; see report.css.
VARIABLES = dict(
    {INK: 'ink', FAINT: 'faint', GRID: 'grid', SLATE: 'slate', PLUM: 'plum',
     OLIVE: 'olive'},
    **{ARITHMETIC[name]: name for name in ARITHMETIC})
WIDTH = 7.6       # inches
FONT = 'DejaVu Sans'
STYLE = {
    'font.family': 'sans-serif', 'font.sans-serif': [FONT], 'font.size': 9,
    'axes.titlesize': 9, 'axes.labelsize': 9, 'legend.frameon': False,
    'text.color': INK, 'axes.labelcolor': INK, 'axes.edgecolor': FAINT,
    'axes.titlecolor': INK, 'xtick.color': FAINT, 'ytick.color': FAINT,
    'xtick.labelcolor': INK, 'ytick.labelcolor': INK, 'grid.color': GRID,
    'axes.grid': True, 'axes.axisbelow': True, 'axes.spines.top': False,
    'axes.spines.right': False, 'figure.facecolor': PAPER,
    'axes.facecolor': 'none', 'svg.fonttype': 'none',
    'axes.unicode_minus': True}
#: Of pictures: no grid, and the frame all round.
PICTURE = dict(STYLE, **{'axes.grid': False, 'axes.spines.top': True,
                         'axes.spines.right': True})


class Drawing(NamedTuple):
    """A figure of the report, or why there is none."""

    name: str                # of its files, and its identifier in the page
    title: str
    caption: str
    text: str                # what it shows, for who cannot see it
    figure: Optional[Any]    # matplotlib.figure.Figure
    missing: str             # one line, where there is no figure
    picture: bool = False    # whether it keeps white paper in the dark theme


def sheet(rows, columns, height, **options):
    """A Figure of the report's width, and its axes (rows, columns)."""
    figure = Figure(figsize=(WIDTH, height), layout='constrained')
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def key(figure, axes, columns=None):
    """What the lines of a panel, and of all others, are, above them all.

    In one line, or in so many columns.
    """
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc='outside upper center',
                      ncols=columns or len(handles))


def error_bars(axes, places, fractions, bounds, **style):
    """Fractions (n,) as percentages, with intervals, (n, 2) fractions."""
    values = 100 * np.asarray(fractions)
    low, high = 100 * np.transpose(bounds)
    axes.errorbar(places, values, [np.maximum(values - low, 0),
                                   np.maximum(high - values, 0)],
                  elinewidth=.8, **style)


def temperatures_axis(axes, values):
    """A logarithmic axis of T, with the values that were trained."""
    shown = thinned(values)
    axes.set_xscale('log')
    axes.set_xticks(shown, ['%g' % value for value in shown])
    axes.set_xticks([], minor=True)


def thinned(values):
    """Of sorted values, those far enough apart for their labels."""
    kept = []
    for value in sorted(values):
        if not kept or value >= 1.6 * kept[-1]:
            kept.append(value)
    return kept


def save(drawing):
    """A figure as SVG, str, and PNG: the same bytes for the same figure."""
    vector, raster, figure = io.StringIO(), io.BytesIO(), drawing.figure
    with rc_context(dict(STYLE, **{'svg.hashsalt': drawing.name})):
        FigureCanvasSVG(figure)
        figure.savefig(vector, format='svg', metadata={
            'Date': None, 'Creator': None, 'Title': drawing.title})
        figure.set_layout_engine('none')     # it is laid out now
        FigureCanvasAgg(figure)
        figure.savefig(raster, format='png', dpi=120,
                       metadata={'Software': None})
    return vector.getvalue(), raster.getvalue()


def inline(drawing, source):
    """An SVG of `save` for the page: unique ids, colours of the theme.

    The <svg> element alone, without its title and description, which the
    template adds, as attributes' text must be escaped there.
    """
    body = source[source.index('<svg'):]
    body = re.sub(r'(?s)<metadata>.*?</metadata>\s*', '', body)
    # Equal images have equal names, which nothing refers to.
    body = re.sub(r'(<image [^>]*?) id="[^"]*"', r'\1', body)
    name = drawing.name
    body = re.sub(r'\bid="', 'id="%s-' % name, body)
    body = re.sub(r'(url\(#|href="#)', r'\g<1>%s-' % name, body)
    body = body.replace("'%s'" % FONT, 'var(--sans)')
    if not drawing.picture:
        body = body.replace('fill: %s' % PAPER, 'fill: none')
        for colour, variable in VARIABLES.items():
            body = body.replace(colour, 'var(--%s)' % variable)
    return body
