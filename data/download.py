"""Fetch files from the mirrors into a folder that processes may share."""

import os
import sys
import time

from data import files
from data.errors import DataError, Unavailable
from data.transfer import BrokenOff, Refused, transfer
from storage import locking


def alone(folder):
    """Keep other downloads into `folder` waiting; make the folder if need be.

    Returns
    -------
    context manager

    Raises
    ------
    OSError
        The folder or the lock in it cannot be made.
    """
    os.makedirs(folder, exist_ok=True)

    def say_so():
        print('Another process is downloading MNIST (it holds %s); waiting '
              'for it.' % os.path.join(folder, locking.NAME),
              file=sys.stderr, flush=True)

    return locking.alone(folder, say_so)


def fetch(entries, folder, mirrors, collection, progress):
    """Download files as `folder`/<name>.gz, each whole or not there.

    What an interrupted transfer leaves, <name>.gz.part, is taken up by the
    next one, of this process or a later one. Call it within `alone`.

    Parameters
    ----------
    entries : iterable of data.catalogue.File
    folder : str
    mirrors : list of str
        Folders' URLs; each is tried until it fails for good.
    collection : data.catalogue.Collection
        For its `timeout`, `tries` and `pause`.
    progress : bool
        Show a bar.

    Returns
    -------
    dict of str to bytes
        The checked raw content by the file's name.

    Raises
    ------
    Unavailable
        Every mirror failed; one line says how each did.
    OSError
        The folder cannot be written.
    """
    contents = {}
    for entry in entries:
        contents[entry.name], good = _fetch_one(
            entry, folder, mirrors, collection, progress)
        # A mirror that hangs should cost its timeout once, not every time.
        mirrors = [good] + [url for url in mirrors if url != good]
    return contents


def _fetch_one(entry, folder, mirrors, collection, progress):
    """The raw content and the mirror that gave it."""
    path = os.path.join(folder, entry.name + '.gz')
    part = path + '.part'
    reasons = []
    for mirror in mirrors:
        try:
            raw = _from_mirror(mirror, part, entry, collection, progress)
        except Refused as refusal:
            reasons.append('%s: %s' % (mirror, refusal))
        else:
            os.replace(part, path)
            return raw, mirror
    raise Unavailable('%s.gz could not be downloaded (%s)'
                      % (entry.name, '; '.join(reasons)))


def _from_mirror(mirror, part, entry, collection, progress):
    """Ask one mirror until `part` is the file; return its raw content."""
    reason = None
    for attempt in range(collection.tries):
        if attempt:
            time.sleep(collection.pause * 2 ** (attempt - 1))
        try:
            resumed = transfer(mirror + entry.name + '.gz', part,
                               entry.most_packed, collection.timeout,
                               progress)
            with open(part, 'rb') as stream:
                return files.unpack(stream.read(), entry, 'what it sent')
        except BrokenOff as interruption:
            reason = interruption
        except DataError as error:
            os.unlink(part)
            # Pieces of two versions may have met: then it is worth a retry.
            if not resumed:
                raise Refused(error) from error
            reason = error
    raise Refused(reason)
