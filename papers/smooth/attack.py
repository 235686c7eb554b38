"""What attack_smooth.py's workers compute: attacks at many strengths.

The report's section 5 has FGSM with the true label alone. What else there is
tells apart what that can mean: see `attacks.sign_steps`.
"""

import functools
import os
from functools import partial
from typing import Any, NamedTuple, Optional

import numpy as np
import theano
import theano.tensor as T

from attacking.campaign import Work
from attacks.batches import Classifier, in_batches, predictions
from attacks.projected import projected_ascent
from attacks.sign_steps import (
    descent,
    least_likely,
    log_odds_gradient,
    loss_gradient,
    random_signs,
    random_then_sign,
    sign_step,
    signs,
)
from attacks.strength import (
    PIXELS,
    Trials,
    make_ball,
    snr,
    snr_step,
    try_strengths,
)
from papers.smooth.attack_names import (
    ATTACKS,
    LEAST_LIKELY,
    LOG_ODDS,
    NORMS,
    PGD,
    PREDICTED,
    RANDOM,
    RANDOM_FIRST,
    STRONG,
    TRANSFER,
    TRUE,
)
from papers.smooth.networks import apply, load_network
from papers.smooth.recipes import FAMILIES
from papers.smooth.run_format import SMOOTH
from storage.model_file import load_model

#: Of the images that are drawn, the noise times this.
LOUDER = 10


class Attacked(NamedTuple):
    """A model as attacks see it; images are in the unit of its ratios."""

    classifier: Classifier
    #: x, y -> gradients of another model, for transfer; None of the source.
    other: Any
    #: A pixel from 0 to 1 is this unit's deviation times it plus mean.
    mean: np.ndarray           # (c, 1, 1)
    deviation: np.ndarray      # (c, 1, 1)
    box: Optional[tuple]       # what pixels can be, or None


def prepare(model, plan):
    """Compile a model's functions, and those of the one that transfers."""
    classifier = compiled(model.folder, plan['norm_of'])
    source, other = plan['models'].get(plan['source']), None
    if source and source != os.path.abspath(model.folder):
        other = loss_gradient(compiled(source, plan['norm_of']))
    mean, deviation = unit(model, plan['norm_of'], classifier.dtype)
    cut = plan['cut'] == 'always' or (
        plan['cut'] == 'report' and FAMILIES[model.dataset] == 'svhn')
    black_and_white = [(np.asarray(pixel, classifier.dtype) - mean)
                       / deviation for pixel in (0, 1)]
    return Attacked(classifier, other, mean, deviation,
                    tuple(black_and_white) if cut else None)


def unit(model, norm_of, dtype):
    """Mean and deviation, (c, 1, 1), by which pixels become images."""
    arrays = [model.weights['normalise.' + name][:, None, None].astype(dtype)
              for name in ('mean', 'deviation')]
    if norm_of == NORMS[0]:
        return arrays
    return np.zeros_like(arrays[0]), np.ones_like(arrays[1])


@functools.lru_cache(maxsize=2)
def compiled(folder, norm_of):
    """A model's attacks.batches.Classifier; running statistics do not move.

    On images (n, c, h, w) of Theano's floatX: normalised ones, or pixels
    from 0 to 1. The source of transfer is asked for once for every model.
    """
    network = load_network(load_model(folder, SMOOTH))
    images = T.tensor4('images')
    normalised = images
    if norm_of == NORMS[1]:
        normalised = network.normalised.get_output_for(images)
    z, _ = apply(network, normalised, deterministic=True)
    seed = T.matrix('seed')                                  # (b, classes)
    return Classifier(
        theano.function([images], z),
        theano.function([images, seed], theano.grad(
            None, images, known_grads={z: seed})),
        np.dtype(theano.config.floatX))


def attack_block(functions, samples, way, plan):
    """Attack a block by every attack of a way, at every strength.

    Parameters
    ----------
    functions : Attacked
    samples : attacking.campaign.Samples
    way : (str,)
        The arithmetic: 'float32' or 'float64'.
    plan : dict
        snr, pgd_snr (dB, weak to strong), attacks, float64_attacks,
        restarts, seed, batch.

    Returns
    -------
    dict of str to array
        index, label, clean_prediction, saturated: whether the gradient of
        the loss is 0 in every pixel (n,); step (n, k), of each pixel; by
        attack and a slash prediction, snr (dB, after cutting) and blank, all
        (n, k), of PGD only at pgd_snr.
    """
    x, labels = in_unit(functions, samples.images), samples.labels
    clean = predictions(in_batches(functions.classifier.logits,
                                   plan['batch'], x))
    truth = signs(loss_gradient(functions.classifier), x, labels,
                  plan['batch'])
    arrays = {'index': samples.index, 'label': labels,
              'clean_prediction': clean,
              'saturated': ~truth.any(axis=PIXELS),
              'step': np.stack([snr_step(x, ratio)
                                for ratio in plan['snr']], axis=1)}
    for name in chosen(plan, way):
        if name == TRANSFER and functions.other is None:
            continue
        trials = run_attack(name, functions, x, labels, samples.index, truth,
                            plan)
        for column in ('prediction', 'snr', 'blank'):
            arrays['%s/%s' % (name, column)] = getattr(trials, column)
    return arrays


