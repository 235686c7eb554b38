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

import argparse
import os
import sys

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
import mnist_cnn
from errors import UserError

TEACHER_RATE = 0.1


def parser():
    """The options of distill.py."""
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('distillation')
    group.add_argument('--teacher', metavar='RUN', help='the teacher\'s run '
                       '(default: runs/std-T20, for --labels paper runs/std)')
    group.add_argument('--labels', choices=('soft', 'paper', 'script'),
                       default='soft', help='what the teacher says')
    mnist_cnn.add_training_options(options, temperature=20.,
                                   learning_rate=0.05)
    return options


def main(args, given):
    """Distil, or resume."""
    if args.resume:
        return mnist_cnn.resume(args, given)
    name = 'distill' if args.labels == 'soft' else 'distill-' + args.labels
    return mnist_cnn.train_new(args, name, make_labels)


def default_teacher(args, dataset):
    """The run that mnist_cnn.py writes by default for these settings."""
    settings = argparse.Namespace(**vars(args))
    settings.learning_rate = TEACHER_RATE
    folder = mnist_cnn.default_folder(
        settings, dataset, 'std',
        1. if args.labels == 'paper' else args.temperature)
    if not os.path.exists(os.path.join(folder, 'run.json')):
        raise UserError('expected a teacher in %s, found none: train it '
                        'with mnist_cnn.py and the same options, or name one '
                        'with --teacher' % folder)
    return folder


def make_labels(args, dataset):
    """The teacher's distilled labels, and where they come from."""
    from papers.song.labels import distil
    from storage.model_file import load_model
    folder = args.teacher or default_teacher(args, dataset.name)
    teacher = load_model(folder)
    trained_on = teacher.description['data']
    if trained_on['checksum'] != dataset.checksum:
        raise UserError('--teacher: expected one trained on this %s, %s was '
                        'trained on other data (%s)' % (
                            dataset.name, folder, trained_on['name']))
    labels = distil(teacher, dataset.train.images, args.labels,
                    args.temperature, args.seed)
    return labels, {'recipe': args.labels, 'teacher': folder,
                    'teacher_arguments': teacher.description['arguments'],
                    'teacher_sha256': teacher.description['weights_sha256']}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
