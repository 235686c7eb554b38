"""A ledger on disk."""

import json

from errors import UserError


def read_ledger(path, form, script):
    """A ledger, checked to be one of this version.

    Parameters
    ----------
    path : str
    form : str
        The format that it must name.
    script : str
        What writes such ledgers, for errors.

    Raises
    ------
    UserError
    """
    try:
        with open(path, encoding='utf-8') as stream:
            ledger = json.load(stream)
    except FileNotFoundError:
        raise UserError('%s: expected a ledger, found none: python %s writes '
                        'it' % (path, script)) from None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file or '
                        'write it anew with python %s'
                        % (path, error, script)) from None
    if not isinstance(ledger, dict) or ledger.get('format') != form:
        raise UserError('%s: expected a ledger of format %s, got something '
                        'else: write it anew with python %s'
                        % (path, form, script))
    return ledger
