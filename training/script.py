"""From a training script's options to a tested model, for any system.

    new       settle the options, prepare the process, load the data, train
    resume    the same with the settings of the run, from its checkpoint
    imported  the same with weights from elsewhere in the training's place

Imports neither NumPy nor Theano before the environment is prepared.
"""

import contextlib

from training import continuing

#: Options that --resume takes, beside that which makes the run longer.
RESUMABLE = {'resume', 'device', 'threads', 'data_dir', 'graph'}


def run(system, args, given):
    """Train in a new folder, or resume, as the options say; the exit code.

    Parameters
    ----------
    system : training.system.System
    args : argparse.Namespace
        With those of `command_line.add_run_options` and
        `add_environment_options`, data_dir, and what the system reads.
    given : set of str
        The options that were typed.
    """
    if args.resume:
        return resume(system, args, given)
    settings = system.settle(args)
    system.check(settings)
    chosen = prepare(args)
    dataset = load(system, settings, chosen)
    settings = system.complete(settings, dataset)
    with begin(system, settings, dataset, chosen) as run:
        from training.session import train
        train(system, run, dataset, args.graph)
    return 0


def import_weights(system, args, read):
    """Make a finished model of weights that were trained elsewhere.

    `read` gives of `args` settings and weights by name.
    """
    chosen = prepare(args)
    settings, weights = read(args)
    dataset = load(system, settings, chosen)
    with begin(system, settings, dataset, chosen) as run:
        from training.session import test_weights
        test_weights(system, run, dataset, weights)
    return 0


def prepare(args):
    """Prepare the process as the options say: an environment.Environment."""
    import environment
    return environment.prepare(args.device, args.float64, args.threads,
                               args.ops)


def load(system, settings, chosen):
    """The data set; both it and the environment are announced."""
    import data
    dataset = system.load(settings)
    data.announce(chosen, dataset)
    return dataset


@contextlib.contextmanager
def begin(system, settings, dataset, chosen):
    """A new run with its run.json and all that has to lie beside it."""
    from environment.provenance import provenance
    from storage.run_folder import check_new, new_run
    folder = settings['out'] or system.folder(settings, dataset.name)
    check_new(folder, system.form)   # before a teacher is asked for labels
    description = {**describe(system, settings, dataset),
                   **provenance(chosen)}
    entries, write = system.beside(settings, dataset)
    description.update(entries)
    with new_run(folder, description, system.form) as run:
        write(run)
        run.update()
        yield run
        print('wrote %s' % run.path)


def describe(system, settings, dataset):
    """What run.json says of a training before it starts."""
    from environment.provenance import typed_command
    names = [*system.form.entries['arguments'],
             *system.form.optional.get('arguments', ()), 'save_errors']
    return {**system.describe(settings, dataset.name),
            'command': typed_command(),
            'arguments': {name: settings[name] for name in names
                          if name in settings},
            'data': dataset.identity()}


def resume(system, args, given):
    """Continue a run exactly where its last checkpoint stands."""
    from storage.run_folder import existing_run
    longer = system.form.longer
    continuing.refuse_settings(given, RESUMABLE | {longer})
    with existing_run(args.resume, system.form) as run:
        if longer in given:
            continuing.lengthen(run, longer, getattr(args, longer))
        if continuing.is_complete(run):
            print(continuing.nothing_to_do(run, longer))
            return 0
        continuing.check_checkpoint(run)
        arguments = run.description['arguments']
        system.check(arguments)
        chosen = continuing.prepare_again(run, args, given)
        import data
        from training.session import train
        dataset = system.load(dict(
            arguments, data_dir=args.data_dir,
            dataset=run.description['data']['name']))
        continuing.check_data(run, dataset)
        data.announce(chosen, dataset)
        continuing.note_resumption(run, chosen)
        train(system, run, dataset, args.graph)
        print('wrote %s' % run.path)
    return 0
