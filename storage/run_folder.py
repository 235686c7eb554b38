"""One folder a run: who may write to it, and what lies where in it."""

import contextlib
import os
from typing import Dict, NamedTuple

from errors import UserError
from storage import locking
from storage.atomic import TEMPORARY, write_json
from storage.run_description import DESCRIPTION, RunFormat, read_description

#: Where this is there, nothing of a finished run is missing.
LAST_FILE = 'confusion.png'


class RunFolder(NamedTuple):
    """A run's files, held by this process alone while it is open."""

    path: str
    description: Dict    # run.json: `update` changes and rewrites it
    form: RunFormat

    def file(self, name):
        """The path of a file of this run."""
        return os.path.join(self.path, name)

    @property
    def checkpoint(self):
        return self.file('checkpoint.npz')

    def update(self, **changes):
        """Change the description, and write it."""
        self.description.update(changes)
        write_json(self.file(DESCRIPTION), self.description)


@contextlib.contextmanager
def new_run(path, description, form):
    """Hold a new or empty folder for a run, which its `update` will begin.

    The description is run.json, but for its format and status.
    """
    check_new(path, form)
    with locked(path):
        check_new(path, form)
        yield RunFolder(path, dict(format=form.format, status='running',
                                   **description), form)


@contextlib.contextmanager
def existing_run(path, form):
    """Open a run that `new_run` made, and hold it."""
    read_description(path, form)     # so that no folder is made for a lock
    with locked(path):
        yield RunFolder(path, read_description(path, form), form)


def check_new(path, form):
    """Refuse a folder that holds a run, or anything else."""
    if os.path.exists(os.path.join(path, DESCRIPTION)):
        raise UserError(
            '%s: expected a new folder, but it holds a run: continue it '
            'with --resume %s, or choose another --out' % (path, path))
    check_foreign(path, ours=form.early)


def check_foreign(path, or_what='', ours=()):
    """Refuse a folder that holds what is not ours: it could be lost.

    Names in `ours` may be in it, and hidden ones, as of locks. `or_what` is
    what else than a new or empty folder would have done, for the error.
    """
    foreign = [name for name in sorted(os.listdir(path))
               if not name.startswith('.') and name not in ours
               ] if os.path.isdir(path) else []
    if foreign:
        raise UserError('%s: expected a new or empty folder%s, found %s in '
                        'it: choose another --out'
                        % (path, or_what, foreign[0]))


@contextlib.contextmanager
def locked(path):
    """Hold a folder against other processes; the lock dies with us."""
    try:
        os.makedirs(path, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UserError('%s: expected a folder, but it or a part of its path '
                        'is a file: choose another --out' % path) from None

    def refuse():
        raise UserError('%s: another process is writing to this run: wait '
                        'for it, or choose another --out' % path)

    with locking.alone(path, refuse) as held:
        if held:
            sweep(path)
        yield


def sweep(path):
    """Take away the files of `atomic_file` that a killed process left."""
    for name in os.listdir(path):
        file = os.path.join(path, name)
        if (name.startswith('.') and name.endswith(TEMPORARY)
                and os.path.isfile(file)):
            os.unlink(file)
