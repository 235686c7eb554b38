"""A whole run of attack_bang.py, resumed block by block."""

import os
import shutil

import numpy as np
from tqdm import tqdm

import data
from attacking.workers import Interrupted
from environment.provenance import (
    PACKAGES,
    decisive,
    provenance,
    typed_command,
)
from papers.bang.attack import attack_block, craft, scored
from papers.bang.attack_functions import classifier
from papers.bang.attack_names import FORMAT
from papers.bang.attack_pictures import draw
from papers.bang.attack_summary import in_words, summarise
from papers.bang.attack_table import table
from papers.bang.recipes import RECIPES
from storage.as_json import plain
from storage.atomic import atomic_file, write_json, write_npz
from storage.attack_file import (
    ARRAYS,
    BLOCKS,
    RESULTS,
    note_machine,
    open_run,
)
from storage.block_files import Folder
from storage.identity import identify
from training.stop import Stop

CODE = ('attacks', 'attacking', 'metrics', 'network', 'ops', 'papers/bang',
        'storage')
SCORERS = ('opencv-python-headless', 'scikit-image')
#: The paper's, by network: on others, its figures are no comparison.
DATASETS = {'lenet': 'mnist', 'cifar-quick': 'cifar10'}
BLOCK = 100  # samples, some seconds: all that a kill loses
TABLE = 'table.md'
KEPT = ('last', 'samples', 'indices', 'seed', 'batch', 'float64', 'ops',
        'pictures')


def run(args, models, dataset, indices, chosen):
    """Attack, or continue, or say what was found before.

    Parameters
    ----------
    args : argparse.Namespace
        Of attack_bang.py.
    models : dict of str to storage.model_file.Model
    dataset : data.dataset.Dataset
    indices : (n,) int
        Of the test samples.
    chosen : environment.Environment

    Raises
    ------
    attacking.workers.Interrupted
        A signal came; finished blocks are kept.
    """
    label = data.LABELS[dataset.name]
    identity = identify({name: getattr(args, name) for name in KEPT}, models,
                        dataset, indices, CODE, PACKAGES + SCORERS)
    here = provenance(chosen)
    about = dict(here, title='FGS, HC1 and PASS on %s' % label,
                 command=typed_command())
    with open_run(args.out, identity, about, FORMAT) as results:
        if results['status'] == 'finished':
            print('%s\n\n%s is finished: nothing to do'
                  % (results['report'], args.out))
            return
        note_machine(args.out, os.path.join(args.out, RESULTS),
                     dict(results), dict(results, **here))
        plan = {'last': args.last, 'batch': args.batch,
                'pictures': args.pictures, 'threads': chosen.threads,
                'folder': os.path.join(args.out, BLOCKS),
                'inputs': [identity, decisive(chosen)]}
        with Stop() as stop:
            found = {name: attack_model(name, model, dataset.test, indices,
                                        plan, stop)
                     for name, model in models.items()}
        conclude(args.out, results, models, found, label,
                 dict(here, last=args.last))


def attack_model(name, model, test, indices, plan, stop):
    """Records of one model, and a few samples to draw."""
    print('%s: compiling the network (a minute or two the first time) ...'
          % name, flush=True)
    functions = classifier(model)
    folder = Folder(plan['folder'], plan['inputs'] + [
        model.description['weights_sha256']])
    parts = []
    with tqdm(total=len(indices), desc=name, unit='sample', disable=None,
              dynamic_ncols=True) as bar:
        for start in range(0, len(indices), BLOCK):
            rows = indices[start:start + BLOCK]
            parts.append(folder.get('block', lambda rows=rows: attack_block(
                functions, *samples(test, rows), rows, plan), rows))
            bar.update(len(rows))
            if stop.signal is not None:
                raise Interrupted(plan['folder'], stop.signal)
    arrays = {key: np.concatenate([part[key] for part in parts])
              for key in parts[0]}
    shown = np.flatnonzero(arrays['clean_prediction'] == arrays['label'])[
        :plan['pictures']]
    return arrays, illustrate(functions, test, indices[shown], plan)


def samples(test, rows):
    """Images and labels of some places in the test set."""
    return test.images[rows], test.labels[rows].astype(np.int64)


def illustrate(functions, test, rows, plan):
    """Correctly classified samples with their adversarial images.

    Returns
    -------
    dict of str to array
        index and label (n,), original (n, c, h, w) uint8 and, by attack and
        a slash, adversarial and `computing.COLUMNS`.
    """
    images, labels = samples(test, rows)
    arrays = {'index': rows, 'label': labels, 'original': images}
    if len(rows):
        outcomes = craft(functions, images.astype(functions.dtype), labels,
                         plan)
        columns = scored(outcomes, images, plan['threads'])
        for attack, outcome in outcomes.items():
            arrays[attack + '/adversarial'] = outcome.adversarial
            for column, values in columns[attack].items():
                arrays['%s/%s' % (attack, column)] = values
    return arrays


def in_paper(description, results):
    """A model's network, and its row of the paper where that compares."""
    net, arguments = description['architecture'], description['arguments']
    usual = RECIPES[net].iterations
    alike = ((arguments['iterations'] or usual) == usual   # None: imported
             and description['data']['name'] == DATASETS[net]
             and not results['identity']['arguments']['float64'])
    return net, arguments['model'] if alike else None


def conclude(folder, results, models, found, label, about):
    """Write, draw and print what the blocks amount to.

    attack.json is written last: a run is finished or continued, never half.
    """
    summaries = {name: summarise(arrays, about['last'])
                 for name, (arrays, _) in found.items()}
    known = {name: in_paper(model.description, results)
             for name, model in models.items()}
    report = 'Attacks on %s, HC1 to a step of %d\n\n%s\n\n%s' % (
        label, about['last'], table(summaries, known),
        '\n'.join('- ' + in_words(*item) for item in summaries.items()))
    for name, (arrays, shown) in found.items():
        draw(folder, name, arrays, shown, '%s on %s' % (name, label))
    write_npz(os.path.join(folder, ARRAYS), {
        '%s/%s' % (name, key): array for name, (arrays, _) in found.items()
        for key, array in arrays.items()})
    with atomic_file(os.path.join(folder, TABLE), 'w') as stream:
        stream.write(report + '\n')
    results.update(status='finished', report=report, models=[
        dict(plain(summary), model=name)
        for name, summary in summaries.items()], **about)
    write_json(os.path.join(folder, RESULTS), results)
    shutil.rmtree(os.path.join(folder, BLOCKS))
    print('\n%s\n\nwrote %s' % (report, folder))
