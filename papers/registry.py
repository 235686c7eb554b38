"""The papers that this project reruns, by name."""

import importlib

#: Packages with `settings`, which --help is made of and which imports
#: nothing that has to be installed, `paper`, the declaration, and `chapter`,
#: that of the report. The first is rerun where none is named.
PAPERS = {'song': 'papers.song', 'bang': 'papers.bang',
          'smooth': 'papers.smooth'}


def settings(name):
    """The module that says what can be chosen: a docstring, and OPTIONS."""
    return importlib.import_module(PAPERS[name] + '.settings')


def declaration(name):
    """A paper's study.paper.Paper."""
    return importlib.import_module(PAPERS[name] + '.paper').PAPER


def chapters():
    """Those of the report, in its order: a list of Chapter."""
    return [importlib.import_module(package + '.chapter').CHAPTER
            for package in PAPERS.values()]
