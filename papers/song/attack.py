"""What the workers of test1.py to test4.py compute."""

import data
from attacking.campaign import Work
from papers.song.attack_functions import callables
from papers.song.illustrations import illustrate
from papers.song.run_format import SONG
from saliency.attack import attack
from saliency.outcome import pack

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
