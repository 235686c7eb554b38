"""What the finished steps of a study left, read and checked."""

import os
from typing import Any, List, NamedTuple

from papers.song.run_format import SONG
from storage.attack_file import read_finished
from storage.run_description import read_description

FORMAT = 'song2017-attack/1'


class Records(NamedTuple):
    """Outputs of the finished steps: pairs of dict.

    The first has the step's `about` and its command, the second is its
    run.json or attack.json.
    """

    trainings: List[Any]
    attacks: List[Any]


def read_records(folder, steps):
    """The Records of the finished steps of a study."""
    records = Records([], [])
    for step in steps:             # the explorer's is for the report
        path = os.path.join(folder, step.name)
        about = dict(step.about, command=step.command)
        if 'algorithm' in about:
            records.attacks.append((about, read_finished(path, FORMAT)))
        elif step.resume:
            records.trainings.append((about, read_description(path, SONG)))
    return records


def find_attacks(records, kind, algorithm=None, variant=None):
    """(about, attack.json) of the attacks of a kind, by seed."""
    return [(about, results) for about, results in records.attacks
            if about['kind'] == kind
            and algorithm in (None, about['algorithm'])
            and variant in (None, about['variant'])]


def attacked(attack, name):
    """A column of an attack's samples: of those classified correctly."""
    samples = attack['samples']
    return [value for value, label, clean in zip(
        samples[name], samples['label'], samples['clean_prediction'])
        if label == clean]


def overwritten(attack):
    """Pixels overwritten, of the successes."""
    samples = attack['samples']
    return [steps for steps, done in zip(
        samples['steps'], samples['success']) if done]
