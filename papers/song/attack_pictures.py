"""The pictures of a run, from records and illustrations alone."""

import os
import sys

import numpy as np

from saliency.arithmetic import log10_gradient
from saliency.attack import LOG_ODDS_GRADIENT, quantity_of
from saliency.outcome import Outcome
from saliency.pictures import budget_figure, crafted_figure, film_strip
from storage.atomic import atomic_file
from training.pictures import save_figure


def draw_run(folder, outcomes, shown, images, joint, plan, dataset):
    """Draw all pictures of a run into a folder.

    Parameters
    ----------
    outcomes, shown : dict by (model, arithmetic)
        saliency.outcome.Outcome, and what `attack.illustrate` made of the
        first samples.
    images : (n, 1, h, w) float
        Originals of all samples.
    joint : (n,) bool
        Samples that all models classify correctly.
    plan : dict
        algorithm, variant, pictures (how many samples to draw).
    """
    name = 'Algorithm %d on %s' % (plan['algorithm'], dataset)
    draw_curves(folder, outcomes, name)
    for key, outcome in outcomes.items():
        candidates = len(shown[key]['index'])
        rows = np.flatnonzero(joint[:candidates])[:plan['pictures']]
        if len(rows):
            draw_one(folder, key, Outcome(*(array[rows] for array in outcome)),
                     shown[key], rows, images[rows], plan,
                     '%s, %s' % (name, title(key)))


def title(key):
    """'std-T20, float32' of (model, arithmetic)."""
    return '%s, %s' % key


def draw_curves(folder, outcomes, name):
    """Success against budget: one picture a model, one an arithmetic."""
    for part in dict.fromkeys(part for key in outcomes for part in key):
        curves = {title(key): (outcome.curve,
                               int(outcome.clean_correct.sum()))
                  for key, outcome in outcomes.items() if part in key}
        save_figure(budget_figure(curves, name), os.path.join(
            folder, 'curves-%s.png' % part.replace(os.sep, '-')), name)


def draw_one(folder, key, outcome, shown, rows, images, plan, name):
    """Sheet, film strip and printed map of one model and arithmetic."""
    quantity, logarithmic = quantity_of(plan['algorithm'], plan['variant'],
                                        key[1])
    suffix = '-'.join(key).replace(os.sep, '-')
    maps = shown['map'][rows]  # (r, P)

    def save(kind, figure):
        save_figure(figure, os.path.join(folder, '%s-%s.png'
                                         % (kind, suffix)), name)

    save('sheet', crafted_figure(
        images, outcome.adversarial, maps, outcome.label,
        outcome.prediction, outcome.steps, name, quantity, logarithmic))
    k = int(np.argmax(outcome.success))  # the first success, if any
    save('film', film_strip(outcome, k, images[k], shown['answers'][rows[k]],
                            name))
    if quantity == LOG_ODDS_GRADIENT:      # in print, the loss's
        maps, quantity = (log10_gradient(outcome.log_odds, maps),
                          'log10 |gradient|')
    text = printed_map(maps[k].reshape(images.shape[-2:]),
                       int(outcome.steps[k]), quantity)
    path = os.path.join(folder, 'map-%s.txt' % suffix)
    with atomic_file(path, 'w') as stream:
        stream.write('%s\ntest sample %d, actual %d, predicted %d\n%s\n' % (
            name, outcome.index[k], outcome.label[k], outcome.prediction[k],
            text))


def printed_map(saliency, pixels, quantity='gradient'):
    """A map (h, w) as text, as the paper's Appendices A and B print it.

    In its own dtype, so that zeros and subnormals show; the mean is taken in
    float64, where a float32 sum would lose them. The pixels are those
    overwritten until the prediction changed.
    """
    body = np.array2string(saliency, max_line_width=79,
                           threshold=sys.maxsize)
    return '\n'.join([
        'mean %s: %.6g' % (quantity, saliency.mean(dtype=np.float64)),
        'max %s: %.6g' % (quantity, saliency.max()),
        'Perturbed: %d' % pixels, '', 'Saliency map:', body])
