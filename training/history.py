"""The history of a training as JSON, CSV and one line an epoch."""

import csv

from storage.atomic import atomic_file, write_json

COLUMNS = ('epoch', 'objective', 'cross_entropy', 'validation_loss',
           'validation_loss_at_T', 'validation_accuracy', 'seconds')


def write_history(run, history, columns=COLUMNS):
    """Write history.json and history.csv into a run's folder.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
    history : list of dict
        Losses in nats: objective and cross_entropy are means over the
        epoch's batches with dropout on, at the training temperature;
        validation losses are at temperature 1 and at the training one.
    columns : tuple of str
        Those of the CSV, after the data set.
    """
    dataset = run.description['data']['name']
    write_json(run.file('history.json'),
               {'dataset': dataset, 'epochs': history})
    with atomic_file(run.file('history.csv'), 'w') as stream:
        writer = csv.DictWriter(stream, ('dataset',) + columns)
        writer.writeheader()
        for record in history:
            writer.writerow(dict({name: record[name] for name in columns},
                                 dataset=dataset))


def epoch_line(record, epochs):
    """An epoch in one line."""
    return ('epoch %d/%d: loss %.4f (objective %.4f), validation loss %.4f, '
            'at T = 1 %.4f, accuracy %.2f %%, %.1f s'
            % (record['epoch'], epochs, record['cross_entropy'],
               record['objective'], record['validation_loss_at_T'],
               record['validation_loss'],
               100 * record['validation_accuracy'], record['seconds']))
