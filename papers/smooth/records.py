"""What attack_smooth.py left of a study, read and checked."""

import os
from functools import partial

from errors import UserError
from papers.smooth.attack_names import FORMAT
from papers.smooth.measures import FLOAT32
from papers.smooth.run_format import SMOOTH
from storage.attack_file import RESULTS, read_finished
from storage.run_description import DESCRIPTION, read_description
from study.step import read_products

#: What attack.json says of every network, of each arithmetic, and of each
#: attack in it.
NETWORK = ('row', 'seed', 'width', 'blocks', 'snr', 'arithmetics', 'worst',
           'saturated')
OF_ATTACK = ('accuracy', 'cumulative', 'recovered', 'blank')
SHARE = ('count', 'total')


def read_attack(path):
    """The networks of a finished attack.json, a list of dict.

    As it has them, with `clean`: what float32 classifies without an attack.

    Raises
    ------
    UserError
        If the file is none, or says less than the chapter needs.
    """
    try:
        networks = read_finished(path, FORMAT)['models']
        if type(networks) is not list:
            raise TypeError('no list of networks')
        networks = [dict(network, clean=network['arithmetics'][FLOAT32][
            'clean']) for network in networks]
        for network in networks:
            check(network)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UserError(
            '%s: expected all that attack_smooth.py says of a network, got '
            'something else (%s): restore the file, or run the attack again'
            % (os.path.join(path, RESULTS), str(error) or 'no such entry')
            ) from None
    return networks


def check(network):
    """A KeyError, TypeError or ValueError where a part is missing."""
    for name in NETWORK:
        network[name]
    strengths, total = len(network['snr']), network['clean']['total']
    shares = list(network['worst'].values())
    for arithmetic in network['arithmetics'].values():
        for attack in arithmetic['attacks'].values():
            for name in OF_ATTACK:
                attack[name]
            if attack['recovered'] is not None:
                check_shares([attack['recovered']], 1, total)
            shares += [attack['accuracy'], attack['cumulative']]
    check_shares([network['clean']], 1, total)
    for found in shares:
        check_shares(found, strengths, total)


def check_shares(shares, number, total):
    """Counts of one total, so many; None where an attack was not run."""
    if len(shares) != number:
        raise ValueError('%d shares of %d strengths' % (len(shares), number))
    for share in filter(None, shares):
        if not 0 <= share['count'] <= share['total'] == total:
            raise ValueError('%s of %s of %s images' % (
                share['count'], share['total'], total))


#: (study's folder, done steps) -> records: see `study.step.read_products`.
read_records = partial(read_products, {
    DESCRIPTION: partial(read_description, form=SMOOTH),
    RESULTS: read_attack})
