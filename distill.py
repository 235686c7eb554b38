#!/usr/bin/env python
"""Distil a teacher into a student: M_distill of Song 2017.

    python mnist_cnn.py --temperature 20      the teacher, runs/std-T20
    python distill.py                         its student, runs/distill
    python distill.py --labels paper --teacher runs/std
    python distill.py --resume runs/distill   continue after any interruption

--labels soft    the teacher, trained at T, speaks through softmax(z / T),
                 dropout off (Papernot et al. 2016; the default)
--labels paper   M_std speaks through softmax(z), as the paper's text says
--labels script  as soft, with the teacher's dropout left on, as the
                 published script does
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError
from mnist_cnn import add_training_options
from papers.song.system import SYSTEM, USUAL
from training import script


def parser():
    """The options of distill.py."""
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('distillation')
    group.add_argument('--teacher', metavar='RUN', help='the teacher\'s run '
                       '(default: runs/std-T20, for --labels paper runs/std)')
    group.add_argument('--labels', choices=('soft', 'paper', 'script'),
                       default='soft', help='what the teacher says')
    add_training_options(options, *USUAL['distill'])
    return options


def main(args, given):
    """Distil, or resume."""
    return script.run(SYSTEM._replace(settle=settle, beside=make_labels),
                      args, given)


def settle(args):
    """The settings of a distilled model, which its labels name."""
    return dict(vars(args), model='distill' if args.labels == 'soft'
                else 'distill-' + args.labels)


def default_teacher(settings, dataset):
    """The run that mnist_cnn.py writes by default for these settings."""
    temperature, rate = USUAL['std']
    if settings['labels'] != 'paper':
        temperature = settings['temperature']
    folder = SYSTEM.folder(dict(settings, model='std', learning_rate=rate,
                                temperature=temperature), dataset)
    if not os.path.exists(os.path.join(folder, 'run.json')):
        raise UserError('expected a teacher in %s, found none: train it '
                        'with mnist_cnn.py and the same options, or name one '
                        'with --teacher' % folder)
    return folder


def make_labels(settings, dataset):
    """Where the teacher's distilled labels come from, and what writes them."""
    from papers.song.run_format import SONG
    from papers.song.training import distil, write_labels
    from storage.model_file import load_model
    folder = settings['teacher'] or default_teacher(settings, dataset.name)
    teacher = load_model(folder, SONG)
    trained_on = teacher.description['data']
    if trained_on['checksum'] != dataset.checksum:
        raise UserError('--teacher: expected one trained on this %s, %s was '
                        'trained on other data (%s)' % (
                            dataset.name, folder, trained_on['name']))
    labels = distil(teacher, dataset.train.images, settings['labels'],
                    settings['temperature'], settings['seed'])
    about = {'recipe': settings['labels'], 'teacher': folder,
             'teacher_arguments': teacher.description['arguments'],
             'teacher_sha256': teacher.description['weights_sha256']}
    return {'distillation': about}, lambda run: write_labels(run, labels)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
