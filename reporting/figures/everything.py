"""The report's figures."""

from papers.bang import figure_grid as bang_grid
from papers.bang import figure_rules as bang
from papers.song.figures import budget, gradient, maps, sweep, training
from plotting import rc_context
from reporting.figures.style import STYLE

#: Functions of the sources that give a Drawing, or several.
CHARTS = (sweep.accuracy, sweep.success, gradient.gradients,
          gradient.margins, budget.drawing, training.drawing, bang.rules,
          bang_grid.surfaces, bang.noise)
PICTURES = (maps.map_drawings, maps.film_drawings)


def draw_all(sources):
    """Every figure of a report.

    Parameters
    ----------
    sources : reporting.sources.Sources

    Returns
    -------
    list of reporting.figures.style.Drawing
        In the order of the page; those without data say so.
    """
    with rc_context(STYLE):
        return [draw(sources) for draw in CHARTS] + [
            drawing for draw in PICTURES for drawing in draw(sources)]
