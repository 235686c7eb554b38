#!/usr/bin/env python
"""The tables of docs/speed.md, and the plot, of what the benchmarks measured.

    python benchmarks/speed_report.py
    python benchmarks/speed_report.py results/speed/two-threads.json

The tables go between the lines <!-- speed --> and <!-- end of speed -->, the
plot beside the JSON file as a PNG. Other measurements that lie there are
shown, too: cold.json (speed.py with an empty compile directory),
one-thread.json (speed.py --threads 1), training.json (speed.py --only train
with few contenders and many rounds), blocks.json and attacks.json (of the
scripts of that name).
"""

import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from errors import UserError

PAGE, MARK = 'docs/speed.md', 'speed'   # where the tables stand
OTHERS = ('cold', 'training', 'one_thread', 'blocks', 'attacks')


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('results', metavar='FILE', nargs='?',
                         default='results/speed/two-threads.json')
    return options


def main(args, given):
    """Write the tables into their page and draw the plot."""
    from benchmarks.speed_tables import marked_lines
    from study.readme import update
    results = read(args.results)
    if results is None:
        raise UserError('%s: expected what benchmarks/speed.py wrote, found '
                        'no file' % args.results)
    update(os.path.join(ROOT, PAGE), MARK,
           marked_lines(results, read_others(args.results)))
    picture = os.path.splitext(args.results)[0] + '.png'
    draw(results, picture)
    print('wrote %s and %s' % (PAGE, picture))


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


def draw(results, path):
    """Bars of the table; lines of how speed grows with the batch."""
    from benchmarks.speed_tables import ROWS, rates
    from plotting import Figure, FigureCanvasAgg
    from storage.atomic import atomic_file
    figure = Figure(figsize=(11, 8))
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, 2)
    for ax, (task, batch) in zip(axes[0], (('train', 128),
                                           ('forward', 1024))):
        bars(ax, rates(results, task, batch))
        ax.set_title(ROWS[task, batch])
    for ax, task in zip(axes[1], ('train', 'forward')):
        growth(ax, results, task)
    figure.tight_layout()
    with atomic_file(path) as stream:
        figure.savefig(stream, format='png', dpi=100)


def bars(ax, found):
    """Medians as bars, the rounds' range as whiskers."""
    import numpy as np
    low, middle, high = (np.array([of(rounds) for rounds in found.values()])
                         for of in (np.min, np.median, np.max))
    ax.barh(range(len(found)), middle, xerr=[middle - low, high - middle],
            color=['tab:gray' if 'PyTorch' in name else 'tab:blue'
                   for name in found])
    ax.set_yticks(range(len(found)))
    ax.set_yticklabels(found)
    ax.invert_yaxis()
    ax.set_xlabel('images/s')


def growth(ax, results, task):
    """Images a second against the batch."""
    import numpy as np
    points = {}
    for figure in results['figures']:
        if figure['task'] == task:
            for name, seconds in figure['seconds'].items():
                points.setdefault(name, []).append(
                    (figure['batch'], figure['images'] / np.median(seconds)))
    for name, pairs in points.items():
        if len(pairs) > 2:
            ax.plot(*zip(*sorted(pairs)), 'o-', label=name)
    ax.set(xscale='log', yscale='log', xlabel='batch', ylabel='images/s',
           title='training step' if task == 'train' else task)
    ax.legend()


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
