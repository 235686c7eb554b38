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

import command_line
import mnist_cnn
from errors import UserError


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
    args.teacher = args.teacher or default_teacher(args)
    name = 'distill' if args.labels == 'soft' else 'distill-' + args.labels
    return mnist_cnn.train_new(args, name, make_labels)


def default_teacher(args):
    """The run that mnist_cnn.py writes by default for these settings."""
    temperature = '' if args.labels == 'paper' else '-T%g' % args.temperature
    names = ['std' + temperature, 'digits-std' + temperature]
    if args.dataset == 'digits':
        names.reverse()
    for name in names:
        folder = os.path.join('runs', name)
        if os.path.exists(os.path.join(folder, 'run.json')):
            return folder
    raise UserError(
        'expected a teacher in %s, found none: train it with python '
        'mnist_cnn.py%s, or name one with --teacher' % (
            os.path.join('runs', names[0]), '' if args.labels == 'paper'
            else ' --temperature %g' % args.temperature))


def make_labels(args, dataset):
    """The teacher's distilled labels, and where they come from."""
    from network.model_file import load_model
    from training.labels import distil
    teacher = load_model(args.teacher)
    trained_on = teacher.description['data']
    if trained_on['checksum'] != dataset.checksum:
        raise UserError('--teacher: expected one trained on this %s, %s was '
                        'trained on other data (%s)' % (
                            dataset.name, args.teacher, trained_on['name']))
    labels = distil(teacher, dataset.train.images, args.labels,
                    args.temperature, args.seed)
    return labels, {'recipe': args.labels, 'teacher': args.teacher,
                    'teacher_sha256': teacher.description['weights_sha256']}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
