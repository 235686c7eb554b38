"""Taking a run up again as it was: its settings, operations and data.

Imports neither NumPy nor Theano, as it prepares the environment for them.
"""

import os

from environment import bits
from errors import UserError
from storage.run_folder import LAST_FILE


def refuse_settings(given, allowed):
    """Refuse options, by name, that a run has settled once and for all."""
    foreign = sorted(given - allowed)
    if foreign:
        raise UserError('--resume takes its settings from the run: --%s '
                        'cannot be given with it'
                        % foreign[0].replace('_', '-'))


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


def nothing_to_do(run, longer):
    """What to say of a complete run, which `longer` would make longer."""
    return '%s is finished: nothing to do%s' % (
        run.path, ' (more: --%s N)' % longer
        if os.path.exists(run.checkpoint) else '')


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
    import environment
    from environment.operations import obstacles_to
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
    from environment.provenance import provenance
    now = provenance(chosen)
    now['changed'] = bits.warn(
        run.path, run.description, now,
        'from here on its bits may not be those of an undisturbed run')
    run.description.setdefault('resumed', []).append(now)
