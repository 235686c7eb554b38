"""The paper's figures 3 and 5: noise that changes the class, in training."""

import numpy as np

from plotting import Figure, verbatim


def surfaces(record):
    """Percentages against iteration and sigma: regular, BANG, the gain.

    Parameters
    ----------
    record : dict
        noise.json.

    Returns
    -------
    matplotlib.figure.Figure
    """
    settings = record['settings']
    regular, bang = (np.array(record['percent'][name])
                     for name in ('regular', 'bang'))   # (iterations, sigmas)
    figure = Figure(figsize=(10.5, 3.6), layout='constrained')
    figure.suptitle(verbatim(record['title']))
    highest = max(regular.max(), bang.max(), 1e-9)
    for axes, values, title, colours, low in zip(
            figure.subplots(1, 3), (regular, bang, regular - bang),
            ('regular', 'BANG', 'regular less BANG'),
            ('viridis', 'viridis', 'RdBu_r'), (0, 0, -highest)):
        mesh = axes.pcolormesh(
            edges(settings['iterations']), edges(settings['sigmas']),
            values.T, cmap=colours, vmin=low, vmax=highest)
        axes.set(title=title, xlabel='iteration',
                 ylabel='standard deviation (grey levels)')
        figure.colorbar(mesh, ax=axes, label='class changed (%)')
    return figure


def edges(centres):
    """Borders of cells around values, one more than there are."""
    centres = np.asarray(centres, float)
    if len(centres) == 1:
        return centres[0] * np.array([.5, 1.5])
    middles = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middles[0]], middles,
                           [2 * centres[-1] - middles[-1]]])
