"""What code a result rests on: the modules that its script imports, digested.

Those that these import in turn count as well, wherever the import stands, and
so do modules whose dotted name is a string in them, as of one that a worker
is told to import. Comments, docstrings and the breaking of lines count for
nothing: they make no other result.
"""

import ast
import functools
import glob
import io
import os
import re
import tokenize

from storage.identity import ROOT, digest

#: Tokens that say nothing to Python.
SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)
#: What may name a module in a string.
DOTTED = re.compile(r'[a-z_]\w*(\.[a-z_]\w*)+')
#: A folder beside modules, with what they compile.
SOURCE = ('source/*.cpp', 'source/*.h')


def code_digest(*modules):
    """SHA-256 of the code of modules and of all that they import.

    Parameters
    ----------
    *modules : str
        Names, as of scripts: 'mnist_cnn'.
    """
    paths = sorted(set().union(*(_files(name) for name in modules)))
    return digest([(path, _content(path)) for path in paths])


def closure(*modules):
    """Names of modules and of all of ours that they import, sorted."""
    found, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported(name)
    return sorted(found)


def _files(module):
    """The closure's files, relative to the checkout, with C++ sources."""
    paths = {_path(name) for name in closure(module)}
    for folder in {os.path.dirname(path) for path in paths}:
        for pattern in SOURCE:
            paths.update(os.path.relpath(path, ROOT) for path in glob.glob(
                os.path.join(glob.escape(ROOT), folder, pattern)))
    return frozenset(paths)


def _path(name):
    """The file of a module of ours, relative to the checkout; else None."""
    stem = name.replace('.', os.sep)
    for path in (stem + '.py', os.path.join(stem, '__init__.py')):
        if os.path.isfile(os.path.join(ROOT, path)):
            return path
    return None


def _imported(name):
    """Our modules that one imports or names, and the packages around it."""
    names, said = _named(_read(_path(name)))
    names = names | {word.rpartition('.')[0] for word in [name, *names]}
    return sorted(word for word in names | said if word and _path(word))


@functools.lru_cache(maxsize=None)   # of texts: a changed file is read anew
def _named(text):
    """What a module's text imports, and what it may name in a string."""
    names, said = set(), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
            names.update('%s.%s' % (node.module, alias.name)
                         for alias in node.names)
        elif (isinstance(node, ast.Constant) and isinstance(node.value, str)
              and DOTTED.fullmatch(node.value)):
            said.add(node.value)
    return names, said


def _content(path):
    """What of a file counts: of a module its tokens, of another all of it."""
    text = _read(path)
    return _tokens(text) if path.endswith('.py') else text


@functools.lru_cache(maxsize=None)
def _tokens(text):
    """A module's tokens, less docstrings and what is `SILENT`."""
    left_out = {line for node in ast.walk(ast.parse(text))
                if isinstance(node, (ast.Module, ast.ClassDef,
                                     ast.FunctionDef, ast.AsyncFunctionDef))
                and ast.get_docstring(node, clean=False) is not None
                for line in range(node.body[0].lineno,
                                  node.body[0].end_lineno + 1)}
    return [(token.type in (tokenize.INDENT, tokenize.DEDENT) and token.type)
            or token.string
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type not in SILENT
            and not (token.start[0] in left_out
                     and token.type in (tokenize.STRING, tokenize.NEWLINE))]


def _read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as stream:
        return stream.read()
