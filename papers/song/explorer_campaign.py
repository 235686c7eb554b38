"""explore.py: attacks on a few digits, recorded pixel by pixel."""

from functools import partial

import numpy as np

from attacking.campaign import Campaign, Conclusion
from attacking.inputs import read_indices
from papers.song.attack_campaign import by_floatX, find, in_order
from papers.song.explorer_store import ARRAYS, read_about, write_explorer
from storage.attack_file import open_recording

#: Samples looked at for each one that is wanted.
CANDIDATES = 10
#: Options that results depend on.
KEPT = ('variant', 'limit', 'test_temperature', 'indices', 'seed', 'batch',
        'probing', 'ops')


def choose(args, given, labels):
    """Samples to choose from, or those that --indices names."""
    if args.indices:
        return read_indices(args, given, 'digits', len(labels)), {
            'digits': None}
    return (candidates(labels, args.digits, args.seed),
            {'digits': args.digits})


def candidates(labels, each, seed):
    """Test samples to choose from: some of every class, in random order.

    Of the labels (n,) of the whole test set, where `each` are wanted a
    class: (c,) int, class by class.
    """
    shuffled = np.random.RandomState(seed).permutation(len(labels))
    return np.concatenate([
        shuffled[labels[shuffled] == digit][:CANDIDATES * each]
        for digit in np.unique(labels)])


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


CAMPAIGN = Campaign(
    'explore.py', 'attacks on %s, pixel by pixel',
    'papers.song.explorer_recording', find, choose, arguments, ways,
    partial(open_recording, written=ARRAYS,
            read=lambda folder: (read_about(folder) or {}).get('identity'),
            or_what=' or recorded attacks to continue'),
    summarise, lambda run, conclusion: None, write_explorer)
