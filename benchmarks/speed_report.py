#!/usr/bin/env python
"""README's table and the plot of what benchmarks/speed.py measured.

    python benchmarks/speed_report.py
    python benchmarks/speed_report.py results/speed/two-threads.json

The tables go into README.md between the lines <!-- speed --> and
<!-- /speed -->, the plot beside the JSON file as a PNG. If a cold.json lies
there, measured with an empty compile directory, its times to the first
training step are shown, too.
"""

import json
import os
import re
import sys

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line  # noqa: E402
from errors import UserError  # noqa: E402

README = os.path.join(ROOT, 'README.md')
MARKED = re.compile('(<!-- speed -->\n).*?(<!-- /speed -->)', re.DOTALL)
ROWS = {('train', 128): 'training step, batch 128',
        ('forward', 128): 'forward, batch 128',
        ('forward', 1024): 'forward, batch 1024',
        ('brute_probes', 1): 'probes by whole images',
        ('probes', 8): 'probes by receptive field'}


def torch(name):
    """Whether PyTorch; the fastest is compared, with our malloc or not."""
    return 'PyTorch' in name


#: What is compared: a row and one of ours in it; a row and those in it whose
#: best is the other side.
COMPARED = (
    [(row, 'oneDNN ops', other, others)
     for others in (torch, 'plain Theano'.__eq__) for row in ROWS
     for other in [('brute_probes', 1) if row == ('probes', 8) else row]]
    + [(('train', 128), 'C ops, float64', ('train', 128),
        'plain Theano, float64'.__eq__)])


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('results', metavar='FILE', nargs='?',
                         default='results/speed/two-threads.json')
    return options


def main(args, given):
    """Write the table into README and draw the plot."""
    with open(args.results, encoding='utf-8') as stream:
        results = json.load(stream)
    from atomic import atomic_file
    with open(README, encoding='utf-8') as stream:
        text = stream.read()
    if not MARKED.search(text):
        raise UserError('README.md: expected the lines <!-- speed --> and '
                        '<!-- /speed -->, found none')
    lines = marked_lines(results, read_cold(args.results))
    with atomic_file(README, 'w') as stream:
        stream.write(MARKED.sub(
            lambda found: found.group(1) + lines + found.group(2), text))
    picture = os.path.splitext(args.results)[0] + '.png'
    draw(results, picture)
    print('wrote README.md and %s' % picture)


def read_cold(path):
    """What was measured with an empty compile directory; None if nothing."""
    path = os.path.join(os.path.dirname(path), 'cold.json')
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as stream:
        return json.load(stream)


def marked_lines(results, cold):
    """All that stands in README between the marks."""
    return '\n'.join([table(results), ratios(results),
                      costs(results, cold)])


def costs(results, cold):
    """Seconds to the end of the first training step, and peak memory."""
    lines = ['| | first training step | with an empty compile directory | '
             'peak memory |', '|---|--:|--:|--:|']
    for name, contender in results['contenders'].items():
        lines.append('| %s | %s | %s | %.0f MiB |' % (
            name, first_step(results, name), first_step(cold, name),
            contender['peak_MiB']))
    return '\n'.join(lines) + '\n'


def first_step(results, name):
    """Start of the process, compilation and the step, in words."""
    contender = results and results['contenders'].get(name)
    if not contender or 'train 128' not in contender[
            'seconds_to_first_call']:
        return ''
    return '%.0f s' % (contender['seconds_to_start']
                       + contender['seconds_to_first_call']['train 128'])


def table(results):
    """Images (or probes) a second, and the ratio to PyTorch's best."""
    speeds = {row: rates(results, *row) for row in ROWS}
    names = [name for name in results['contenders']
             if any(name in found for found in speeds.values())]
    lines = ['| | %s |' % ' | '.join(ROWS.values())]
    lines.append('|---|%s' % ('--:|' * len(ROWS)))
    for name in names:
        cells = [cell(found.get(name)) for found in speeds.values()]
        lines.append('| %s | %s |' % (name, ' | '.join(cells)))
    return '\n'.join(lines) + '\n'


def rates(results, task, batch):
    """Name to images a second, per round."""
    found = {}
    for figure in results['figures']:
        if (figure['task'], figure['batch']) == (task, batch):
            for name, seconds in figure['seconds'].items():
                found[name] = figure['images'] / np.array(seconds)
    return found


def cell(rounds):
    """Median and range of images a second."""
    if rounds is None:
        return ''
    return '%s (%s–%s)' % tuple(format(value, ',.0f') for value in (
        np.median(rounds), rounds.min(), rounds.max()))


def ratios(results):
    """What the fastest of ours is to each other, median of the rounds."""
    lines = []
    for row, ours, other, others in COMPARED:
        mine, found = rates(results, *row), rates(results, *other)
        if ours not in mine:
            continue
        rivals = {name: float(np.median(mine[ours] / rounds))
                  for name, rounds in found.items() if others(name)}
        for name in ([min(rivals, key=rivals.get)] if rivals else []):
            lines.append('- %s: %s do %.2f × as many as %s%s' % (
                ROWS[row], ours, rivals[name], name,
                '' if row == other else ' by whole images'))
    return '\n'.join(lines) + '\n'


def draw(results, path):
    """Bars of the table; lines of how speed grows with the batch."""
    import matplotlib
    matplotlib.use('Agg')
    from matplotlib import pyplot

    from atomic import atomic_file
    figure, axes = pyplot.subplots(2, 2, figsize=(11, 8))
    for ax, (task, batch) in zip(axes[0], (('train', 128),
                                           ('forward', 1024))):
        bars(ax, rates(results, task, batch))
        ax.set_title(ROWS[task, batch])
    for ax, task in zip(axes[1], ('train', 'forward')):
        growth(ax, results, task)
    figure.tight_layout()
    with atomic_file(path) as stream:
        figure.savefig(stream, format='png', dpi=100)
    pyplot.close(figure)


def bars(ax, found):
    """Medians as bars, the rounds' range as whiskers."""
    middle = np.array([np.median(rounds) for rounds in found.values()])
    low = np.array([rounds.min() for rounds in found.values()])
    high = np.array([rounds.max() for rounds in found.values()])
    ax.barh(range(len(found)), middle, xerr=[middle - low, high - middle],
            color=['tab:gray' if 'PyTorch' in name else 'tab:blue'
                   for name in found])
    ax.set_yticks(range(len(found)))
    ax.set_yticklabels(found)
    ax.invert_yaxis()
    ax.set_xlabel('images/s')


def growth(ax, results, task):
    """Images a second against the batch."""
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
