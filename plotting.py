"""matplotlib as every figure here uses it: with its own settings.

The user's matplotlibrc and MPLBACKEND are made for figures of the user's;
some of them (TeX, another backend) would stop a run at its very end. All
modules that draw import what they need from here.
"""

import os

# It is read, and nonsense in it refused, at the import.
os.environ['MPLBACKEND'] = 'agg'

import matplotlib
from matplotlib import colormaps, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

__all__ = ['Figure', 'FigureCanvasAgg', 'FigureCanvasSVG', 'Normalize',
           'Rectangle', 'SymLogNorm', 'colormaps', 'rc_context', 'verbatim']

matplotlib.rcParams.update(matplotlib.rcParamsDefault)


def verbatim(text):
    """A text with names in it, to be drawn as it stands.

    Between two dollar signs matplotlib would look for a formula.
    """
    return text.replace('$', r'\$')
