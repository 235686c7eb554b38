"""What is attacked: finished models of one data set, some of its test part."""

import os
import re

import numpy as np

import data
from command_line import shortened
from errors import UserError
from storage.model_file import load_model
from storage.run_description import DESCRIPTION


def find_models(paths, usual, form):
    """Models by the names that tables and pictures call them.

    Parameters
    ----------
    paths : list of str or None
        Run folders; None for those of `usual` that exist.
    usual : tuple of str
    form : storage.run_description.RunFormat
        Of the runs that are such models.

    Returns
    -------
    dict of str to storage.model_file.Model
        In the order given. A name is the last part of a folder's path, or
        all of it where two folders share that.
    """
    if paths is None:
        paths = [path for path in usual
                 if os.path.exists(os.path.join(path, DESCRIPTION))]
        if not paths:
            raise UserError(
                'expected models in %s, found none: train some with python '
                '%s, or name yours with --models'
                % (', '.join(usual), form.script))
    models = dict(zip(_names(paths), (load_model(path, form)
                                      for path in paths)))
    (first, reference), *others = models.items()
    for name, model in others:
        if model.dataset != reference.dataset:
            raise UserError(
                '--models: expected models of one data set, got %s of %s and '
                '%s of %s' % (first, data.LABELS[reference.dataset], name,
                              data.LABELS[model.dataset]))
    return models


def load_test(models, directory):
    """The data.Dataset on which all the models, by name, were trained.

    `directory` has its files; None for the usual places.
    """
    model = next(iter(models.values()))
    dataset = data.load(model.dataset, directory)
    for name, model in models.items():
        if model.description['data']['checksum'] != dataset.checksum:
            raise UserError(
                '%s was trained on another %s (SHA-256 %s, here %s): attack '
                'it with the data it knows' % (
                    name, data.LABELS[dataset.name],
                    model.description['data']['checksum'], dataset.checksum))
    return dataset


def _names(paths):
    folders = [os.path.normpath(os.path.dirname(path)
                                if path.endswith('.npz') else path)
               for path in paths]
    for folder in folders:
        if folders.count(folder) > 1:
            raise UserError('--models: expected every run once, got %s twice'
                            % folder)
    short = [printable(os.path.basename(os.path.abspath(folder)))
             for folder in folders]
    return (short if len(set(short)) == len(short)
            else [printable(folder) for folder in folders])


def printable(path):
    """A path as text for files and figures: no UTF-8 becomes \\xNN."""
    return path.encode('utf-8', 'surrogateescape').decode(
        'utf-8', 'backslashreplace')


def pick_samples(args, given, labels):
    """The test samples that --indices, --samples and --seed ask for.

    Returns
    -------
    indices : (n,) int
    settled : dict
        How many --samples draws; None, all, where its default asks for more
        than the test part, of these labels, has.
    """
    samples = args.samples
    if args.indices:
        return read_indices(args, given, 'samples', len(labels)), {
            'samples': samples}
    if samples and 'samples' not in given and samples > len(labels):
        samples = None
    return choose(len(labels), samples, args.seed), {'samples': samples}


def choose(count, samples=None, seed=0):
    """Draw samples of the `count` test samples without replacement.

    Sorted, (samples,) int64; all of them by default.
    """
    if samples is None:
        return np.arange(count)
    if samples > count:
        raise UserError('--samples: expected at most the %d test samples, '
                        'got %d (--samples all takes all)' % (count, samples))
    return np.sort(np.random.RandomState(seed).choice(count, samples,
                                                      replace=False))


def read_indices(args, given, number, count):
    """The test samples that the file --indices lists, one a line.

    Blank lines and what follows a # count for nothing. `number` is the option
    of how many are drawn otherwise, which contradicts a list, `count` the
    size of the test part.

    Returns
    -------
    (n,) int64
        In the order of the file.

    Raises
    ------
    UserError
        If a line is no index of a test sample or stands there twice.
    """
    if given & {number, 'seed'}:
        raise UserError('--indices names the samples: --%s and --seed cannot '
                        'be given with it' % number)
    path, indices = args.indices, {}   # in their order
    for number, line in enumerate(_lines(path), 1):
        text = line.split('#')[0].strip()
        if not text:
            continue
        if not (re.fullmatch('[0-9]{1,18}', text) and int(text) < count):
            raise UserError('%s, line %d: expected a whole number from 0 to '
                            '%d, got %s' % (path, number, count - 1,
                                            shortened(text)))
        if int(text) in indices:
            raise UserError('%s, line %d: expected every sample once, got %s '
                            'again' % (path, number, text))
        indices[int(text)] = number
    if not indices:
        raise UserError('%s: expected at least one index, found none' % path)
    return np.array(list(indices))


def _lines(path):
    try:
        # Windows' editors begin a file with a mark of its encoding.
        with open(path, encoding='utf-8-sig') as stream:
            return stream.read().splitlines()
    except (FileNotFoundError, IsADirectoryError):
        raise UserError('--indices: expected a text file, found none at %s'
                        % path) from None
    except UnicodeDecodeError:
        raise UserError('--indices: expected a text file, %s is none'
                        % path) from None
