"""What a folder holds of a collection, and what ails it."""

import os
from typing import Dict, List, NamedTuple

from data import files
from data.errors import DataError


class Survey(NamedTuple):
    """What was found in `folder`.

    `contents` are the checked raw contents of the good files by name,
    `missing` the names that are not there, packed or raw, and `bad` says of
    each of the other files, by name, what is wrong with it.
    """

    folder: str
    contents: Dict[str, bytes]
    missing: List[str]
    bad: Dict[str, str]

    def complete(self):
        """Whether all files are there and good."""
        return not self.missing and not self.bad

    def faults(self):
        """What is missing and what is bad, on one line."""
        said = list(self.bad.values())
        if self.missing:
            what = 'holds no'
            if not os.path.isdir(self.folder):
                what = 'is not there, so it holds no'
            elif not os.access(self.folder, os.X_OK):
                what = 'is closed to this user, who finds no'
            said.append('%s %s %s (.gz or raw)' % (
                self.folder, what, ', '.join(self.missing)))
        return '; '.join(said)


def survey(folder, collection):
    """Read and check all files of a collection in `folder`.

    Parameters
    ----------
    folder : str
        It may be missing.
    collection : data.catalogue.Collection

    Returns
    -------
    Survey
    """
    found = Survey(folder, {}, [], {})
    for entry in collection.files:
        path = files.find(folder, entry)
        if path is None:
            found.missing.append(entry.name)
            continue
        try:
            found.contents[entry.name] = files.read(path, entry)
        except DataError as error:
            found.bad[entry.name] = str(error)
    return found
