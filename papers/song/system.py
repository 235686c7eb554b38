"""Trainings of Song 2017, as their options tell them; without NumPy."""

import os

from errors import UserError
from papers.song.run_format import ARCHITECTURE, SONG
from training.system import System

# Digits fill few batches: at T = 20 and batch 128 they never leave ln 10.
DIGITS_BATCH_SIZE = 16
PAPER_BATCH_SIZE = 128
#: The paper's T and learning rate, of M_std and of distilled models.
USUAL = {'std': (1., 0.1), 'distill': (20., 0.05)}
#: Settings that name a run's default folder where they are not the default.
NAMED = (('batch_size', 'batch'), ('learning_rate', 'rate'),
         ('momentum', 'momentum'), ('penalty', 'penalty'),
         ('split', ''), ('limit_train', 'first'), ('seed', 'seed'))


def settle(args):
    """The settings of a standard model, but for a usual batch size."""
    return dict(vars(args), model='std')


def load(settings):
    """MNIST, or digits in its place."""
    import data
    return data.load(settings['dataset'], settings['data_dir'],
                     settings['split'], settings['limit_train'])


def complete(settings, dataset):
    """The settings with a batch size, which the samples have to fill."""
    size = settings['batch_size'] or usual_batch_size(dataset.name)
    if size > len(dataset.train.labels):
        raise UserError('--batch-size: expected at most the %d training '
                        'samples, got %d' % (len(dataset.train.labels), size))
    return dict(settings, batch_size=size)


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
    usual = {'batch_size': usual_batch_size(dataset), 'learning_rate': rate,
             'momentum': 0.5, 'penalty': 0.01, 'split': 'paper',
             'limit_train': None, 'seed': 0}
    parts += ['%s%s' % (word, settings[name]) for name, word in NAMED
              if settings[name] != usual[name]]
    return os.path.join('runs', '-'.join(
        parts + ['float64'] * settings['float64']))


SYSTEM = System(SONG, 'papers.song.training', settle, load, describe, folder,
                complete)
