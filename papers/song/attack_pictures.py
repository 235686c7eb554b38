"""The pictures of a run, from records and illustrations alone."""

import os

import numpy as np

from papers.song.attack_results import title
from papers.song.illustrations import LOG_ODDS_GRADIENT, quantity_of
from saliency.arithmetic import log10_gradient
from saliency.curves import budget_figure
from saliency.film import film_strip, frames_of_run
from saliency.outcome import Outcome
from saliency.pictures import crafted_figure
from saliency.print_map import printed_map
from storage.atomic import atomic_file
from training.pictures import save_figure

FRAMES = 10  # of a film strip


def draw_run(folder, outcomes, shown, images, joint, plan, dataset):
    """Draw all pictures of a run.

    Parameters
    ----------
    folder : str
    outcomes : dict of (model, arithmetic) to saliency.outcome.Outcome
    shown : dict of (model, arithmetic) to dict
        See `illustrations.illustrate`; of the first samples.
    images : (n, 1, h, w) float
        Originals of all samples.
    joint : (n,) bool
        Samples that all models classify correctly.
    plan : dict
        algorithm, variant, pictures (how many samples to draw).
    dataset : str
        Its human name.
    """
    name = 'Algorithm %d on %s' % (plan['algorithm'], dataset)
    draw_curves(folder, outcomes, name)
    for key, outcome in outcomes.items():
        candidates = len(shown[key]['index'])
        rows = np.flatnonzero(joint[:candidates])[:plan['pictures']]
        if len(rows):
            draw_one(folder, key, pick(outcome, rows), shown[key], rows,
                     images[rows], plan,
                     '%s, %s' % (name, title(key)))


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
    save('film', film(outcome, k, shown['answers'][rows[k]], images[k],
                      name))
    values, quantity = printable(outcome, maps, quantity)
    text = printed_map(values[k].reshape(images.shape[-2:]),
                       int(outcome.steps[k]), quantity)
    path = os.path.join(folder, 'map-%s.txt' % suffix)
    with atomic_file(path, 'w') as stream:
        stream.write('%s\ntest sample %d, actual %d, predicted %d\n%s\n' % (
            name, outcome.index[k], outcome.label[k], outcome.prediction[k],
            text))


def printable(outcome, maps, quantity):
    """Maps (r, P) for print: the loss's gradient, if need be its log10."""
    if quantity == LOG_ODDS_GRADIENT:
        return log10_gradient(outcome.log_odds, maps), 'log10 |gradient|'
    return maps, quantity


def film(outcome, k, answers, image, name):
    """The film strip of sample k, whose answers are (limit + 1,)."""
    steps = int(outcome.steps[k])
    budgets = np.unique(np.linspace(0, steps, FRAMES).round().astype(int))
    frames = frames_of_run(image, outcome.adversarial[k], outcome.order[k],
                           budgets)
    return film_strip(frames, budgets, answers[budgets], outcome.label[k],
                      name)


def pick(outcome, rows):
    """The Outcome of some rows."""
    return Outcome(*(array[rows] for array in outcome))
