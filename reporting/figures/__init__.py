"""The report's figures."""

import matplotlib

from reporting.figures import budget, gradient, maps, sweep, training
from reporting.figures.style import STYLE


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
    with matplotlib.rc_context(STYLE):
        drawings = [draw(sources) for draw in (
            sweep.accuracy, sweep.success, gradient.gradients,
            gradient.margins, budget.drawing, training.drawing)]
    return (drawings + maps.map_drawings(sources)
            + maps.film_drawings(sources))
