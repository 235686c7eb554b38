"""A step of the study: a command of ours, and what it depends on."""

import os
import shlex
from typing import Any, Dict, NamedTuple, Optional, Tuple

from environment.provenance import versions
from storage.identity import code_digest, digest
from storage.model_file import WEIGHTS


class Step(NamedTuple):
    """One command, run in the study's folder."""

    #: Also its folder, relative to the study's.
    name: str
    #: Relative to the checkout.
    script: str
    #: Texts: all that the results depend on; paths relative to the study.
    arguments: Tuple
    #: Steps whose results it reads.
    parents: Tuple
    #: Files in its folder that must be there in the end.
    products: Tuple
    #: Steps of one kind take time in proportion to their units.
    kind: str
    units: float
    #: Seconds a unit on one core of 2.5 GHz, until a step of the kind is
    #: done: from a few runs of --quick, no benchmark.
    guess: float
    #: What the ledger needs to know of it.
    about: Dict[str, Any]
    #: The script that continues its run, of a training.
    resume: Optional[str] = None
    #: Whether a training that learns nothing (exit code 3) is a result.
    may_fail: bool = False
    #: What it reads in its parents' folders.
    needs: Tuple = (WEIGHTS,)
    #: Whether its data are those of the study's --data-dir.
    data_dir: bool = True
    #: Files of its folder that a clone gets, and the folder in weights/ where
    #: a clone gets its model, if it does.
    published: Tuple = ()
    model: Optional[str] = None

    @property
    def command(self):
        """As it is typed in the study's folder, but for the machine."""
        return ' '.join(['python', self.script] + [
            shlex.quote(word) for word in self.arguments] + [
            '--out', self.name])

    @property
    def words(self):
        """The script and its arguments, as stamps keep them."""
        return [self.script] + list(self.arguments)


def read_products(readers, folder, steps):
    """What done steps left in a study's folder, by the file that says it.

    Parameters
    ----------
    readers : dict of str to callable
        By products of steps: a step's folder -> what that file says, checked
        to be that of such a step. UserError.
    folder : str
    steps : iterable of Step

    Returns
    -------
    dict of str to list
        A pair a step: its `about` with its command and its folder, and what
        it left.
    """
    found = {name: [] for name in readers}
    for step in steps:
        for name, read in readers.items():
            if name in step.products:
                found[name].append((
                    dict(step.about, command=step.command, folder=step.name),
                    read(os.path.join(folder, step.name))))
    return found


def codes_of(steps):
    """SHA-256 of the code of every step's script, by its script."""
    return {script: script_digest(script)
            for script in {step.script for step in steps}}


def script_digest(script):
    """SHA-256 of the code of a script and of all that it imports."""
    return code_digest(os.path.splitext(script)[0].replace(os.sep, '.'))


def keys_of(steps, codes, kept):
    """The steps' keys, from the inside out: code, arguments, parents.

    A dict by the steps' names: key (SHA-256), and of what: code, arguments,
    versions. Parents come before children, `codes` are today's `codes_of`,
    `kept` has by name the code or versions that made a step and stand though
    they are not today's.
    """
    found = {}
    installed = digest(versions())
    for step in steps:
        parts = dict({'code': codes[step.script], 'versions': installed,
                      'arguments': step.words}, **kept.get(step.name, {}))
        found[step.name] = dict(parts, key=digest(
            [parts, [found[name]['key'] for name in step.parents]]))
    return found
