"""The whole state of a training between two batches, and its history.

The state is one file. Weights, velocities, the dropout's MRG generators, what
changes by no gradient, NumPy's generator and the place within the epoch: with
these, the next batch is bit for bit the one that an undisturbed run would
have computed on the same machine.
"""

import csv
import json
from dataclasses import dataclass, field
from typing import Dict, List

import numpy as np

from errors import UserError
from storage.atomic import atomic_file, write_json, write_npz
from storage.model_file import read_npz

#: Kinds of variables of a step, each numbered in the file from 00.
SHARED = ('parameters', 'velocities', 'generators', 'state')
#: What the epochs' records are counted by, of which the CSV shows one.
TIMES = ('epoch', 'iteration')


@dataclass
class Progress:
    """Where a training stands."""

    #: State of the NumPy generator at the start of the current epoch; the
    #: order of its batches follows from it.
    shuffling: tuple
    #: Completed epochs; completed batches of the current one.
    epoch: int = 0
    batch: int = 0
    #: Sums over the current epoch's batches so far; the seconds are those of
    #: computing, of all processes that took part.
    objective: float = 0.
    cross_entropy: float = 0.
    seconds: float = 0.
    #: One record a completed epoch.
    history: List[Dict] = field(default_factory=list)


def save_checkpoint(path, step, progress):
    """Write the state of a `network.functions.TrainingStep` and `Progress`."""
    arrays = {'%s.%02d' % (kind, number): shared.get_value(borrow=True)
              for kind in SHARED
              for number, shared in enumerate(getattr(step, kind))}
    name, keys, position, has_gauss, gauss = progress.shuffling
    arrays['shuffling.keys'] = keys
    place = dict(vars(progress), shuffling=[position, has_gauss, gauss])
    arrays['progress'] = np.asarray(json.dumps(place))
    write_npz(path, arrays)


def load_checkpoint(path, step):
    """Put a saved state into the step's variables; return its `Progress`."""
    arrays = read_npz(path)
    for kind in SHARED:
        for number, shared in enumerate(getattr(step, kind)):
            name = '%s.%02d' % (kind, number)
            value = arrays.get(name)
            current = shared.get_value(borrow=True)
            if (value is None or value.shape != current.shape
                    or value.dtype != current.dtype):
                raise UserError(
                    '%s: expected %s of shape %s and type %s, got %s: it '
                    'belongs to another network or precision'
                    % (path, name, current.shape, current.dtype,
                       'none' if value is None
                       else '%s, %s' % (value.shape, value.dtype)))
            shared.set_value(value)
    try:
        place = json.loads(str(arrays['progress']))
        place['shuffling'] = tuple(
            ['MT19937', arrays['shuffling.keys']] + place['shuffling'])
        return Progress(**place)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError('%s: expected a checkpoint, but its place in the '
                        'training cannot be read (%s)' % (path, error)
                        ) from None


def is_finite(step):
    """Whether no weight and no running mean has become NaN or infinite."""
    return all(np.isfinite(shared.get_value(borrow=True)).all()
               for shared in [*step.parameters, *step.state])


def write_history(run, history):
    """Write history.json and history.csv into a run's folder.

    Losses are in nats: objective and cross_entropy are means over the epoch's
    batches with dropout on, at the training temperature; validation losses
    are at temperature 1 and at the training one.
    """
    dataset = run.description['data']['name']
    write_json(run.file('history.json'),
               {'dataset': dataset, 'epochs': history})
    columns = [run.form.unit] + [name for name in history[0]
                                 if name not in TIMES]
    with atomic_file(run.file('history.csv'), 'w') as stream:
        writer = csv.DictWriter(stream, ['dataset'] + columns)
        writer.writeheader()
        for record in history:
            writer.writerow(dict({name: record[name] for name in columns},
                                 dataset=dataset))


def validation_loss(record):
    """The validation's loss at the temperature of the training."""
    return record.get('validation_loss_at_T', record['validation_loss'])


def history_line(record, unit, total):
    """An epoch, or the iterations up to a validation, in one line."""
    losses = 'validation loss %.4f' % validation_loss(record)
    if 'validation_loss_at_T' in record:
        losses += ', at T = 1 %.4f' % record['validation_loss']
    return ('%s %d/%d: loss %.4f (objective %.4f), %s, accuracy %.2f %%, '
            '%.1f s' % (unit, record[unit], total, record['cross_entropy'],
                        record['objective'], losses,
                        100 * record['validation_accuracy'],
                        record['seconds']))
