"""The weights of a run at its tests, for what is asked of its past."""

import os

from errors import UserError
from network.functions import arrays
from papers.bang.run_format import BANG
from storage.atomic import write_npz
from storage.model_file import read_weights
from storage.run_description import read_description

FOLDER = 'snapshots'


def snapshot(run, network, iteration):
    """Keep the weights of this moment."""
    write_npz(run.file(snapshot_name(iteration)), arrays(network))


def snapshot_name(iteration):
    """Where a run keeps the weights of an iteration."""
    return os.path.join(FOLDER, '%06d.npz' % iteration)


def read_snapshot(folder, iteration):
    """The arrays of a run at an iteration, by name.

    Parameters
    ----------
    folder : str
    iteration : int
    """
    shapes = BANG.shapes[read_description(folder, BANG)['architecture']]
    return read_weights(os.path.join(folder, snapshot_name(iteration)),
                        shapes)


def kept_iterations(folder):
    """The iterations of which a finished run has weights, in order.

    Raises
    ------
    UserError
        If it is not finished, or kept none.
    """
    description = read_description(folder, BANG)
    arguments = description['arguments']
    if not arguments['snapshots'] or description.get('status') != 'finished':
        raise UserError('%s: expected a finished training that kept its '
                        'weights, got another: train it with --snapshots'
                        % folder)
    every = arguments['test_every']
    return list(range(every, arguments['iterations'] + 1, every))
