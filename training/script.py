"""From a training script's options to a tested model, for any system.

    new       settle the options, prepare the process, load the data, train
    resume    the same with the settings of the run, from its checkpoint
    imported  the same with weights from elsewhere in the training's place

Imports neither NumPy nor Theano before the environment is prepared.
"""

import contextlib
import os

import environment
from environment import bits
from environment.operations import obstacles_to
from environment.provenance import provenance, typed_command
from errors import UserError
from storage.run_folder import LAST_FILE, check_new, existing_run, new_run

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
    if system.form.unit == 'epoch':
        check_batch_size(settings['batch_size'], len(dataset.train.labels))
    with begin(system, settings, dataset, chosen) as run:
        from training.session import train
        train(system, run, dataset, args.graph)
    return 0


def check_batch_size(size, samples):
    """Refuse epochs that have no whole batch; others are left out of them."""
    if size > samples:
        raise UserError('--batch-size: expected at most the %d training '
                        'samples, got %d' % (samples, size))


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
    names = [*system.form.entries['arguments'],
             *system.form.optional.get('arguments', ()), 'save_errors']
    return {**system.describe(settings, dataset.name),
            'command': typed_command(),
            'arguments': {name: settings[name] for name in names
                          if name in settings},
            'data': dataset.identity()}


def resume(system, args, given):
    """Continue a run exactly where its last checkpoint stands."""
    longer = system.form.longer
    foreign = sorted(given - RESUMABLE - {longer})
    if foreign:
        raise UserError('--resume takes its settings from the run: --%s '
                        'cannot be given with it'
                        % foreign[0].replace('_', '-'))
    with existing_run(args.resume, system.form) as run:
        if longer in given:
            lengthen(run, longer, getattr(args, longer))
        if is_complete(run):
            print('%s is finished: nothing to do%s' % (
                run.path, ' (more: --%s N)' % longer
                if os.path.exists(run.checkpoint) else ''))
            return 0
        check_checkpoint(run)
        arguments = run.description['arguments']
        system.check(arguments)
        chosen = prepare_again(run, args, given)
        import data
        from training.session import train
        dataset = system.load(dict(
            arguments, data_dir=args.data_dir,
            dataset=run.description['data']['name']))
        check_data(run, dataset)
        data.announce(chosen, dataset)
        note_resumption(run, chosen)
        train(system, run, dataset, args.graph)
        print('wrote %s' % run.path)
    return 0


def lengthen(run, name, wanted):
    """Make a run longer, by the argument of that name; never shorter."""
    arguments = run.description['arguments']
    before = arguments[name]            # None where it was trained elsewhere
    if before is not None and wanted < before:
        raise UserError('--%s: expected at least the run\'s %d, got %d'
                        % (name, before, wanted))
    if wanted != before:
        arguments[name] = wanted
        run.description['status'] = 'running'


def is_complete(run):
    """Whether a run is finished and nothing is left that could be made.

    Its last file could be, from the checkpoint.
    """
    return (run.description['status'] == 'finished'
            and (os.path.exists(run.file(LAST_FILE))
                 or not os.path.exists(run.checkpoint)))


def check_checkpoint(run):
    """Refuse to begin anew over what a run has come to.

    One that was stopped before its first checkpoint has come to nothing; one
    of weights that were imported never has any.
    """
    if not os.path.exists(run.checkpoint) and (
            {'weights_sha256', 'imported'} & set(run.description)
            or run.description['status'] not in ('running', 'diverged')
            or os.path.exists(run.file('history.json'))):
        raise UserError('%s: expected a checkpoint, found none, and without '
                        'it this run cannot be continued: restore it, or '
                        'train anew in another folder (--out)'
                        % run.checkpoint)


def prepare_again(run, args, given):
    """Prepare the process as the run was: an environment.Environment.

    Device and threads may be others, where they were typed.
    """
    arguments, machine = [run.description[part]
                          for part in ('arguments', 'machine')]
    device = args.device if 'device' in given else machine['device']
    # Runs from before there was a choice used Theano's own, as GPUs do.
    ops = machine.get('ops', 'theano') if device == 'cpu' else 'theano'
    obstacle = obstacles_to(device, arguments['float64'])[ops]
    if obstacle:
        raise UserError('%s was trained with --ops %s, and others would '
                        'change its bits, but here %s'
                        % (run.path, ops, obstacle))
    return environment.prepare(device, arguments['float64'], args.threads,
                               ops, machine)


def check_data(run, dataset):
    """Refuse data that the run was not trained on."""
    before, now = run.description['data'], dataset.identity()
    for key in ('checksum', 'order'):
        if now.get(key) != before.get(key):
            raise UserError('%s was trained on other data (%s %s, here %s): '
                            'resume it with those' % (
                                run.path, {'checksum': 'SHA-256'}.get(
                                    key, key),
                                before.get(key), now.get(key)))


def note_resumption(run, chosen):
    """Add a resumption to run.json; say what may change the last bits."""
    now = provenance(chosen)
    now['changed'] = bits.warn(
        run.path, run.description, now,
        'from here on its bits may not be those of an undisturbed run')
    run.description.setdefault('resumed', []).append(now)
