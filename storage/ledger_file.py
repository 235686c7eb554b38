"""A ledger on disk."""

import json
import os

from errors import UserError


def read_ledger(path, form, command):
    """A ledger, checked to be one of this version.

    Parameters
    ----------
    path : str
    form : str
        The format that it must name.
    command : str
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
                        'it' % (path, command)) from None
    except ValueError as error:
        raise UserError('%s: expected JSON, got %s: restore the file or '
                        'write it anew with python %s'
                        % (path, error, command)) from None
    if not isinstance(ledger, dict) or ledger.get('format') != form:
        raise UserError('%s: expected a ledger of format %s, got something '
                        'else: write it anew with python %s'
                        % (path, form, command))
    return ledger


def why_kept(path, states, notice, chosen):
    """Why the ledger at `path` stays, and a study's own goes elsewhere.

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
        '' where the study's takes its place.
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
