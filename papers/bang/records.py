"""What the finished steps of a study of BANG left, read and checked."""

import json
import os
from typing import Any, Dict, List, NamedTuple

from errors import UserError
from papers.bang.attack_names import FORMAT
from papers.bang.run_format import BANG
from storage.attack_file import read_finished
from storage.run_description import read_description

NOISE = 'noise.json'
NOISE_FORMAT = 'bang-noise/1'


class Records(NamedTuple):
    """Outputs of the finished steps, each with what its step is about.

    Attributes
    ----------
    trainings : list of (dict, dict)
        The step's `about` and command, and its run.json.
    attacks : list of (dict, dict)
        Likewise, and the one model's part of its attack.json, with the
        `last` step of HC1's search.
    noise : dict of str to (dict, dict)
        Likewise, and noise.json, by table.
    """

    trainings: List[Any]
    attacks: List[Any]
    noise: Dict[str, Any]


def read_records(folder, steps):
    """Read the outputs of finished steps.

    Parameters
    ----------
    folder : str
        The study's.
    steps : iterable of study.step.Step
        The finished ones.

    Raises
    ------
    UserError
        Where one is not what its step should have left.
    """
    trainings, attacks, noise = [], [], {}
    for step in steps:
        path = os.path.join(folder, step.name)
        about = dict(step.about, command=step.command)
        if step.resume:
            trainings.append((about, read_description(path, BANG)))
        elif about['kind'] == 'noise':
            noise[about['table']] = about, read_noise(path)
        else:
            results = read_finished(path, FORMAT)
            attacks.append((about, dict(results['models'][0],
                                        last=results['last'])))
    return Records(trainings, attacks, noise)


def read_noise(path) -> Dict:
    """A finished noise.json."""
    path = os.path.join(path, NOISE)
    try:
        with open(path, encoding='utf-8') as stream:
            record = json.load(stream)
        if record['format'] != NOISE_FORMAT or 'percent' not in record:
            raise ValueError('another format, or not finished')
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError('%s: expected finished results of noise_bang.py, got '
                        'something else (%s): restore the file or choose '
                        'another folder' % (path, error)) from None
    return record


def attacks_of(records, table, model):
    """(about, attack.json's part) of a row of a table, by seed."""
    return [(about, found) for about, found in records.attacks
            if about['kind'] == 'model attack'
            and (about['table'], about['model']) == (table, model)]
