"""Puts a report's files into their folder, each by rename, the page last."""

import contextlib
import os

from errors import UserError
from reporting.pages import PAGE, render
from reporting.sources import gather_all
from storage.atomic import atomic_file


def write_report(folder, chapters, results, made):
    """Make a report, and write it.

    Nothing is written before all of it is made. Figures of an earlier
    report that this one does not have are taken away.

    Parameters
    ----------
    folder : str
    chapters, results, made
        What it shows; see `reporting.sources.gather_all`.

    Returns
    -------
    str
        The page's path.

    Raises
    ------
    UserError
        Where an input is damaged, or the folder cannot be one.
    OSError
        As the file system says it.
    """
    return write_files(folder, render(gather_all(chapters, results, made)))


def write_files(folder, files):
    """Put files into a folder; those whose content is None are taken away.

    Parameters
    ----------
    folder : str
    files : dict of str to (bytes or None)
        See `pages.render`.

    Returns
    -------
    str
        The page's path.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UserError('%s: expected a folder for the report, but it or a '
                        'part of its path is a file: choose another --report'
                        % folder) from None
    for name in sorted(files, key=lambda name: (name == PAGE, name)):
        path = os.path.join(folder, name)
        if files[name] is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            continue
        with atomic_file(path) as stream:
            stream.write(files[name])
    return os.path.join(folder, PAGE)
