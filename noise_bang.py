#!/usr/bin/env python
"""How random noise changes the class over a training: BANG's figures 3, 5.

    python bang.py --snapshots && python bang.py --bang --snapshots
    python noise_bang.py
    python noise_bang.py runs/A runs/B --repeats 100 --out runs/noise-100

The first run is the regular one. Of each class, the first test images that
both classify correctly at every stage are distorted, each so many times, by
Gaussian noise of every standard deviation; the same noise for all. Results
go to noise.json and noise.png; the same command continues a stopped one.
"""

import json
import os
import re
import sys

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from environment import bits
from errors import UserError
from papers.bang.run_format import BANG
from storage.entries import check_machine
from storage.run_description import read_description
from storage.run_folder import check_foreign, locked

FORMAT = 'bang-noise/1'
WAYS = {'regular': 'regularly', 'bang': 'by BANG'}
SIGMAS = {'lenet': tuple(range(10, 101, 10)),
          'cifar-quick': tuple(range(5, 41, 5))}


def parser():
    """The options of noise_bang.py."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('regular', metavar='RUN', nargs='?',
                         default='runs/bang-R0-snapshots',
                         help='trained regularly')
    options.add_argument('bang', metavar='RUN', nargs='?',
                         default='runs/bang-B1-snapshots',
                         help='trained by BANG')
    options.add_argument('--sigmas', nargs='+', metavar='S',
                         type=command_line.number(0, inclusive=False),
                         help='standard deviations in grey levels (default: '
                         'LeNet 10, 20, ... 100, CIFAR-10 quick 5, ... 40)')
    options.add_argument('--images', type=whole(1), default=100, metavar='N',
                         help='test images of each class')
    options.add_argument('--repeats', type=whole(1), default=1000,
                         metavar='N', help='distortions of each image')
    options.add_argument('--last', action='store_true',
                         help='the last iterates only')
    options.add_argument('--unbounded', action='store_true',
                         help='leave distorted pixels as they are, instead '
                         'of rounding and keeping them from 0 to 255')
    options.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                         metavar='N', help='of the noise')
    options.add_argument('--out', metavar='DIR', help='folder of the results '
                         '(default: runs/noise- and the runs\' names)')
    options.add_argument('--data-dir', metavar='DIR', help='as bang.py\'s')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Measure, or continue."""
    runs = {'regular': args.regular, 'bang': args.bang}
    described = {name: read_description(run, BANG)
                 for name, run in runs.items()}
    check_alike(runs, described)
    folder = args.out or folder_name(runs.values())
    path = os.path.join(folder, 'noise.json')
    former = read_record(path) if os.path.exists(path) else {}
    import environment
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops, former.get('machine'))
    import data
    from environment.provenance import provenance, typed_command
    about = described['regular']
    dataset = data.load(about['data']['name'], args.data_dir)
    data.announce(chosen, dataset)
    if dataset.checksum != about['data']['checksum']:
        raise UserError('%s was trained on other data: name them with '
                        '--data-dir' % args.regular)
    settings = make_settings(args, runs, described)
    with locked(folder):
        record = begin(path, settings, {
            'title': 'Random noise on %s' % data.LABELS[dataset.name],
            'command': typed_command()}, provenance(chosen))
        run_all(record, path, runs, dataset.test)
        print('wrote %s' % folder)


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


def make_settings(args, runs, described):
    """What the results depend on, but for the images' places."""
    from papers.bang.snapshots import kept_iterations
    kept = [kept_iterations(run) for run in runs.values()]
    iterations = [number for number in kept[0] if number in kept[1]]
    if not iterations:
        raise UserError('expected runs with weights of the same iterations, '
                        'got %s and %s without' % tuple(runs.values()))
    architecture = described['regular']['architecture']
    return {'runs': {name: {'arguments': about['arguments'],
                            'weights_sha256': about['weights_sha256']}
                     for name, about in described.items()},
            'iterations': iterations[-1:] if args.last else iterations,
            'sigmas': args.sigmas or list(SIGMAS[architecture]),
            'images': args.images, 'repeats': args.repeats,
            'bounded': not args.unbounded, 'seed': args.seed,
            'float64': args.float64}


def folder_name(runs):
    """runs/noise-R0-B1 for runs/bang-R0-snapshots and the like of B1."""
    names = [os.path.basename(os.path.normpath(run)) for run in runs]
    return os.path.join('runs', 'noise-%s-%s' % tuple(
        re.sub('^bang-|-snapshots$', '', name) for name in names))


def read_record(path):
    """What noise.json holds so far, checked to be ours."""
    try:
        with open(path, encoding='utf-8') as stream:
            record = json.load(stream)
        record['changes'] = dict(record['changes'])
        if record['format'] == FORMAT and record['settings'].items():
            check_machine(record, path)
            return record
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise UserError('%s: expected results of noise_bang.py, got something '
                    'else: choose another --out' % path)


def begin(path, settings, about, here):
    """The record so far: from the file, or a new one."""
    if not os.path.exists(path):
        check_foreign(os.path.dirname(path), ' or results to continue')
        return dict(about, format=FORMAT, settings=settings, changes={},
                    **here)
    record = read_record(path)
    former = {name: value for name, value in record['settings'].items()
              if name != 'indices'}
    if former != json.loads(json.dumps(settings)):
        raise UserError('%s: holds results of other settings or models: '
                        'choose another --out' % path)
    if 'percent' not in record:            # which is made last
        here['changed'] = bits.warn(
            path, record, here,
            'from here on its results may not be those of an undisturbed run')
        record['resumed'] = list(record.get('resumed') or ()) + [here]
    return record


def run_all(record, path, runs, test):
    """Measure what is missing, then sum up, in numbers and as a picture."""
    from papers.bang.distortions import (
        Classifier,
        always_correct,
        measure,
        shares,
    )
    from papers.bang.noise_picture import surfaces
    from storage.atomic import write_json
    from training.pictures import save_figure
    settings = record['settings']
    classifier = Classifier(settings['runs']['regular']['arguments']['net'])
    if 'indices' not in settings:
        settings['indices'] = always_correct(
            classifier, runs.values(), settings['iterations'], test,
            settings['images']).tolist()
    measure(classifier, runs, settings, test, record['changes'],
            lambda: write_json(path, record))
    record['percent'] = shares(record['changes'], settings)
    write_json(path, record)
    save_figure(surfaces(record), os.path.join(
        os.path.dirname(path), 'noise.png'), record['title'])
    for name, rows in record['percent'].items():
        print('%s, iteration %d: %s' % (
            name, settings['iterations'][-1], ', '.join(
                '%.2f %% at sigma %g' % pair
                for pair in zip(rows[-1], settings['sigmas']))))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
