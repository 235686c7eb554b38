"""What a run of smooth.py is on disk; without NumPy."""

from papers.smooth.architecture import Shapes
from papers.smooth.recipes import ADVERSARIES, FAMILIES, MEASURED, PASSES
from storage.run_description import (
    FLAG,
    LIST,
    NUMBER,
    POSITIVE,
    TEXT,
    RunFormat,
    one_of,
    or_null,
    whole,
)

#: What every run.json of ours says, by part.
ENTRIES = {
    'arguments': {
        'model': or_null(TEXT), 'width': whole(1), 'blocks': whole(1),
        'parseval': FLAG, 'beta': or_null(NUMBER),
        'gamma': or_null(POSITIVE), 'power': or_null(whole(1)),
        'adversary': one_of(*ADVERSARIES),
        'epsilon': or_null(POSITIVE),
        'epsilon_from': or_null(one_of(*MEASURED)), 'cut': FLAG,
        'noise_pass': or_null(one_of(*PASSES)),
        'augment': FLAG, 'crop': or_null(whole(1)),
        'optimiser': one_of('sgd', 'adam'), 'rates': LIST,
        'boundaries': LIST, 'decay': NUMBER, 'epochs': whole(1),
        'batch_size': whole(1), 'seed': whole(0),
        'limit_train': or_null(whole(1)), 'checkpoint_every': whole(1),
        'float64': FLAG},
    'data': {'name': one_of(*FAMILIES), 'checksum': TEXT},
    'machine': {'device': TEXT, 'threads': whole(1)},
}
SMOOTH = RunFormat('smooth.py', 'smooth-run/1', ENTRIES, Shapes())
