"""A step of the study: a command of ours, and what it depends on."""

import os
import shlex
from typing import Any, Dict, NamedTuple, Tuple

from environment.provenance import versions
from papers.bang.run_format import BANG
from papers.song.run_format import SONG
from storage.identity import code_digest, digest

#: Folders and files that a script's results depend on.
TRAINING = ('data', 'metrics', 'network', 'ops', 'papers/song', 'storage',
            'training', 'mnist_cnn.py', 'distill.py')
ATTACK = ('attacks', 'attacking', 'data', 'metrics', 'network', 'ops',
          'papers/song', 'saliency', 'storage')
#: Whose runs the scripts that train make; that one's own script resumes them.
SYSTEMS = {'mnist_cnn.py': SONG, 'distill.py': SONG, 'bang.py': BANG}


class Step(NamedTuple):
    """One command, run in the study's folder.

    Attributes
    ----------
    name : str
        Also its folder, relative to the study's.
    script : str
    arguments : tuple of str
        All that the results depend on; paths relative to the study.
    parents : tuple of str
        Steps whose results it reads.
    code : tuple of str
        Folders and files that its results depend on.
    products : tuple of str
        Files in its folder that must be there in the end.
    kind : str
        Steps of one kind take time in proportion to their units.
    units : float
    may_fail : bool
        Whether a training that learns nothing (exit code 3) is a result.
    about : dict
        What the ledger needs to know of it.
    """

    name: str
    script: str
    arguments: Tuple
    parents: Tuple
    code: Tuple
    products: Tuple
    kind: str
    units: float
    may_fail: bool
    about: Dict[str, Any]

    @property
    def command(self):
        """As it is typed in the study's folder, but for the machine."""
        return ' '.join(['python', self.script] + [
            shlex.quote(word) for word in self.arguments] + [
            '--out', self.name])

    @property
    def system(self):
        """A storage.run_description.System, of a training; else None."""
        return SYSTEMS.get(self.script)


def keys_of(steps, accepted):
    """The steps' keys, from the inside out: code, arguments, parents.

    Parameters
    ----------
    steps : list of Step
        Parents before children.
    accepted : dict of str to str
        Versions of the code, by name of the step, to be taken for today's.

    Returns
    -------
    dict of str to dict
        By name: key (SHA-256), and of what: code, arguments, versions.
    """
    codes, found = {}, {}
    installed = digest(versions())
    for step in steps:
        if step.code not in codes:
            codes[step.code] = code_digest(step.code)
        parts = {'code': accepted.get(step.name, codes[step.code]),
                 'versions': installed,
                 'arguments': [step.script] + list(step.arguments)}
        found[step.name] = dict(parts, key=digest(
            [parts, [found[name]['key'] for name in step.parents]]))
    return found


def folder_of(study, step):
    """Where a step's results lie."""
    return os.path.join(study, step.name)
