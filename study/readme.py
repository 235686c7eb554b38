"""Parts of documents that results make: between two comments of a name."""

import os
import re

from errors import UserError
from storage.atomic import atomic_file
from storage.identity import ROOT


def between(mark, text):
    """A part with its markers."""
    begin, end = markers(mark)
    return '%s\n%s\n%s' % (begin, text, end)


def markers(mark):
    """The comments before and after a part."""
    return '<!-- %s -->' % mark, '<!-- end of %s -->' % mark


def update(path, mark, text):
    """Put a text between a file's markers.

    Raises
    ------
    UserError
        If the markers are not there once each.
    """
    begin, end = markers(mark)
    with open(path, encoding='utf-8') as stream:
        content = stream.read()
    if content.count(begin) != 1 or content.count(end) != 1:
        raise UserError('%s: expected one %s and one %s, found %d and %d'
                        % (path, begin, end, content.count(begin),
                           content.count(end)))
    with atomic_file(os.path.realpath(path), 'w') as stream:
        stream.write(re.sub('(?s)%s.*%s' % (begin, end),
                            lambda match: between(mark, text), content))


def write_parts(parts):
    """Put generated parts into the checkout's documents; the exit code.

    Parameters
    ----------
    parts : list of (str, str, str)
        Documents, relative to the checkout, marks and texts.
    """
    for document, mark, text in parts:
        update(os.path.join(ROOT, document), mark, text)
        print('wrote %s' % document)
    return 0
