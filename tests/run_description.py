"""What a run.json says, for tests that need no training."""

from papers.song.run_format import ARCHITECTURE, SONG

DESCRIPTION = {
    'format': SONG.format, 'status': 'finished', 'title': 'a test on digits',
    'architecture': ARCHITECTURE,
    'arguments': {
        'temperature': 20., 'epochs': 50, 'batch_size': 16,
        'learning_rate': .1, 'momentum': .5, 'penalty': .01, 'seed': 0,
        'split': 'paper', 'limit_train': None, 'checkpoint_every': 100,
        'float64': False},
    'data': {'name': 'digits', 'checksum': '0' * 64},
    'machine': {'device': 'cpu', 'threads': 1}}
