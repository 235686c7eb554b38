"""MNIST from a folder, from the cache, or downloaded into the cache."""

import hashlib
import os

from data import catalogue, download
from data.catalogue import MNIST, Unavailable
from data.dataset import Dataset, Part
from data.files import parse, survey
from errors import UserError


def load(directory=None, collection=MNIST):
    """Read MNIST's `Dataset`, downloading what the cache lacks.

    `directory`, with files packed or raw, and `collection` are as for
    `data.load`.

    Raises
    ------
    UserError
        In a folder that was named, a file is missing or bad.
    Unavailable
        The cache has not all files, and they could not be downloaded.
    """
    place = catalogue.locate(directory)
    if place.given_by:
        contents = _read_named(place, collection)
        source = 'MNIST files in %s' % os.path.abspath(place.folder)
    else:
        contents = _read_cache(place.folder, collection)
        source = 'MNIST files downloaded to %s' % place.folder
    return _archive(contents, source, collection)


def status(directory=None, collection=MNIST):
    """Say where MNIST would come from, downloading nothing: two texts.

    The state is 'ready' (on this machine, checksums right), 'download' (the
    cache lacks something) or 'error' (`load` would fail); the second says
    the same in words, on one line.
    """
    try:
        place = catalogue.locate(directory)
        if place.given_by:
            _read_named(place, collection)
        else:
            found = survey(place.folder, collection)
            if not found.complete():
                return 'download', '%s; to be downloaded from %s' % (
                    found.faults(), ' or '.join(catalogue.mirrors(collection)))
    except UserError as error:
        return 'error', str(error)
    by = 'named by %s' % place.given_by if place.given_by else 'the cache'
    return 'ready', 'MNIST is in %s (%s), its checksums are right' % (
        place.folder, by)


def _read_named(place, collection):
    """The raw contents by name, all from the folder that the user named."""
    if not os.path.isdir(place.folder):
        raise UserError(
            'there is no folder %r, which %s names: it should hold the four '
            'MNIST files (without %s, they are downloaded)'
            % (place.folder, place.given_by, place.given_by))
    found = survey(place.folder, collection)
    if not found.complete():
        raise UserError(
            '%s; put good copies into that folder, which %s names (without '
            '%s, MNIST is downloaded)'
            % (found.faults(), place.given_by, place.given_by))
    return found.contents


def _read_cache(folder, collection):
    """The raw contents by name, from the cache or else from a mirror."""
    found = survey(folder, collection)
    if found.complete():
        return found.contents
    mirrors = catalogue.mirrors(collection)
    try:
        with download.alone(folder, 'MNIST'):
            # Whoever held the lock before may have downloaded them.
            found = survey(folder, collection)
            wanted = [entry for entry in collection.files
                      if entry.name not in found.contents]
            fetched = download.fetch(wanted, folder, mirrors)
    except OSError as error:
        raise Unavailable('%s; and that folder cannot be written: %s' % (
            found.faults(), error.strerror or error)) from error
    except Unavailable as error:
        raise Unavailable('%s; %s' % (found.faults(), error)) from error
    return dict(found.contents, **fetched)


def _archive(contents, source, collection):
    """Arrays and their checksum from the raw contents."""
    digest = hashlib.sha256()
    arrays = []
    for entry in collection.files:
        raw = contents[entry.name]
        digest.update(raw)
        arrays.append(parse(raw, entry.shape, entry.name))
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset('mnist', source, digest.hexdigest(),
                   Part(train_images[:, None], train_labels), None,
                   Part(test_images[:, None], test_labels))
