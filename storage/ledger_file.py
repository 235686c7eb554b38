"""A ledger on disk."""

import json
import os

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


def aside(path, states, notice, chosen):
    """Why a study's ledger does not take the place of the one at `path`.

    Parameters
    ----------
    path : str
        Of the checkout's ledger, of a full study.
    states : dict of str to str
        Of this study's steps; 'done' count.
    notice : str
        What this study's products have to say; '' of a full one.
    chosen : str or None
        Where the user wants the ledger: what is there is not looked at.

    Returns
    -------
    str
        '' where it does.
    """
    if notice or chosen or not os.path.exists(path):
        return notice
    try:
        with open(path, encoding='utf-8') as stream:
            there = json.load(stream)['study']['steps'].get('done', 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ''       # nothing that is worth keeping
    done = list(states.values()).count('done')
    return '' if there <= done else (
        '%s rests on %d finished steps, this study has %d: it is kept '
        '(--ledger %s takes its place)' % (path, there, done, path))
