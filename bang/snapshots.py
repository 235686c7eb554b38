"""The weights of a run at its tests, for what is asked of its past."""

import os

from atomic import write_npz
from bang.networks import arrays
from bang.schedule import done

FOLDER = 'snapshots'


def snapshot(run, network, step):
    """Keep the weights of this moment."""
    write_npz(run.file(snapshot_name(done(step))), arrays(network))


def snapshot_name(iteration):
    """Where a run keeps the weights of an iteration."""
    return os.path.join(FOLDER, '%06d.npz' % iteration)
