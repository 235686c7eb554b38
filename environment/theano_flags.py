"""THEANO_FLAGS as a dict, and back."""

import os
import re


def user_flags():
    """The user's own THEANO_FLAGS as a dict."""
    text = os.environ.get('THEANO_FLAGS', '')
    pairs = re.findall(r'''((?:[^,"']|"[^"]*"|'[^']*')+)''', text)
    flags = {}
    for pair in pairs:
        name, equals, value = re.sub('''["']''', '', pair).partition('=')
        if equals:
            flags[name.strip()] = value.strip()
    return flags


def join_flags(flags):
    """Write a dict as THEANO_FLAGS; quotes protect commas and blanks."""
    return ','.join('"%s=%s"' % pair for pair in flags.items())