def in_unit(functions, images):
    """Bytes as the attacked network takes them, (n, c, h, w)."""
    dtype = functions.classifier.dtype
    pixels = images.astype(dtype) / np.asarray(255, dtype)
    return (pixels - functions.mean) / functions.deviation


def chosen(plan, way):
    """Names of the attacks in an arithmetic, in the order of tables."""
    asked = plan['attacks']
    if way[0] == 'float64':
        asked = [word for word in asked if word in plan['float64_attacks']]
    return [name for word, name in ATTACKS.items() if word in asked]


def run_attack(name, functions, x, labels, places, truth, plan):
    """One attack at its strengths: attacks.strength.Trials.

    `truth` are the signs of the gradient with the true labels.
    """
    if name in PGD:
        return nested(functions, x, labels, places, PGD[name], plan)
    if name == RANDOM_FIRST:
        attack = partial(random_then_sign, loss_gradient(
            functions.classifier), y=labels, seed=plan['seed'],
            places=places, batch=plan['batch'])
    else:
        attack = partial(sign_step, direction=truth if name == TRUE else
                         direction_of(name, functions, x, labels, places,
                                      plan))
    return try_strengths(functions.classifier.logits, x, attack, plan['snr'],
                         functions.box, plan['batch'])


def direction_of(name, functions, x, labels, places, plan):
    """Signs (n, c, h, w) that one step goes along."""
    if name == RANDOM:
        return random_signs(x, plan['seed'], places)
    gradient, batch = loss_gradient(functions.classifier), plan['batch']
    if name == LOG_ODDS:
        gradient = log_odds_gradient(functions.classifier)
    elif name == TRANSFER:
        gradient = functions.other
    elif name in (PREDICTED, LEAST_LIKELY):
        z = in_batches(functions.classifier.logits, batch, x)
        labels = predictions(z) if name == PREDICTED else least_likely(z)
        if name == LEAST_LIKELY:
            gradient = descent(gradient)
    return signs(gradient, x, labels, batch)


def nested(functions, x, labels, places, steps, plan):
    """PGD from weak to strong, by what the weaker has found.

    The ball of a weaker attack lies in that of a stronger one: an image that
    was fooled there, or is misclassified as it is, is not attacked again.

    Returns
    -------
    attacks.strength.Trials
        Of each image the step that was allowed, and the rest of the image
        that fools, or of the last attempt.
    """
    logits = partial(in_batches, functions.classifier.logits, plan['batch'])
    images, blank = x.copy(), np.zeros(len(x), bool)
    found = predictions(logits(x))
    columns = []
    for ratio in plan['pgd_snr']:
        step = snr_step(x, ratio)
        left = np.flatnonzero(found == labels)
        if len(left):
            moved = projected_ascent(
                functions.classifier.logits, loss_gradient(
                    functions.classifier),
                make_ball(x[left], step[left], functions.box), labels[left],
                steps, plan['restarts'], seed=plan['seed'],
                places=places[left], batch=plan['batch'])
            images[left], blank[left] = moved
            found[left] = predictions(logits(moved.images))
        columns.append((step, snr(x, images), blank.copy(), found.copy()))
    return Trials(*(np.stack(column, axis=1) for column in zip(*columns)))


def illustrate(functions, samples, records, way, plan):
    """The first rightly classified samples, and what FGSM makes of them.

    With true labels, at 33 dB, or at the strongest ratio if that is not
    among them.

    Returns
    -------
    dict of str to array
        index, label, prediction (n,), ratio (), pixels from 0 to 1 of
        original and adversarial, and the noise, in this unit, times LOUDER
        (n, c, h, w). Adversarial pixels may be any number.
    """
    rows = np.flatnonzero(records['clean_prediction'] == records['label'])[
        :plan['pictures']]
    images, labels, index = (array[rows] for array in samples)
    ratio = STRONG if STRONG in plan['snr'] else plan['snr'][-1]
    x = in_unit(functions, images)
    arrays = {'index': index, 'label': labels, 'ratio': np.array(ratio)}
    if not len(x):
        return arrays
    direction = signs(loss_gradient(functions.classifier), x, labels,
                      plan['batch'])
    moved = sign_step(make_ball(x, snr_step(x, ratio), functions.box),
                      direction).images
    arrays.update({
        'prediction': predictions(in_batches(
            functions.classifier.logits, plan['batch'], moved)),
        'original': x * functions.deviation + functions.mean,
        'adversarial': moved * functions.deviation + functions.mean,
        'noise': LOUDER * (moved - x) * functions.deviation})
    return arrays


WORK = Work(SMOOTH, prepare, attack_block, lambda plan: 250, illustrate)
