"""What attack.json calls the attacks, and what the command line does.

Reading one takes no Theano.
"""

FORMAT = 'smooth-attack/1'
#: Runs that are attacked where none is named.
USUAL = ('runs/smooth-cifar10-Vanilla', 'runs/smooth-cifar10-Adv')

TRUE, PREDICTED = 'FGSM true', 'FGSM predicted'
LEAST_LIKELY, LOG_ODDS = 'FGSM least likely', 'FGSM log-odds'
RANDOM_FIRST, TRANSFER, RANDOM = 'R+FGSM', 'transfer', 'random signs'
#: Steps of PGD, by its name.
PGD = {'PGD-10': 10, 'PGD-40': 40}
#: By what the command line takes, in the order of tables.
ATTACKS = {'fgsm': TRUE, 'fgsm-predicted': PREDICTED,
           'fgsm-least-likely': LEAST_LIKELY, 'fgsm-log-odds': LOG_ODDS,
           'r-fgsm': RANDOM_FIRST, 'pgd-10': 'PGD-10', 'pgd-40': 'PGD-40',
           'transfer': TRANSFER, 'random': RANDOM}
#: In float64, which costs more: what tells arithmetic from all else.
IN_FLOAT64 = ('fgsm', 'fgsm-log-odds')

#: Signal-to-noise ratios in dB, weak to strong; the report's; those between
#: which accuracy rises in one of its rows.
RATIOS = (60., 55., 50., 47.5, 45., 42.5, 40., 37.5, 35., 33., 30., 27.5, 25.)
REPORTED = (50., 45., 40., 33.)
WEAK, STRONG = 50., 33.
#: What ratios are of: images less their mean, over the deviation, as the
#: author's scripts take them, or pixels from 0 to 1.
NORMS = ('normalised', 'pixels')
