"""Trainings of Song 2017, as their options tell them; without NumPy."""

import os

from papers.song.run_format import ARCHITECTURE, SONG
from training.system import System

# Digits fill few batches: at T = 20 and batch 128 they never leave ln 10.
DIGITS_BATCH_SIZE = 16
PAPER_BATCH_SIZE = 128
#: The paper's T and learning rate, of M_std and of distilled models.
USUAL = {'std': (1., 0.1), 'distill': (20., 0.05)}


def settle(args):
    """The settings of a standard model, but for a usual batch size."""
    return dict(vars(args), model='std')


def load(settings):
    """MNIST, or digits in its place."""
    import data
    return data.load(settings['dataset'], settings['data_dir'],
                     settings['split'], settings['limit_train'])


def complete(settings, dataset):
    """The settings with a batch size."""
    return dict(settings, batch_size=settings['batch_size']
                or usual_batch_size(dataset.name))


def usual_batch_size(dataset):
    """The default of --batch-size."""
    return DIGITS_BATCH_SIZE if dataset == 'digits' else PAPER_BATCH_SIZE


def describe(settings, dataset):
    """Title, model and architecture for run.json."""
    import data
    title = '%s at T = %g, seed %d, on %s' % (
        'standard CNN' if settings['model'] == 'std' else 'distilled CNN',
        settings['temperature'], settings['seed'], data.LABELS[dataset])
    return {'title': title, 'model': settings['model'],
            'architecture': ARCHITECTURE}


def folder(settings, dataset):
    """runs/std, runs/std-T20, runs/distill, runs/digits-std-seed3, ..."""
    model = settings['model']
    temperature, rate = USUAL['std' if model == 'std' else 'distill']
    parts = ['digits'] if dataset == 'digits' else []
    parts.append(model)
    if settings['temperature'] != temperature:
        parts.append('T%g' % settings['temperature'])
    parts += ['%s%s' % (word, settings[name]) for name, word, usual in (
        ('batch_size', 'batch', usual_batch_size(dataset)),
        ('learning_rate', 'rate', rate), ('momentum', 'momentum', 0.5),
        ('penalty', 'penalty', 0.01), ('split', '', 'paper'),
        ('limit_train', 'first', None), ('seed', 'seed', 0))
        if settings[name] != usual]
    return os.path.join('runs', '-'.join(
        parts + ['float64'] * settings['float64']))


SYSTEM = System(SONG, 'papers.song.training', settle, load, describe, folder,
                complete)
