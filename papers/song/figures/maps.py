"""Saliency maps of the appendices, and film strips, of recorded attacks."""

import numpy as np

import data
from papers.song.rates import ARITHMETICS, HOT_MODEL, STD, model_name
from plotting import rc_context
from reporting.drawings import PICTURE, Drawing
from saliency.attack import quantity_of
from saliency.pictures import crafted_figure, film_strip

MISSING = '%s: no recorded attack (python explore.py, or the study\'s step).'
SAMPLES = 2
#: name, title, model, arithmetic, algorithm.
MAPS = (('map-std', 'Appendix A: saliency maps of M_std', STD, 'float32', 1),
        ('map-hot', 'Appendix B: saliency maps at T = 20', HOT_MODEL,
         'float32', 1),
        ('map-hot-exact', 'Appendix B again, in log-odds', HOT_MODEL,
         'logodds', 1))
FILMS = (('film-float32', 'Algorithm 2 on M_std-T in float32', HOT_MODEL,
          'float32', 2),
         ('film-logodds', 'The same attack in log-odds', HOT_MODEL,
          'logodds', 2))


def drawings(sources):
    """A Drawing an appendix, then one a film strip."""
    kinds = (
        (draw_map, SAMPLES, MAPS,
         'Original, adversarial sample and saliency map of the signed '
         'gradient (Algorithm 1); orange pixels became 1. The colour scale '
         'is relative to the largest value, which is printed beside it.'),
        (draw_film, 1, FILMS,
         'One crafting run, frame by frame: orange pixels became 1, blue '
         'ones 0.'))
    return [drawing(sources.beside.explorer, draw, count, *entry, text)
            for draw, count, entries, text in kinds for entry in entries]


def drawing(explorer, draw, count, name, title, model, arithmetic, algorithm,
            text):
    """The Drawing of one recorded attack, or of its absence."""
    key = (model, arithmetic, algorithm)
    figure = None
    if explorer is not None and key in explorer.runs():
        rows = attacked(explorer)[:count]
        if len(rows):
            with rc_context(PICTURE):
                figure = draw(explorer, key, rows)
            text += ' ' + describe(explorer, key, rows)
    return Drawing(name, title, text, text, figure, MISSING % title, True)


def attacked(explorer):
    """Samples that all recorded models classify correctly, rows."""
    known = [explorer.outcome(*other).clean_correct
             for other in explorer.runs()]
    return np.flatnonzero(np.all(known, axis=0))


def describe(explorer, key, rows):
    """What became of some samples, in words."""
    outcome = explorer.outcome(*key)
    return ' '.join('The %d is %s after %d pixels, of which %d changed.' % (
        outcome.label[row], 'taken for a %d' % outcome.prediction[row]
        if outcome.success[row] else 'still recognised',
        outcome.steps[row], outcome.changed[row]) for row in rows)


def title(explorer, key):
    """What a picture says of itself."""
    return 'Algorithm %d on %s, %s, %s' % (
        key[2], data.LABELS[explorer.about['dataset']], model_name(key[0]),
        ARITHMETICS[key[1]])


def draw_map(explorer, key, rows):
    """Originals, adversarial samples, maps."""
    outcome, run = explorer.outcome(*key), explorer.run(*key)
    quantity, logarithmic = quantity_of(key[2], explorer.about['variant'],
                                        key[1])
    maps = run['map'][rows, 0].astype(float)               # (r, 784)
    scale = run['scale'][rows, 0][:, None]                 # (r, 1)
    return crafted_figure(
        explorer.images[rows], outcome.adversarial[rows],
        maps + scale if logarithmic else maps * scale, outcome.label[rows],
        outcome.prediction[rows], outcome.steps[rows], title(explorer, key),
        quantity, logarithmic)


def draw_film(explorer, key, rows):
    """The strip of the first sample."""
    row = rows[0]
    return film_strip(explorer.outcome(*key), row, explorer.images[row],
                      explorer.run(*key)['answers'][row],
                      title(explorer, key))
