"""A whole run of explore.py, in the script's own process."""

import contextlib
import os
import re
import shutil

import numpy as np

import data
from attacking.conclusion import machines
from attacking.inputs import find_models, load_test
from attacking.options import ARITHMETICS
from attacking.samples import read_indices
from attacking.workers import FLOATX, check_arithmetics, run_workers
from environment.provenance import typed_command
from errors import UserError
from papers.song.explorer_choosing import OFFERED, TAKEN, candidates
from papers.song.explorer_store import ARRAYS, read_about, write_explorer
from storage.atomic import write_npz
from storage.attack_file import BLOCKS
from storage.identity import CODE, check_same, digest, identify
from storage.model_file import read_npz
from storage.run_folder import check_foreign, locked

KEPT = ('variant', 'limit', 'test_temperature', 'digits', 'indices', 'seed',
        'batch', 'probing', 'ops')


def run_explorer(args, given):
    """Record, or continue, or say that it is done; the exit code."""
    models = find_models(args.models)
    dataset = load_test(models, args.data_dir)
    rows = pick(args, given, dataset.test.labels)
    check_arithmetics(args)
    identity = identify(describe(args), models, dataset, rows, CODE)
    with locked(args.out):
        about = read_about(args.out)
        if about is not None:
            check_same(args.out, about['identity'], identity)
            print('%s is finished: nothing to do' % args.out)
            return 0
        plan = make_plan(identity, models, args)
        check_folder(args.out, plan['folder'])
        begin(plan, dataset, rows)
        code = run_workers(plan, 'explore.py')
        if code:
            return code
        finish(args.out, plan, identity, dataset)
    return 0


def pick(args, given, labels):
    """Test indices to choose from, or those that --indices names."""
    if args.indices:
        if given & {'digits', 'seed'}:
            raise UserError('--indices names the samples: --digits and '
                            '--seed cannot be given with it')
        args.digits = None
        return read_indices(args.indices, len(labels))
    return candidates(labels, args.digits, args.seed)


def describe(args):
    """The arguments that the results depend on, as plain values."""
    return dict({name: getattr(args, name) for name in KEPT},
                algorithms=sorted(set(args.algorithm)),
                arithmetics=[name for name in ARITHMETICS
                             if name in args.arithmetic])


def make_plan(identity, models, args):
    """What the workers are told.

    Its folder is named by the identity, so that a stopped run of other
    arguments is no obstacle, nor mistaken for this one.
    """
    name = digest(identity)
    return dict(
        identity['arguments'], identity=name, device=args.device,
        compute='papers.song.explorer_computing',
        folder=os.path.join(os.path.abspath(args.out), BLOCKS, name),
        threads=args.threads, weights=identity['models'],
        models={name: os.path.abspath(model.folder)
                for name, model in models.items()})


def check_folder(folder, blocks):
    """Refuse a folder with anything but stopped runs of this script in it.

    Parameters
    ----------
    folder, blocks : str
        The run's; where its own blocks go.
    """
    parent = os.path.dirname(blocks)
    ours = os.path.isdir(parent) and all(
        re.fullmatch('[0-9a-f]{64}', name) for name in os.listdir(parent))
    check_foreign(folder, ' or recorded attacks to continue',
                  (BLOCKS,) * ours
                  # Where it was killed after this and before the other file.
                  + (ARRAYS,) * os.path.isdir(blocks))


def begin(plan, dataset, rows):
    """The candidates, for the first worker to choose from."""
    print('data: %s, %s' % (data.LABELS[dataset.name], dataset.source),
          flush=True)
    write_npz(os.path.join(plan['folder'], OFFERED), {
        'images': dataset.test.images[rows],
        'labels': dataset.test.labels[rows], 'index': rows})


def finish(folder, plan, identity, dataset):
    """Join what the workers left, write it, and take its blocks away."""
    chosen = read_npz(os.path.join(plan['folder'], TAKEN))
    arrays = {'images': chosen['images'].reshape(-1, 28, 28)}
    for floatX in FLOATX:
        path = os.path.join(plan['folder'], 'runs-%s.npz' % floatX)
        if os.path.exists(path):
            arrays.update(read_npz(path))
    label = data.LABELS[dataset.name]
    write_explorer(folder, dict(
        {name: plan[name] for name in ('algorithms', 'arithmetics', 'limit',
                                       'variant')},
        title='attacks on %s, pixel by pixel' % label,
        command=typed_command(), identity=identity,
        dataset=dataset.name, models=list(plan['models']),
        labels=np.asarray(chosen['labels']).tolist(),
        test_indices=chosen['index'].tolist(), machine=machines(plan)),
        arrays)
    shutil.rmtree(plan['folder'])
    with contextlib.suppress(OSError):    # of stopped runs of other arguments
        os.rmdir(os.path.dirname(plan['folder']))
    print('\nwrote %s' % folder)
