"""explore.py: attacks on a few digits, recorded pixel by pixel."""

import contextlib
import os
import re

from attacking.campaign import Campaign, Conclusion
from attacking.samples import read_indices, refuse_drawing
from papers.song.arithmetics import by_floatX, in_order
from papers.song.attack_campaign import find
from papers.song.explorer_choosing import candidates
from papers.song.explorer_store import ARRAYS, read_about, write_explorer
from storage.attack_file import BLOCKS, blocks_folder
from storage.identity import check_same
from storage.run_folder import check_foreign, locked

#: Options that results depend on.
KEPT = ('variant', 'limit', 'test_temperature', 'indices', 'seed', 'batch',
        'probing', 'ops')


def choose(args, given, labels):
    """Samples to choose from, or those that --indices names."""
    if args.indices:
        refuse_drawing(given, 'digits')
        return read_indices(args.indices, len(labels)), {'digits': None}
    return (candidates(labels, args.digits, args.seed),
            {'digits': args.digits})


def arguments(args, models):
    """What results depend on."""
    return dict({name: getattr(args, name) for name in KEPT},
                algorithms=sorted(set(args.algorithm)),
                arithmetics=in_order(args.arithmetic))


def ways(arguments):
    """Pairs of an arithmetic and an algorithm, by floatX."""
    found = by_floatX(arguments['arithmetics'],
                      arguments['test_temperature'])
    return {floatX: [(name, str(algorithm)) for name in names
                     for algorithm in arguments['algorithms']]
            for floatX, names in found.items()}


@contextlib.contextmanager
def hold(folder, identity, about):
    """Hold a folder for a new recording, a stopped or a finished one."""
    with locked(folder):
        former = read_about(folder)
        if former is None:
            check_folder(folder, blocks_folder(folder, identity))
            yield dict(about, status='running', identity=identity)
        else:
            check_same(folder, former['identity'], identity)
            yield {'status': 'finished'}


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


def summarise(run):
    """What explorer.json says, and the originals."""
    return Conclusion(
        {**{name: run.arguments[name] for name in (
            'algorithms', 'arithmetics', 'limit', 'variant')},
         'dataset': run.dataset.name, 'models': list(run.models),
         'labels': run.samples.labels.tolist(),
         'test_indices': run.samples.index.tolist(),
         'machine': run.machines},
        arrays={'images': run.samples.images.reshape(-1, 28, 28)})


def write(folder, results, arrays):
    """Both files; the explorer's is there when it is finished."""
    write_explorer(folder, {name: value for name, value in results.items()
                            if name != 'status'}, arrays)


CAMPAIGN = Campaign(
    'explore.py', 'attacks on %s, pixel by pixel',
    'papers.song.explorer_recording', find, choose, arguments, ways, hold,
    summarise, lambda run, conclusion: None, write)
