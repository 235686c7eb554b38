"""What is attacked: finished models of one data set, and its test part."""

import os

import data
from errors import UserError
from storage.model_file import load_model
from storage.run_description import DESCRIPTION


def find_models(paths, usual, form, load=load_model):
    """Models by the names that tables and pictures call them.

    Parameters
    ----------
    paths : list of str or None
        Run folders; None for those of `usual` that exist.
    usual : tuple of str
    form
        Of the runs that are such models: see `storage.run_description`.
    load : callable
        (path, form) -> storage.model_file.Model.

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
    models = dict(zip(_names(paths), (load(path, form)
                                      for path in paths)))
    _check_alike(models)
    return models


def load_test(models, directory):
    """The data set on which all the models were trained.

    Parameters
    ----------
    models : dict of str to storage.model_file.Model
    directory : str or None
        Of the data's files; None for the usual places.

    Returns
    -------
    data.dataset.Dataset
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


def _check_alike(models):
    (first, reference), *others = models.items()
    for name, model in others:
        if model.dataset != reference.dataset:
            raise UserError(
                '--models: expected models of one data set, got %s of %s and '
                '%s of %s' % (first, data.LABELS[reference.dataset], name,
                              data.LABELS[model.dataset]))
