"""What the workers of test1.py to test4.py compute."""

import numpy as np

import data
from attacking.campaign import Work
from attacks.batches import in_batches
from papers.song.attack_functions import callables
from papers.song.run_format import SONG
from saliency.attack import attack, shown_map
from saliency.outcome import pack, unpack

#: Samples a block, by algorithm.
SIZES = {1: 100, 2: 50, 3: 100, 4: 10}
PROBING = (2, 4)  # algorithms that try every pixel


def prepare(model, plan):
    """The `saliency.callables.Callables` of a model."""
    return callables(model, plan['test_temperature'], plan['probing'],
                     plan['batch'])


def attack_block(callables, samples, way, plan):
    """A block's outcome in one arithmetic, the way, packed.

    The plan's algorithm, limit, variant and batch are `saliency.attack`'s.
    """
    return pack(attack(
        callables, data.scale(samples.images, callables.dtype),
        samples.labels, samples.index, plan['algorithm'], plan['limit'],
        plan['variant'], way == ('logodds',), plan['batch']))


def illustrate(callables, samples, records, way, plan):
    """The first map and all answers of the first crafting runs.

    More than are drawn: not all need be classified correctly by all models.
    The records are the samples', see `saliency.outcome.pack`.

    Returns
    -------
    dict of str to array
        index (n,), map (n, P) as `saliency.attack.quantity_of` names it, and
        answers (n, limit + 1), the prediction after 0, 1, ... pixels, then
        -1. Nothing without pictures.
    """
    if not plan['pictures']:
        return {}
    few = slice(2 * plan['pictures'] + 4)
    x = data.scale(samples.images[few], callables.dtype)
    outcome = unpack({name: array[few] for name, array in records.items()}, x)
    answers = np.full((len(x), outcome.limit + 1), -1)
    for k, steps in enumerate(outcome.steps):
        answers[k, :steps + 1] = in_batches(
            callables.predict, plan['batch'], outcome.frames(k, x[k]))
    return {'index': outcome.index, 'map': shown_map(
        callables, x, outcome.label, plan, way == ('logodds',)),
        'answers': answers}


def notes(functions, plan):
    """How the probes of each model were made, told and kept."""
    probing = {name: probing_of(callables, plan)
               for name, callables in functions.items()}
    if plan['algorithm'] in PROBING:
        for item in probing.items():
            print('%s: probes by %s' % item, flush=True)
    return {'probing': probing}


def probing_of(callables, plan):
    """What `papers.song.attack_functions` made of the plan's probing."""
    if callables.probe_logits is None:
        return 'brute'
    if plan['probing'] == 'auto' and plan['device'] != 'cpu':
        return 'device'
    return 'receptive-field'


WORK = Work(SONG, prepare, attack_block,
            lambda plan: SIZES[plan['algorithm']], illustrate, notes)
