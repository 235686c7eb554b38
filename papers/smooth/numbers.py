"""The 85 numbers that the report prints, and how closely we look.

Tables 1 and 2 of section 5, as fractions of 1. It gives one training a row.
"""

from papers.smooth.plan import GPU, RISING, folder, gpu_hours, group_of
from papers.smooth.printed import CLEAN, COLUMNS, TABLES
from papers.smooth.recipes import MODELS
from papers.smooth.settings import SVHN, TINY, WIDTH
from study.paper import Quote

#: Why a tolerance is what it is, by the name that the quotes give.
REASONS = {
    'accuracy': (
        'twice the standard error of a difference between two accuracies '
        'near 97.5 %, each of 26,032 images, is 0.27 points'),
    'weakest': (
        'twice the standard error of a difference between two accuracies '
        'near 95 %, theirs of 26,032 images and ours of 10,000, is 0.51 '
        'points; one training each'),
    'two sets': (
        'of one row, Smooth 0.01, 2, the author\'s own result files have '
        'another set than the report, 0.39, 0.80 and 2.69 points away at 45, '
        '40 and 33 dB: one more training may well lie twice as far off'),
    'Tiny ImageNet accuracy': (
        'twice the standard error of a difference between two accuracies '
        'near 50 %, each of 10,000 images, is 1.41 points'),
    'alike': (
        'rows of the report that differ by the regulariser alone, Adv + Psv '
        '+ da without and with it, lie up to 0.98 points apart; one training '
        'each, three times as far'),
    'few': (
        'few images are left and one training each: within a factor of 2')}
#: By table, of its columns: tolerance in points, and its reason.
_POINTS = {
    SVHN: dict(zip(COLUMNS, (
        (.0027, 'accuracy'), (.0051, 'weakest'), (.0078, 'two sets'),
        (.016, 'two sets'), (.0538, 'two sets')))),
    TINY: dict(zip(COLUMNS, [(.0141, 'Tiny ImageNet accuracy')]
                   + 4 * [(.0294, 'alike')]))}
FEW = .05   # below it, a factor judges
PLACES = {SVHN: ('Table 1', 'SVHN'), TINY: ('Table 2', 'Tiny ImageNet')}
#: What a clone does not have of the data.
_DATA = {SVHN: 'SVHN with its extra images', TINY: 'all of Tiny ImageNet'}
TWICE = ('Smooth 0.001, 1', 'Adv + Smooth 0.001, 1')
#: What a reader has to know of a row of table 1.
NOTES = {
    TWICE[0]: 'The row is that of %s to the last digit, in all five columns: '
              'one of the two is not what its name says.' % TWICE[1],
    TWICE[1]: 'The row is that of %s to the last digit, in all five columns: '
              'one of the two is not what its name says.' % TWICE[0],
    RISING: 'The row rises with the attack\'s strength, which the report '
            'finds strange, too; of this row there is no result file of the '
            'author\'s. The chapter asks what explains it.',
    'Smooth 0.01, 2': 'The author\'s own result files have 92.95, 89.57, '
                      '83.53 and 72.06 % at 50, 45, 40 and 33 dB.',
    **dict.fromkeys(('Vanilla', 'Adv', 'Adv + Psv'), 'The author\'s own '
                    'result files agree with the row.')}


def needs(part, row, column):
    """What a machine needs to measure a number, and the command."""
    steps = ('models/seed*/' + folder(row) if column == CLEAN
             else 'attacks/seed*/' + group_of(row))
    return (
        '%s, width %d, and a GPU: an estimated %.0f hours a training at '
        '%s images a second%s; python reproduce.py smooth --parts '
        'cifar10 %s --only \'%s/%s\' --device cuda0' % (
            _DATA[part], WIDTH, gpu_hours(part, row), '{:,}'.format(GPU),
            '' if column == CLEAN else
            ', of each row that is attacked with it',
            part, part, steps))


def _quote(part, row, column, text):
    place, name = PLACES[part]
    value = round(float(text) / 100, 6)
    judged = ('points', *_POINTS[part][column])
    if value < FEW:
        judged = ('factor', 2, 'few')
    quantity = '%s: accuracy %s of %s' % (
        name, 'on clean images' if column == CLEAN
        else 'under FGSM at %d dB' % column, row)
    measure = (('accuracy', part, row) if column == CLEAN
               else ('attacked', part, row, column))
    return Quote(
        '%s-%s-%s' % (part, folder(row), column), quantity, place,
        text + ' %', value, 'percent', *judged, measure,
        needs=needs(part, row, column),
        note=NOTES.get(row, '') if part == SVHN else '')


QUOTES = tuple(
    _quote(part, row, column, text)
    for part, rows in TABLES.items() for row in MODELS if row in rows
    for column, text in zip(COLUMNS, rows[row]))
