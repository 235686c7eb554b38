"""The worker's work: every model in every way of one floatX."""

import os
from functools import partial

import numpy as np
from tqdm import tqdm

from attacking.campaign import Samples
from environment.provenance import decisive, provenance
from errors import UserError
from storage.atomic import write_json, write_npz
from storage.attack_file import MACHINE, OFFERED, TAKEN, part_file
from storage.identity import digest
from storage.model_file import load_model, read_npz


def compute(work, plan, chosen, check_parent):
    """Attack as a plan says, and leave the results and the machine beside it.

    The plan is of `session.make_plan`, with floatX and ways of this process.
    `check_parent` is called between blocks, and raises where nobody waits for
    the results.
    """
    functions = {name: prepared(work, plan, name) for name in plan['models']}
    samples = take_samples(work, plan, functions)
    machine = decisive(chosen)
    for name in functions:
        for way in map(tuple, plan['ways']):
            compute_one(work, plan, functions[name], samples, name, way,
                        machine, check_parent)
    write_json(os.path.join(plan['folder'], MACHINE % plan['floatX']), dict(
        provenance(chosen),
        **work.notes(functions, plan) if work.notes else {}))


def prepared(work, plan, name):
    """The functions of one model."""
    path = plan['models'][name]
    model = load_model(path, work.form)
    if model.description['weights_sha256'] != plan['weights'][name]:
        raise UserError('%s: the model changed while it was attacked: run '
                        'the script again' % path)
    print('%s: compiling the network (a minute or two the first time) ...'
          % name, flush=True)
    return work.prepare(model, plan)


def take_samples(work, plan, functions):
    """The samples attacked: chosen by the first process, taken by others."""
    path = os.path.join(plan['folder'], TAKEN)
    if not os.path.exists(path):
        offered = read_npz(os.path.join(plan['folder'], OFFERED))
        offered['labels'] = offered['labels'].astype(np.int64)
        samples = Samples(**offered)
        if work.choose:
            rows = work.choose(functions, samples, plan)
            samples = Samples(*(array[rows] for array in samples))
        write_npz(path, samples._asdict())
    return Samples(**read_npz(path))


def compute_one(work, plan, functions, samples, name, way, machine,
                check_parent):
    """One model in one way: its records, and what pictures need."""
    size = work.block_size(plan) if work.block_size else len(samples.index)
    keep = partial(kept, plan['folder'], [
        plan['identity'], plan['weights'][name], way, machine])
    # None where nobody watches.
    with tqdm(total=len(samples.index), desc=' '.join((name,) + way),
              unit='sample', disable=None, dynamic_ncols=True) as bar:
        def tick(count):
            check_parent()
            bar.update(count)

        records = in_blocks(
            lambda block: work.attack(functions, block, way, plan), samples,
            size, keep, tick)
    write_npz(part_file(plan, 'records', name, way), records)
    if work.illustrate:
        write_npz(part_file(plan, 'shown', name, way), keep(
            'shown', lambda: work.illustrate(functions, samples, records,
                                             way, plan), samples.index))


def in_blocks(attack, samples, size, keep, tick):
    """Records of all samples, arrays by name, a block after the other.

    `attack` makes them of the Samples of a block, `size` many, and `keep`
    keeps them: `kept` of this run. `tick` is told how many are done.
    """
    parts = []
    for start in range(0, len(samples.index), size):
        block = Samples(*(array[start:start + size] for array in samples))
        parts.append(keep('block', partial(attack, block), block.index))
        tick(len(block.index))
    return {name: np.concatenate([part[name] for part in parts])
            for name in parts[0]}


def kept(folder, inputs, kind, compute, indices):
    """Arrays of some samples: read from their file, or computed and written.

    Its name tells what they are, `kind`, and all that they depend on: JSON-
    ready `inputs` and the samples' `indices`, (n,) int. `compute` gives them
    by name. What a killed run has finished is so not done again.
    """
    key = digest([inputs, indices.tolist()])
    path = os.path.join(folder, '%s-%s.npz' % (kind, key))
    if os.path.exists(path):
        try:
            return read_npz(path)
        except UserError:
            os.unlink(path)  # damaged: the samples are attacked again
    arrays = compute()
    write_npz(path, arrays)
    return arrays
