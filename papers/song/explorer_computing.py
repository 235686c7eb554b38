"""The worker's work: every model, arithmetic and algorithm of a plan."""

import os
from itertools import product

import numpy as np

import data
from environment.provenance import decisive
from errors import UserError
from papers.song.attack_functions import callables
from papers.song.explorer_choosing import OFFERED, TAKEN, choose
from papers.song.explorer_recording import record
from papers.song.explorer_store import prefix
from papers.song.models import load_model
from storage.atomic import write_npz
from storage.block_files import Folder
from storage.model_file import read_npz


def compute(plan, chosen, check_parent):
    """Record as a plan says, and leave the results beside it.

    Parameters
    ----------
    plan : dict
        See `session.make_plan`; floatX and arithmetics of this process.
    chosen : environment.Environment
    check_parent : callable
        Called between attacks; raises where nobody waits for the results.
    """
    print('compiling the networks (a minute or two the first time) ...',
          flush=True)
    functions = {name: compiled(plan, name) for name in plan['models']}
    samples = read_samples(plan, functions)
    folder = Folder(plan['folder'], [plan['identity'], decisive(chosen)])
    arrays = {}
    for key in product(functions, plan['arithmetics'], plan['algorithms']):
        check_parent()
        print(prefix(*key)[:-1], flush=True)
        arrays.update((prefix(*key) + name, array) for name, array
                      in compute_one(functions, samples, plan, folder,
                                     *key).items())
    write_npz(os.path.join(plan['folder'],
                           'runs-%s.npz' % plan['floatX']), arrays)


def compute_one(functions, samples, plan, folder, name, arithmetic,
                algorithm):
    """One attack on one model, recorded or read."""
    asked = dict(plan, algorithm=algorithm, arithmetic=arithmetic)
    return folder.get(
        'run-%d-%s-%d' % (list(functions).index(name), arithmetic,
                          algorithm),
        lambda: record(functions[name], *samples, asked), samples[2])


def compiled(plan, name):
    """The functions of one model."""
    model = load_model(plan['models'][name])
    if model.description['weights_sha256'] != plan['weights'][name]:
        raise UserError('%s: the model changed while it was attacked: run '
                        'the script again' % plan['models'][name])
    return callables(model, plan['test_temperature'], plan['probing'],
                     plan['batch'])


def read_samples(plan, functions):
    """Images of this floatX, labels, test indices.

    The first process chooses among the candidates; later ones, and those
    that continue, take what it chose.
    """
    path = os.path.join(plan['folder'], TAKEN)
    if not os.path.exists(path):
        arrays = read_npz(os.path.join(plan['folder'], OFFERED))
        if plan['digits']:
            rows = choose([model.predict for model in functions.values()],
                          data.scale(arrays['images'], plan['floatX']),
                          arrays['labels'].astype(np.int64), plan['digits'],
                          plan['batch'])
            arrays = {name: array[rows] for name, array in arrays.items()}
        write_npz(path, arrays)
    arrays = read_npz(path)
    return (data.scale(arrays['images'], plan['floatX']),
            arrays['labels'].astype(np.int64), arrays['index'])
