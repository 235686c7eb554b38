"""docs/speed.md's tables and sentences of the benchmarks' JSON files."""

import numpy as np

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


def marked_lines(results, others):
    """All that stands in docs/speed.md between the marks.

    Parameters
    ----------
    results : dict
        What benchmarks/speed.py measured.
    others : dict
        By name: cold, training, one_thread (other runs of it), attacks and
        blocks (of the scripts of that name); None is not measured.
    """
    parts = [table(results), ratios(results),
             costs(results, others['cold'])]
    if others['training']:
        parts.append(alone(others['training']))
    if others['one_thread']:
        parts.append(threads(others['one_thread'], results))
    if others['blocks']:
        parts.append(blocks(others['blocks']['figures']))
    if others['attacks']:
        parts += [attacks(others['attacks']), growth(others['attacks'])]
    return '\n'.join(parts).rstrip('\n')


def markdown(corner, columns, rows):
    """A table of texts, with numbers to the right in all but the first."""
    columns = list(columns)
    lines = ['| %s |' % ' | '.join(row) for row in [columns, *rows]]
    lines[0] = '| %s%s' % (corner and corner + ' ', lines[0])
    lines.insert(1, '|---|' + '--:|' * len(columns))
    return '\n'.join(lines) + '\n'


def costs(results, cold):
    """Seconds to the end of the first training step, and peak memory."""
    return markdown('', (
        'first training step', 'with an empty compile directory',
        'peak memory'), [
        (name, first_step(results, name), first_step(cold, name),
         '%.0f MiB' % contender['peak_MiB'])
        for name, contender in results['contenders'].items()])


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
    speeds = [rates(results, *row) for row in ROWS]
    return markdown('', ROWS.values(), [
        [name] + [cell(found.get(name)) for found in speeds]
        for name in results['contenders']
        if any(name in found for found in speeds)])


def rates(results, task, batch):
    """Name to images a second, per round."""
    return {name: figure['images'] / np.array(seconds)
            for figure in results['figures']
            if (figure['task'], figure['batch']) == (task, batch)
            for name, seconds in figure['seconds'].items()}


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


def alone(results):
    """A run of few contenders and many rounds, in a paragraph."""
    found = results['figures'][0]['seconds']
    return ('Few contenders alone, a training step of batch 128, median of '
            '%d rounds: %s. %s' % (
                len(next(iter(found.values()))), ', '.join(
                    '%s %.1f ms' % (name, 1e3 * np.median(seconds))
                    for name, seconds in found.items()),
                ' '.join('%s.' % line[len('- training step, batch 128: '):]
                         for line in ratios(results).splitlines()
                         if 'step, batch 128' in line))) + '\n'


def threads(one, two):
    """How much faster everything is on more threads."""
    found = [(rates(one, *row), rates(two, *row)) for row in ROWS]
    rows = [[name] + ['%.2f ×' % (np.median(after[name])
                                  / np.median(before[name]))
                      if name in before and name in after else ''
                      for before, after in found]
            for name in two['contenders']]
    return markdown('%d threads against %d' % (
        two['threads'], one['threads']), ROWS.values(),
        [row for row in rows if any(row[1:])])


def blocks(figures):
    """Milliseconds of every block, and of the step that holds them."""
    names = [name[len('ours'):] for name in figures
             if name.startswith('ours conv')]
    both = [[figures[who + name] for name in names]
            for who in ('ours', 'PyTorch')]
    rows = [(name[1:], *('%.1f ms, %d GFLOP/s' % (one['ms'], one['gflops'])
                         for one in pair))
            for name, *pair in zip(names, *both)]
    rows.append(('all', *('%.1f ms' % sum(one['ms'] for one in found)
                          for found in both)))
    return markdown('', ('oneDNN ops', 'PyTorch, the convolution alone'),
                    rows) + (
        '| a training step | %.1f ms | |\n| a product of matrices | | %d '
        'GFLOP/s |\n' % (figures['training step']['ms'],
                         figures['sgemm']['gflops']))


def of_algorithms(results, key):
    """Number to figures, of results that are called by a key and a number."""
    return {name.split()[1]: figures for name, figures in results.items()
            if name.startswith(key + ' ')}


def attacks(results):
    """Samples a second of whole attacks, and ours beside the others."""
    found = of_algorithms(results, 'algorithm')
    names = list(next(iter(found.values())))
    return markdown('samples a second', map('Algorithm %s'.__mod__, found), [
        [name] + ['%.2f (%.2f–%.2f)' % (
            ways[name]['samples_per_second'], ways[name]['slowest'],
            ways[name]['fastest']) for ways in found.values()]
        for name in names] + [
        ['ours / ' + name] + ['%.1f ×' % np.median(np.divide(
            ways['ours']['rounds'], ways[name]['rounds']))
            for ways in found.values()] for name in names[1:]])


def growth(results):
    """Samples a second of ours by the number of samples."""
    found = of_algorithms(results, 'growth')
    columns = list(next(iter(found.values())))
    return markdown('ours, samples at once', columns, [
        ['Algorithm ' + number] + ['%.2f' % np.median(counts[column])
                                   for column in columns]
        for number, counts in found.items()])
