"""Tables 1 and 2 of BANG: what the paper prints, by network and model."""

from typing import NamedTuple, Tuple


class Printed(NamedTuple):
    """One attack: rate in per cent, PASS and L-infinity as (mean, std)."""

    rate: float
    passed: Tuple[float, float]
    l_infinity: Tuple[float, float]


class Row(NamedTuple):
    """A model's row: accuracy in per cent, and the two attacks."""

    accuracy: float
    fgs: Printed
    hc1: Printed


def row(accuracy, *numbers):
    """A `Row` of the accuracy and ten numbers, in the order of the tables."""
    attacks = [Printed(some[0], tuple(some[1:3]), tuple(some[3:]))
               for some in (numbers[:5], numbers[5:])]
    return Row(accuracy, *attacks)


TABLES = {
    'lenet': {
        'R0': row(99.16, 90.33, .4072, .1081, 40.51, 15.72,
                  99.53, .7535, .1143, 122.60, 49.46),
        'R1': row(99.15, 91.41, .4072, .1065, 40.70, 15.88,
                  99.77, .7517, .1160, 122.16, 49.07),
        'B0': row(99.16, 3.51, .6806, .1457, 8.34, 4.32,
                  95.13, .5359, .2023, 187.86, 63.66),
        'B1': row(99.22, 1.68, .7638, .1367, 5.52, 2.86,
                  94.19, .4880, .2110, 201.84, 62.51),
        'B2': row(99.31, 2.13, .7579, .1452, 5.57, 3.05,
                  94.56, .5129, .2015, 186.10, 63.77),
        'B3': row(99.25, 3.86, .6763, .1471, 8.28, 4.26,
                  94.73, .5709, .2127, 178.11, 65.76),
        'B4': row(99.11, 1.52, .8220, .1310, 4.19, 3.01,
                  97.68, .4669, .1881, 203.50, 58.97),
        'B5': row(99.32, 4.45, .6771, .1487, 8.20, 4.40,
                  98.95, .6376, .1829, 146.96, 61.97),
    },
    'cifar-quick': {
        'R0': row(79.59, 96.52, .9553, .0969, 4.08, 6.40,
                  98.97, .9669, .1005, 18.15, 29.80),
        'R1': row(79.55, 96.71, .9513, .1057, 4.43, 7.05,
                  98.91, .9557, .1332, 22.16, 39.77),
        'B0': row(79.26, 34.27, .9511, .1302, 4.11, 10.31,
                  95.94, .8712, .1649, 55.52, 49.98),
        'B1': row(80.43, 45.94, .9818, .0548, 2.04, 2.49,
                  96.20, .7966, .2438, 77.34, 71.20),
        'B2': row(79.74, 41.71, .9828, .0586, 1.94, 3.03,
                  98.34, .8362, .2195, 64.26, 63.57),
        'B3': row(79.41, 35.00, .9526, .1266, 3.94, 8.71,
                  96.54, .8603, .1981, 59.83, 58.28),
        'B4': row(79.30, 34.88, .9575, .1236, 3.61, 9.60,
                  96.87, .8994, .1487, 48.44, 47.35),
        'B5': row(79.22, 41.34, .9803, .0722, 2.03, 3.64,
                  98.17, .8586, .1948, 61.14, 61.23),
    },
}


def printed(net, model):
    """The `Row` of a network's model, None where the paper has none."""
    return TABLES.get(net, {}).get(model)
