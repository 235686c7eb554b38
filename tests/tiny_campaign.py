"""The smallest campaign: linear models, two strengths, a record of each.

Images are of two channels and five by seven pixels, of three classes. The
attack moves all pixels by so many grey levels, each in its own direction, to
where the label's logit falls fastest.
"""

import os
import signal
from functools import partial
from typing import NamedTuple

import numpy as np

from attacking.campaign import Campaign, Conclusion, Work
from attacking.inputs import find_models, pick_samples
from storage.attack_file import open_run
from storage.run_description import RunFormat

SHAPE, CLASSES = (2, 5, 7), 3
PIXELS = int(np.prod(SHAPE))
TINY = RunFormat('train_tiny.py', 'tiny-run/1', {},
                 {'linear': {'W': (PIXELS, CLASSES)}})
#: Kills the worker in the middle of the block with so many before it.
KILLED_AT = 'TINY_KILLED_AT'


class Linear(NamedTuple):
    """z = x W, and how many blocks it was asked for."""

    weights: np.ndarray
    asked: list


def prepare(model, plan):
    return Linear(model.weights['W'], [])


def attack(model, samples, way, plan):
    """success (n, s) bool and distance (n, s), a column a strength."""
    if os.environ.get(KILLED_AT) == str(len(model.asked)):
        os.kill(os.getpid(), signal.SIGKILL)
    model.asked.append(len(samples.index))
    x = samples.images.reshape(len(samples.index), -1).astype(float)
    direction = -np.sign(model.weights.T[samples.labels])       # (n, P)
    if way == ('backwards',):
        direction = -direction
    moved = np.stack([np.clip(x + strength * direction, 0, 255)
                      for strength in plan['strengths']], 1)    # (n, s, P)
    answers = (moved @ model.weights).argmax(axis=2)            # (n, s)
    clean = (x @ model.weights).argmax(axis=1)
    return {'label': samples.labels, 'clean_prediction': clean,
            'success': ((answers != samples.labels[:, None])
                        & (clean == samples.labels)[:, None]),
            'distance': np.linalg.norm(moved - x[:, None], axis=2)}


def summarise(run):
    """A table a strength: a line a model and way."""
    tables = []
    for column, strength in enumerate(run.arguments['strengths']):
        tables.append({'strength': strength, 'rows': [{
            'of': '/'.join(key), 'attacked': int(np.sum(
                records['clean_prediction'] == records['label'])),
            'fooled': int(records['success'][:, column].sum()),
            'distance': float(records['distance'][:, column].mean())}
            for key, records in run.records.items()]})
    return Conclusion(
        {'tables': tables, 'report': text_of(tables),
         'machine': run.machines}, text_of(tables))


def text_of(tables):
    return '\n\n'.join('\n'.join(
        ['by %d grey levels' % table['strength']] + [
            '%s: %d of %d' % (row['of'], row['fooled'], row['attacked'])
            for row in table['rows']]) for table in tables)


def draw(run, conclusion):
    with open(os.path.join(run.folder, 'shown.txt'), 'w') as stream:
        stream.write('\n'.join('%s %s' % ('/'.join(key), shown['first'])
                               for key, shown in run.shown.items()))


WORK = Work(
    TINY, prepare, attack, lambda plan: plan['block'],
    lambda model, samples, records, way, plan: {
        'first': records['success'].argmax(axis=0)},
    lambda functions, plan: {'blocks': {
        name: model.asked for name, model in functions.items()}})
CAMPAIGN = Campaign(
    'tiny.py', 'shifts of %s', 'tests.tiny_campaign',
    lambda args: find_models(args.models, ('runs/tiny',), TINY), pick_samples,
    lambda args, models: {'strengths': args.strengths, 'block': args.block},
    lambda arguments: {'float32': [('forwards',), ('backwards',)],
                       'float64': [('exactly',)]},
    partial(open_run, form='tiny-attack/1'), summarise, draw,
    folder=lambda args, dataset: 'tiny-' + dataset)
