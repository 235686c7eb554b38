"""Text for Markdown, LaTeX and HTML, whatever is in it."""

import re

from markupsafe import Markup, escape

POWER = re.compile(r'10\^(-?\d+(?:\.\d+)?)')
LATEX = {'\\': r'\textbackslash{}', '{': r'\{', '}': r'\}', '$': r'\$',
         '&': r'\&', '#': r'\#', '_': r'\_', '%': r'\%', '^': r'\^{}',
         '~': r'\~{}', '<': r'\textless{}', '>': r'\textgreater{}',
         '|': r'\textbar{}', '"': r'\textquotedbl{}', '§': r'\S{}',
         '–': '--', '±': r'$\pm$', '·': r'$\cdot$', '×': r'$\times$',
         '∂': r'$\partial$', '−': r'$-$', '…': r'\ldots{}'}
MARKDOWN = re.compile(r'([\\`*_\[\]<>|~#])')


def html(text):
    """For HTML: 10^-3 with its exponent raised, numbers and % together."""
    text = str(escape(text)).replace(' %', '\u00a0%')
    return Markup(POWER.sub(lambda match: (
        '<span class="power">10<sup>%s</sup></span>'
        % match.group(1).replace('-', '\u2212')), text))


def markdown(text):
    """For a line or a table's cell of Markdown: no markup, no line breaks."""
    return MARKDOWN.sub(r'\\\1', one_line(text)).replace('&', '&amp;')


def latex(text):
    """For LaTeX with its usual packages; other characters stay UTF-8."""
    parts = POWER.split(one_line(text))
    return ''.join('$10^{%s}$' % part if odd % 2 else ''.join(
        LATEX.get(letter, letter) for letter in part)
        for odd, part in enumerate(parts))


def one_line(text):
    """Without line breaks or control characters."""
    return ' '.join(''.join(
        letter if letter.isprintable() else ' '
        for letter in str(text)).split())
