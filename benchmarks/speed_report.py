#!/usr/bin/env python
"""README's tables and the plot of what the benchmarks measured.

    python benchmarks/speed_report.py
    python benchmarks/speed_report.py results/speed/two-threads.json

The tables go into README.md between the lines <!-- speed --> and
<!-- /speed -->, the plot beside the JSON file as a PNG. Other measurements
that lie there are shown, too: cold.json (speed.py with an empty compile
directory), one-thread.json (speed.py --threads 1), training.json (speed.py
--only train with few contenders and many rounds), blocks.json and
attacks.json (of the scripts of that name).
"""

import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from errors import UserError

README = os.path.join(ROOT, 'README.md')
MARKED = re.compile('(<!-- speed -->\n).*?(<!-- /speed -->)', re.DOTALL)
OTHERS = ('cold', 'training', 'one_thread', 'blocks', 'attacks')


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('results', metavar='FILE', nargs='?',
                         default='results/speed/two-threads.json')
    return options


def main(args, given):
    """Write the table into README and draw the plot."""
    from benchmarks.speed_plot import draw
    from benchmarks.speed_tables import marked_lines
    from storage.atomic import atomic_file
    results = read(args.results)
    if results is None:
        raise UserError('%s: expected what benchmarks/speed.py wrote, found '
                        'no file' % args.results)
    with open(README, encoding='utf-8') as stream:
        text = stream.read()
    if not MARKED.search(text):
        raise UserError('README.md: expected the lines <!-- speed --> and '
                        '<!-- /speed -->, found none')
    lines = marked_lines(results, read_others(args.results))
    with atomic_file(README, 'w') as stream:
        stream.write(MARKED.sub(
            lambda found: found.group(1) + lines + found.group(2), text))
    picture = os.path.splitext(args.results)[0] + '.png'
    draw(results, picture)
    print('wrote README.md and %s' % picture)


def read_others(path):
    """The other measurements in the folder, by name; None if not there."""
    return {name: read(os.path.join(
        os.path.dirname(path), name.replace('_', '-') + '.json'))
        for name in OTHERS}


def read(path):
    """A JSON file; None if there is none."""
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as stream:
        try:
            return json.load(stream)
        except ValueError as error:
            raise UserError('%s: expected JSON, got %s: measure again'
                            % (path, error)) from None


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
