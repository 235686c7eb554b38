"""The history of a training as JSON, CSV and one line an epoch."""

import csv

from storage.atomic import atomic_file, write_json

#: What the epochs' records are counted by, of which the CSV shows one.
TIMES = ('epoch', 'iteration')


def write_history(run, history):
    """Write history.json and history.csv into a run's folder.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    history : list of dict
        Losses in nats: objective and cross_entropy are means over the
        epoch's batches with dropout on, at the training temperature;
        validation losses are at temperature 1 and at the training one.
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
