"""What a run's results depend on, and whether two runs are the same.

Of the code these are the modules that its script imports, digested. Those
that these import in turn count as well, wherever the import stands, and so do
modules whose dotted name is a string in them, as of one that a worker is told
to import. Comments, docstrings and the breaking of lines count for nothing:
they make no other result.
"""

import ast
import functools
import glob
import hashlib
import io
import json
import os
import re
import tokenize

from environment.provenance import PACKAGES, versions
from errors import UserError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Tokens that say nothing to Python.
SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)
#: What may name a module in a string.
DOTTED = re.compile(r'[a-z_]\w*(\.[a-z_]\w*)+')
#: A folder beside modules, with what they compile.
SOURCE = ('source/*.cpp', 'source/*.h')


def identify(arguments, models, dataset, indices, code, packages=PACKAGES):
    """A JSON-ready dict; runs of equal identity have equal results.

    Parameters
    ----------
    arguments : dict
        Plain values that the results depend on.
    models : dict of str to storage.model_file.Model
    dataset : data.dataset.Dataset
    indices : (n,) int
        Of the test samples.
    code : str
        See `code_digest`.
    packages : tuple of str
        Whose versions the results depend on.
    """
    return {'arguments': arguments,
            'models': {name: model.description['weights_sha256']
                       for name, model in models.items()},
            'data': dataset.identity(),
            'indices': digest(indices.tolist()), 'code': code,
            'versions': versions(packages)}


def digest(value):
    """SHA-256 of a JSON-ready value, in hexadecimal."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_same(folder, before, now):
    """Refuse to continue a run of one identity with another.

    Raises
    ------
    UserError
        Naming the first difference.
    """
    for name in now:
        old, new = before.get(name), now[name]
        if old == new:
            continue
        if isinstance(new, dict) and isinstance(old, dict):
            key = next(key for key in dict(old, **new)
                       if old.get(key) != new.get(key))
            name = '%s %s' % (name, key.replace('_', '-'))
            old, new = old.get(key), new.get(key)
        raise UserError(
            '%s: expected a new folder or a run to continue, but it holds '
            'one of other %s (%s there, %s here): choose another --out'
            % (folder, name, _brief(old), _brief(new)))


def _brief(value):
    return value if len(str(value)) <= 40 else '%s...' % str(value)[:12]


def code_digest(*modules):
    """SHA-256 of the code of modules, 'mnist_cnn', and of all they import.

    Of a module its tokens count, of the C++ sources beside it all.
    """
    paths = {_path(name) for name in closure(*modules)}
    for folder in {os.path.dirname(path) for path in paths}:
        for pattern in SOURCE:
            paths.update(os.path.relpath(path, ROOT) for path in glob.glob(
                os.path.join(glob.escape(ROOT), folder, pattern)))
    return digest([(path, _tokens(_read(path)) if path.endswith('.py')
                    else _read(path)) for path in sorted(paths)])


def closure(*modules):
    """Names of modules and of all of ours that they import, sorted."""
    found, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported(name)
    return sorted(found)


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
