"""explore.py: attacks on a few digits, recorded pixel by pixel."""

from functools import partial

from attacking.campaign import Campaign, Conclusion
from attacking.inputs import read_indices
from papers.song.arithmetics import by_floatX, in_order
from papers.song.attack_campaign import find
from papers.song.explorer_choosing import candidates
from papers.song.explorer_store import ARRAYS, read_about, write_explorer
from storage.attack_file import open_recording

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


def recorded_identity(folder):
    """The identity of a finished recording; None without one."""
    about = read_about(folder)
    return about and about['identity']


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
    partial(open_recording, read=recorded_identity, written=ARRAYS,
            or_what=' or recorded attacks to continue'),
    summarise, lambda run, conclusion: None, write_explorer)
