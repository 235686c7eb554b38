"""Tables 1 and 2 of the report (section 5): accuracies in per cent.

As printed, by part and row of `papers.smooth.recipes.MODELS`. The row
'Smooth 0.001, 1' is that of 'Adv + Smooth 0.001, 1' to the last digit, and
'Adv + Smooth 0.001, 2' rises with the attack's strength: both stand so there.
"""

from papers.smooth.settings import SVHN, TINY

#: Columns: clean test images, then FGSM at so many dB, weak to strong.
CLEAN = 'clean'
STRENGTHS = (50, 45, 40, 33)
COLUMNS = (CLEAN,) + STRENGTHS

TABLES = {
    SVHN: {
        'Vanilla': ('97.87', '95.57', '92.99', '88.15', '77.72'),
        'Adv': ('97.68', '95.25', '93.65', '91.33', '86.78'),
        'Smooth 0.01, 2': ('96.63', '92.80', '89.18', '82.73', '69.37'),
        'Smooth 0.003, 2': ('97.22', '94.26', '90.96', '84.40', '71.08'),
        'Smooth 0.001, 1': ('97.46', '96.82', '96.20', '94.66', '88.70'),
        'Adv + Psv': ('97.97', '97.43', '96.96', '95.79', '91.17'),
        'Adv + Smooth 0.001, 1': (
            '97.46', '96.82', '96.20', '94.66', '88.70'),
        'Adv + Smooth 0.01, 2': (
            '97.27', '96.43', '95.72', '94.15', '88.23'),
        'Adv + Smooth 0.001, 2': (
            '97.25', '94.43', '95.59', '96.49', '96.45'),
        'Adv + Psv + Smooth 0.001, 1': (
            '97.99', '97.47', '96.92', '95.74', '91.09')},
    TINY: {
        'Vanilla': ('49.11', '2.09', '0.5', '0.24', '0.16'),
        'da': ('62.44', '11.94', '4.53', '2.7', '1.91'),
        'Adv + da': ('61.00', '41.65', '29.81', '15.84', '3.08'),
        'Smooth + da 0.01, 2': ('63.81', '18.56', '7.38', '2.67', '1.44'),
        'Adv + Psv + da': ('56.85', '46.86', '39.47', '28.72', '12.36'),
        'Adv + Smooth + da 0.01, 2': (
            '61.32', '42.08', '29.86', '15.83', '3.17'),
        'Adv + Psv + Smooth + da 0.001, 1': (
            '57.16', '47.21', '39.92', '29.7', '13.23')}}


def printed(part, row):
    """{column: per cent} of a row, empty where the report has none."""
    return dict(zip(COLUMNS, map(float, TABLES.get(part, {}).get(row, ()))))
