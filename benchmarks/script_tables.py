"""docs/speed.md's tables of benchmarks/blocks.py and benchmarks/attacks.py."""

import numpy as np


def blocks(figures):
    """Milliseconds of every block, and of the step that holds them."""
    lines = ['| | oneDNN ops | PyTorch, the convolution alone |',
             '|---|--:|--:|']
    for name in figures:
        if name.startswith('ours conv'):
            pair = [figures[who + name[len('ours'):]]
                    for who in ('ours', 'PyTorch')]
            lines.append('| %s | %s |' % (name[len('ours '):], ' | '.join(
                '%.1f ms, %d GFLOP/s' % (one['ms'], one['gflops'])
                for one in pair)))
    sums = [sum(one['ms'] for name, one in figures.items()
                if name.startswith(who + ' conv'))
            for who in ('ours', 'PyTorch')]
    lines.append('| all | %.1f ms | %.1f ms |' % tuple(sums))
    lines.append('| a training step | %.1f ms | |'
                 % figures['training step']['ms'])
    lines.append('| a product of matrices | | %d GFLOP/s |'
                 % figures['sgemm']['gflops'])
    return '\n'.join(lines) + '\n'


def attacks(results):
    """Samples a second of whole attacks, and ours beside the others."""
    found = {key.split()[1]: ways for key, ways in results.items()
             if key.startswith('algorithm ')}
    names = list(next(iter(found.values())))
    lines = ['| samples a second | %s |' % ' | '.join(
        'Algorithm %s' % number for number in found),
        '|---|%s' % ('--:|' * len(found))]
    for name in names:
        lines.append('| %s | %s |' % (name, ' | '.join(
            '%.2f (%.2f–%.2f)' % (
                ways[name]['samples_per_second'], ways[name]['slowest'],
                ways[name]['fastest']) for ways in found.values())))
    for name in names[1:]:
        lines.append('| ours / %s | %s |' % (name, ' | '.join(
            '%.1f ×' % np.median(np.divide(ways['ours']['rounds'],
                                           ways[name]['rounds']))
            for ways in found.values())))
    return '\n'.join(lines) + '\n'


def growth(results):
    """Samples a second of ours by the number of samples."""
    found = {key.split()[1]: counts for key, counts in results.items()
             if key.startswith('growth ')}
    columns = list(next(iter(found.values())))
    lines = ['| ours, samples at once | %s |' % ' | '.join(columns),
             '|---|%s' % ('--:|' * len(columns))]
    for number, counts in found.items():
        lines.append('| Algorithm %s | %s |' % (number, ' | '.join(
            '%.2f' % np.median(counts[column]) for column in columns)))
    return '\n'.join(lines) + '\n'
