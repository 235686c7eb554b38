"""The worker's work: every model in every arithmetic of one floatX."""

import os

import numpy as np
from tqdm import tqdm

import data
from attacking.blocks import attack_in_blocks
from environment.provenance import decisive, provenance
from errors import UserError
from papers.song.attack_functions import callables
from papers.song.illustrations import illustrate
from papers.song.models import load_model
from papers.song.packing import unpack
from storage.atomic import write_json, write_npz
from storage.attack_file import MACHINE
from storage.block_files import Folder
from storage.model_file import read_npz

PROBING = (2, 4)  # algorithms that try every pixel


def compute(plan, chosen, check_parent):
    """Attack as a plan says, and leave the results beside it.

    For every model and arithmetic: `records-KEY.npz`, as `packing.pack`
    makes them, and, for pictures, `shown-KEY.npz` of the first samples, as
    `illustrations.illustrate` does; then, in `machine-FLOATX.json`, how
    the probes were made.

    Parameters
    ----------
    plan : dict
        See `launch.make_plan`.
    chosen : environment.Environment
    check_parent : callable
        Called between blocks; raises where nobody waits for the results.
    """
    samples, probing = read_samples(plan), {}
    for name, path in plan['models'].items():
        model = load_model(path)
        if model.description['weights_sha256'] != plan['weights'][name]:
            raise UserError('%s: the model changed while it was attacked: '
                            'run the script again' % path)
        print('%s: compiling the network (a minute or two the first time) ...'
              % name, flush=True)
        functions = callables(model, plan['test_temperature'],
                              plan['probing'], plan['batch'])
        probing[name] = probing_of(functions, plan, chosen)
        if plan['algorithm'] in PROBING:
            print('%s: probes by %s' % (name, probing[name]), flush=True)
        for arithmetic in plan['arithmetics']:
            with bar(plan, name, arithmetic) as progress:
                def tick(count, progress=progress):
                    check_parent()
                    progress.update(count)

                compute_one(plan, chosen, functions, samples, name,
                            arithmetic, tick)
    write_json(os.path.join(plan['folder'], MACHINE % plan['floatX']),
               dict(provenance(chosen), probing=probing))


def probing_of(functions, plan, chosen):
    """What `papers.song.attack_functions` made of the plan's probing."""
    if functions.probe_logits is None:
        return 'brute'
    if plan['probing'] == 'auto' and chosen.device != 'cpu':
        return 'device'
    return 'receptive-field'


def compute_one(plan, chosen, functions, samples, name, arithmetic, tick):
    """One model in one arithmetic."""
    log_odds = arithmetic == 'logodds'
    folder = Folder(plan['folder'], [
        plan['identity'], plan['weights'][name], arithmetic,
        decisive(chosen)])
    records = attack_in_blocks(functions, samples, plan, log_odds, folder,
                               tick)
    results = {'records': records}
    if plan['candidates']:
        few = slice(plan['candidates'])
        x, index = samples[0][few], samples[2][few]
        outcome = unpack({key: array[few] for key, array in
                          records.items()}, x)
        results['shown'] = folder.get('maps', lambda: illustrate(
            functions, x, outcome, plan, log_odds), index)
    for kind, arrays in results.items():
        write_npz(os.path.join(plan['folder'], '%s-%s.npz' % (
            kind, plan['keys'][name][arithmetic])), arrays)


def read_samples(plan):
    """Images as the network wants them, labels, test indices."""
    arrays = read_npz(os.path.join(plan['folder'], 'samples.npz'))
    return (data.scale(arrays['images'], plan['floatX']),
            arrays['labels'].astype(np.int64), arrays['index'])


def bar(plan, name, arithmetic):
    """A progress bar over samples; none where nobody watches."""
    return tqdm(total=plan['count'], desc='%s %s' % (name, arithmetic),
                unit='sample', disable=None, dynamic_ncols=True)
