"""test1.py to test4.py: an algorithm of the paper against models."""

import os
from functools import partial

import numpy as np

import data
from attacking.campaign import Campaign, Conclusion
from attacking.inputs import find_models, pick_samples
from errors import UserError
from papers.song.attack_options import ARITHMETICS, MODELS, PIXELS
from papers.song.attack_pictures import draw_run, title
from papers.song.run_format import ATTACK, SONG
from papers.song.verdict import verdict, wrapped
from saliency.outcome import unpack
from saliency.summary import (
    compare,
    curve_warnings,
    jointly_correct,
    table,
)
from saliency.summary import summarise as summaries_of
from storage.atomic import json_ready
from storage.attack_file import open_run

#: By the floatX that they compute in. Log-odds needs no more than float32.
FLOATX = {'float32': ('float32', 'logodds'), 'float64': ('float64',)}
#: Options that results depend on.
KEPT = ('variant', 'limit', 'test_temperature', 'seed', 'indices', 'batch',
        'probing', 'ops', 'pictures')
#: Per-sample numbers that go into the JSON, beside those derived.
RECORDED = ('label', 'clean_prediction', 'margin', 'log_odds',
            'log10_max_gradient', 'max_gradient', 'mean_gradient', 'nonzero',
            'all_zero', 'success', 'steps', 'changed', 'prediction')


def campaign(name, algorithm):
    """The attacking.campaign.Campaign of a script.

    Its name is the script's without .py, and the default folder's; the
    algorithm is 1 to 4, the paper's numbering.
    """
    def arguments(args, models):
        return dict({name: getattr(args, name) for name in KEPT},
                    algorithm=algorithm,
                    arithmetic=in_order(args.arithmetic))

    def folder(args, dataset):
        return os.path.join('runs', name if dataset == 'mnist'
                            else '%s-%s' % (dataset, name))

    return Campaign(
        name + '.py', 'Algorithm %d on %%s' % algorithm, 'papers.song.attack',
        find, pick_samples, arguments, ways, partial(open_run, form=ATTACK),
        summarise, draw, folder=folder)


def find(args):
    """The models that are attacked."""
    return find_models(args.models, MODELS, SONG)


def ways(arguments):
    """The arithmetics, by the floatX that they compute in."""
    found = by_floatX(arguments['arithmetic'], arguments['test_temperature'])
    return {floatX: [(name,) for name in names]
            for floatX, names in found.items()}


def in_order(asked):
    """The arithmetics asked for, each once, in the order of the tables."""
    return [name for name in ARITHMETICS if name in asked]


def by_floatX(asked, test_temperature):
    """The arithmetics asked for by floatX, which has to hold T'."""
    found = {floatX: [name for name in in_order(asked) if name in own]
             for floatX, own in FLOATX.items() if set(own) & set(asked)}
    for floatX in found:
        low, high = np.finfo(floatX).tiny, np.finfo(floatX).max
        if not low <= test_temperature <= high:
            raise UserError(
                '--test-temperature: expected a number that %s holds, '
                '%.2g to %.2g, got %g' % (floatX, low, high,
                                          test_temperature))
    return found


def outcomes_of(run):
    """The `saliency.outcome.Outcome` by (model, arithmetic), for tables.

    They and the originals, (n, 1, 28, 28) float32.
    """
    images = data.scale(run.samples.images, 'float32')
    return {(name, arithmetic): unpack(run.records[name, arithmetic], images)
            for name in run.models
            for arithmetic in run.arguments['arithmetic']}, images


def summarise(run):
    """Numbers, table and verdict; a UserError where no model is right."""
    outcomes, _ = outcomes_of(run)
    if not any(outcome.clean_correct.any() for outcome in outcomes.values()):
        raise UserError('expected correctly classified samples, but no model '
                        'has one among the %d given: choose others '
                        '(--samples, --indices)' % len(run.samples.index))
    numbers, report = assess(outcomes, run.arguments['algorithm'],
                             run.arguments['limit'], PIXELS, run.label,
                             run.device)
    return Conclusion(
        dict(numbers, machine=run.machines, report=report,
             test_indices=run.samples.index.tolist()), report,
        {'about': np.asarray(run.title)})


def assess(outcomes, algorithm, limit, pixels, dataset, device='cpu'):
    """Everything that a run's records amount to.

    Of `saliency.outcome.Outcome` by (model, arithmetic), on images of so many
    pixels: a JSON-ready dict, and table and verdict as text, lines of at most
    79 columns.
    """
    titled = {title(key): outcome for key, outcome in outcomes.items()}
    summaries = summaries_of(titled)
    comparisons = comparable(outcomes, compare(titled))
    warnings = {key: curve_warnings(
        outcome.curve, int(outcome.clean_correct.sum()), pixels)
        for key, outcome in outcomes.items()}
    counts, words = verdict(outcomes, algorithm, limit, device)
    numbers = {
        'attacks': [{
            'model': key[0], 'arithmetic': key[1],
            'summary': json_ready(summaries[title(key)]),
            'curve': outcome.curve.tolist(), 'warnings': warnings[key],
            'samples': {name: json_ready(getattr(outcome, name))
                        for name in RECORDED}}
            for key, outcome in outcomes.items()],
        'comparisons': [json_ready(pair) for pair in comparisons],
        'verdict': {'counts': counts, 'words': words}}
    text = '%s\n\nVerdict\n%s' % (
        table(summaries, comparisons, dataset,
              ['%s: %s' % (title(key), line)
               for key, lines in warnings.items() for line in lines]),
        wrapped(words))
    return numbers, text


def comparable(outcomes, comparisons):
    """Only pairs that differ in the model or the arithmetic, not in both."""
    key_of = {title(key): key for key in outcomes}
    return [pair for pair in comparisons if any(
        one == two for one, two in zip(key_of[pair['first']],
                                       key_of[pair['second']]))]


def draw(run, conclusion):
    """All pictures, if some are wanted."""
    if run.arguments['pictures']:
        outcomes, images = outcomes_of(run)
        draw_run(run.folder, outcomes, run.shown, images,
                 jointly_correct(outcomes), run.arguments, run.label)
