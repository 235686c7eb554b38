"""What attack_bang.py and noise_bang.py left of a study, read and checked."""

import json
import os
from typing import Dict

from errors import UserError
from papers.bang.attack_names import FORMAT
from storage.attack_file import read_finished

NOISE = 'noise.json'
NOISE_FORMAT = 'bang-noise/1'


def read_attack(folder):
    """The one model's part of attack.json, with the `last` of HC1's search."""
    results = read_finished(folder, FORMAT)
    return dict(results['models'][0], last=results['last'])


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
