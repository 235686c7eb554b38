"""Fetch files from the mirrors into a folder that processes may share."""

import os
import sys
import time

from data import files
from data.catalogue import Unavailable
from data.transfer import BrokenOff, Refused, transfer
from errors import UserError
from storage import locking

#: Of a server: the longest silence, in seconds; how often it is asked, and
#: seconds before it is asked again, which double each time.
TIMEOUT, TRIES, PAUSE = 15., 3, 1.


def alone(folder, what):
    """A context that keeps other downloads into `folder` waiting.

    A notice to them says `what` is downloaded. The folder is made if need
    be: OSError if it or the lock in it cannot be.
    """
    os.makedirs(folder, exist_ok=True)

    def say_so():
        print('Another process is downloading %s (it holds %s); waiting '
              'for it.' % (what, os.path.join(folder, locking.NAME)),
              file=sys.stderr, flush=True)

    return locking.alone(folder, say_so)


def fetch(entries, folder, mirrors):
    """Download catalogue `File`s as `folder`/<name>.gz: see `fetch_one`.

    Returns
    -------
    dict of str to bytes
        The checked raw content by the file's name.
    """
    contents = {}
    for entry in entries:

        def unpacked(part, entry=entry):
            with open(part, 'rb') as stream:
                return files.unpack(stream.read(), entry, 'what it sent')

        contents[entry.name], good = fetch_one(
            entry.name + '.gz', folder, entry.most_packed, unpacked, mirrors)
        # A mirror that hangs should cost its timeout once, not every time.
        mirrors = [good] + [url for url in mirrors if url != good]
    return contents


def fetch_one(name, folder, most, check, mirrors):
    """Download a file to `folder`/<name>, whole or not there.

    What an interrupted transfer leaves, <name>.part, is taken up by the next
    one, of this process or a later one. Call it within `alone`.

    Parameters
    ----------
    name, folder : str
    most : int
        Bytes beyond which the answer cannot be the file wanted.
    check : callable
        Path of the whole transfer -> anything; a UserError if the file is
        not the one wanted.
    mirrors : list of str
        Folders' URLs; each is tried until it fails for good.

    Returns
    -------
    checked, mirror
        What `check` returned, and the mirror that gave it.

    Raises
    ------
    Unavailable
        Every mirror failed; one line says how each did.
    OSError
        The folder cannot be written.
    """
    path = os.path.join(folder, name)
    part = path + '.part'
    reasons = []
    for mirror in mirrors:
        try:
            checked = _from_mirror(mirror + name, part, most, check)
        except Refused as refusal:
            reasons.append('%s: %s' % (mirror, refusal))
        else:
            os.replace(part, path)
            return checked, mirror
    raise Unavailable('%s could not be downloaded (%s)'
                      % (name, '; '.join(reasons)))


def _from_mirror(url, part, most, check):
    """Ask one mirror until `part` is the file; return what `check` does."""
    reason = None
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE * 2 ** (attempt - 1))
        try:
            resumed = transfer(url, part, most, TIMEOUT)
            return check(part)
        except BrokenOff as interruption:
            reason = interruption
        except UserError as error:
            os.unlink(part)
            # Pieces of two versions may have met: then it is worth a retry.
            if not resumed:
                raise Refused(error) from error
            reason = error
    raise Refused(reason)
