"""noise_bang.py: random noise over two trainings (figures 3 and 5)."""

import os
import re
from functools import partial

import numpy as np

from attacking.campaign import Campaign, Conclusion
from errors import UserError
from papers.bang.recipes import SIGMAS
from papers.bang.records import NOISE, NOISE_FORMAT, read_noise
from papers.bang.run_format import BANG
from plotting import Figure, verbatim
from storage.atomic import write_json
from storage.attack_file import open_recording
from storage.model_file import load_model
from storage.run_description import read_description
from training.pictures import save_figure

WAYS = {'regular': 'regularly', 'bang': 'by BANG'}
PICTURE = 'noise.png'


def find(args):
    """Both runs, checked to be comparable and to have snapshots."""
    runs = {'regular': args.regular, 'bang': args.bang}
    check_alike(runs, {name: read_description(run, BANG)
                       for name, run in runs.items()})
    common_iterations(runs)
    return {name: load_model(run, BANG) for name, run in runs.items()}


def check_alike(runs, described):
    """Refuse two runs that cannot be compared."""
    for entry in ('architecture', 'data'):
        first, second = [about[entry] for about in described.values()]
        if first != second:
            raise UserError('%s: expected the same %s as of %s, got another'
                            % (runs['bang'], entry, runs['regular']))
    for name, about in described.items():
        if (name == 'bang') == (about['arguments']['beta'] is None):
            raise UserError(
                '%s: expected a run trained %s, got one trained otherwise: '
                'the regular run is named first, then BANG\'s' % (
                    runs[name], WAYS[name]))


def common_iterations(runs):
    """The iterations of which both runs have weights, in order."""
    first, second = map(kept_iterations, runs.values())
    iterations = [number for number in first if number in second]
    if not iterations:
        raise UserError('expected runs with weights of the same iterations, '
                        'got %s and %s without' % tuple(runs.values()))
    return iterations


def kept_iterations(folder):
    """The iterations of which a finished run has weights, in order."""
    description = read_description(folder, BANG)
    arguments = description['arguments']
    if not arguments['snapshots'] or description.get('status') != 'finished':
        raise UserError('%s: expected a finished training that kept its '
                        'weights, got another: train it with --snapshots'
                        % folder)
    every = arguments['test_every']
    return list(range(every, arguments['iterations'] + 1, every))


def arguments(args, models):
    """What results depend on."""
    iterations = common_iterations({name: model.folder for name, model
                                    in models.items()})
    net = models['regular'].description['arguments']['net']
    return {'runs': {name: {
                'arguments': model.description['arguments'],
                'weights_sha256': model.description['weights_sha256']}
                for name, model in models.items()},
            'iterations': iterations[-1:] if args.last else iterations,
            'sigmas': args.sigmas or list(SIGMAS[net]),
            'images': args.images, 'repeats': args.repeats,
            'bounded': not args.unbounded, 'seed': args.seed,
            'float64': args.float64}


def ways(arguments):
    """The iterations, in the float type asked for."""
    return {'float64' if arguments['float64'] else 'float32': [
        (str(iteration),) for iteration in arguments['iterations']]}


def folder_name(args, dataset=None):
    """runs/noise-R0-B1 for runs/bang-R0-snapshots and the like of B1."""
    names = [os.path.basename(os.path.normpath(run))
             for run in (args.regular, args.bang)]
    return os.path.join('runs', 'noise-%s-%s' % tuple(
        re.sub('^bang-|-snapshots$', '', name) for name in names))


def measured_settings(folder):
    """The settings of finished results, as of an identity; None without."""
    if not os.path.exists(os.path.join(folder, NOISE)):
        return None
    settings = read_noise(folder)['settings']
    return {'arguments': {name: settings[name] for name in settings
                          if name != 'indices'}}


def summarise(run):
    """Changes of every image, and their shares, (iterations, sigmas) a run."""
    settings = dict(run.arguments, indices=run.samples.index.tolist())
    total = settings['repeats'] * len(settings['indices'])
    changes, percent, lines = {}, {}, []
    for name in run.models:
        counts = [run.records[name, str(iteration)]['changes']
                  for iteration in settings['iterations']]    # (n, s) each
        changes[name] = {
            str(iteration): {'%g' % sigma: column.tolist() for sigma, column
                             in zip(settings['sigmas'], found.T)}
            for iteration, found in zip(settings['iterations'], counts)}
        percent[name] = [[100 * int(count) / total
                          for count in found.sum(axis=0)]
                         for found in counts]
        lines.append('%s, iteration %d: %s' % (
            name, settings['iterations'][-1], ', '.join(
                '%.2f %% at sigma %g' % pair for pair
                in zip(percent[name][-1], settings['sigmas']))))
    machine, = run.machines.values()
    return Conclusion(
        dict(machine, format=NOISE_FORMAT, settings=settings,
             changes=changes, percent=percent), '\n'.join(lines))


def draw(run, conclusion):
    """The surfaces of both runs."""
    save_figure(surfaces(dict(conclusion.entries, title=run.title)),
                os.path.join(run.folder, PICTURE), run.title)


def surfaces(record):
    """The Figure of noise.json: regular, BANG, the gain.

    Percentages against iteration and sigma.
    """
    settings = record['settings']
    regular, bang = (np.array(record['percent'][name])
                     for name in ('regular', 'bang'))   # (iterations, sigmas)
    figure = Figure(figsize=(10.5, 3.6), layout='constrained')
    figure.suptitle(verbatim(record['title']))
    highest = max(regular.max(), bang.max(), 1e-9)
    for axes, values, title, colours, low in zip(
            figure.subplots(1, 3), (regular, bang, regular - bang),
            ('regular', 'BANG', 'regular less BANG'),
            ('viridis', 'viridis', 'RdBu_r'), (0, 0, -highest)):
        mesh = axes.pcolormesh(
            edges(settings['iterations']), edges(settings['sigmas']),
            values.T, cmap=colours, vmin=low, vmax=highest)
        axes.set(title=title, xlabel='iteration',
                 ylabel='standard deviation (grey levels)')
        figure.colorbar(mesh, ax=axes, label='class changed (%)')
    return figure


def edges(centres):
    """Borders of cells around values, one more than there are."""
    centres = np.asarray(centres, float)
    if len(centres) == 1:
        return centres[0] * np.array([.5, 1.5])
    middles = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middles[0]], middles,
                           [2 * centres[-1] - middles[-1]]])


def write(folder, results, arrays):
    """noise.json, whose settings say all that an identity would."""
    write_json(os.path.join(folder, NOISE), {
        name: results[name] for name in results if name != 'identity'})


CAMPAIGN = Campaign(
    'noise_bang.py', 'Random noise on %s', 'papers.bang.distortions', find,
    lambda args, given, labels: (np.arange(len(labels)), {}), arguments, ways,
    partial(open_recording, read=measured_settings, written=PICTURE,
            or_what=' or results to continue'),
    summarise, draw, write, folder=folder_name)
