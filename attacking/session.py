"""A whole run of an attack script, in the script's own process."""

import os

import data
from attacking.conclusion import conclude
from attacking.inputs import find_models, load_test
from attacking.options import ARITHMETICS
from attacking.samples import pick_samples
from attacking.workers import check_arithmetics, run_workers
from environment.provenance import typed_command
from storage.atomic import write_npz
from storage.attack_file import BLOCKS, open_run
from storage.identity import digest, identify


def run_experiment(algorithm, script, args, given):
    """Attack, or continue, or say what was found before.

    Parameters
    ----------
    algorithm : int
        1 to 4, the paper's numbering.
    script : str
        The script's name without .py: the default folder's, too.
    args : argparse.Namespace
        See `options.parser`.
    given : set of str
        Names of the options that the user typed.

    Returns
    -------
    int
        The exit code.
    """
    models = find_models(args.models)
    dataset = load_test(models, args.data_dir)
    indices = pick_samples(args, given, len(dataset.test.labels))
    check_arithmetics(args)
    arguments = describe(algorithm, args)
    identity = identify(arguments, models, dataset, indices)
    label = data.LABELS[dataset.name]
    folder = args.out or os.path.join(
        'runs', script if dataset.name == 'mnist'
        else '%s-%s' % (dataset.name, script))
    about = {'title': 'Algorithm %d on %s' % (algorithm, label),
             'command': typed_command()}
    with open_run(folder, identity, about) as results:
        if results['status'] == 'finished':
            print('%s\n\n%s is finished: nothing to do'
                  % (results['report'], folder))
            return 0
        print('data: %s, %d samples of %s' % (label, len(indices),
                                              dataset.source), flush=True)
        plan = make_plan(folder, identity, models, indices, args)
        write_npz(os.path.join(plan['folder'], 'samples.npz'), {
            'images': dataset.test.images[indices],
            'labels': dataset.test.labels[indices], 'index': indices})
        code = run_workers(plan, script + '.py')
        if code == 0:
            conclude(folder, results, plan, dataset, indices)
        return code


def describe(algorithm, args):
    """The arguments that the results depend on, as plain values."""
    kept = ('variant', 'limit', 'test_temperature', 'samples', 'indices',
            'seed', 'batch', 'probing', 'ops', 'pictures')
    return dict({name: getattr(args, name) for name in kept},
                algorithm=algorithm,
                arithmetic=[name for name in ARITHMETICS
                            if name in args.arithmetic])


def make_plan(folder, identity, models, indices, args):
    """What the workers are told; see `launch.run_workers`."""
    arguments = identity['arguments']
    arithmetics = arguments['arithmetic']
    candidates = 2 * args.pictures + 4 if args.pictures else 0
    return dict(
        arguments, compute='attacking.computing', device=args.device,
        folder=os.path.abspath(os.path.join(folder, BLOCKS)),
        threads=args.threads,
        models={name: os.path.abspath(model.folder)
                for name, model in models.items()},
        weights=identity['models'], arithmetics=arithmetics,
        keys={name: {arithmetic: '%d-%s' % (k, arithmetic)
                     for arithmetic in arithmetics}
              for k, name in enumerate(models)},
        identity=digest(identity), count=len(indices), candidates=candidates)
