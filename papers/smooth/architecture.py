"""The paper's networks by name, and the shapes of their arrays."""

import re
from collections.abc import Mapping
from typing import NamedTuple

#: Channels of the blocks, in widths; two more of ten blocks.
WIDTHS = (1, 1, 2, 2, 4, 4, 8, 8, 16, 16)
BLOCKS = (8, 10)
NAME = re.compile(r'preact-([1-9]\d{0,3})x(8|10)-([1-9]\d{0,3})-([1-9]\d{0,3})'
                  r'(-pool)?(-parseval)?')


class Architecture(NamedTuple):
    """What tells one network of the paper from another."""

    #: Channels of the first blocks: the report has 64.
    width: int = 64
    #: 8, or 10 as in the model file of the author's last commits.
    blocks: int = 8
    #: Of the images.
    channels: int = 3
    classes: int = 10
    #: Whether 2 x 2 max-pool follows the first convolution.
    pool: bool = False
    #: Whether it is a Parseval network: see `papers.smooth.networks`.
    parseval: bool = False

    @property
    def name(self):
        """'preact-64x8-3-10', with '-pool' and '-parseval'."""
        return 'preact-%dx%d-%d-%d' % self[:4] + (
            '-pool' * self.pool + '-parseval' * self.parseval)

    def channel_counts(self):
        """(channels in, channels out, stride) of every block."""
        before, found = self.width, []
        for factor in WIDTHS[:self.blocks]:
            after = factor * self.width
            found.append((before, after, 1 if after == before else 2))
            before = after
        return found


def parse(name):
    """The Architecture of a name; a ValueError without one."""
    match = NAME.fullmatch(name)
    if match is None:
        raise ValueError('expected a name such as %s, got %s'
                         % (Architecture().name, name))
    return Architecture(*map(int, match.groups()[:4]),
                        *map(bool, match.groups()[4:]))


def shapes(architecture):
    """Of an Architecture's arrays on disk, by name, in order.

    Filters are those of convolutions, not of correlations: PyTorch's turned
    by 180 degrees. Dense weights are (features, classes).
    """
    width, _, channels, classes = architecture[:4]
    found = {'normalise.mean': (channels,),
             'normalise.deviation': (channels,),
             'conv.W': (width, channels, 3, 3)}
    for number, (before, after, stride) in enumerate(
            architecture.channel_counts(), 1):
        for part, count in ((1, before), (2, after)):
            for name in ('scale', 'shift', 'mean', 'variance'):
                found['block%d.bn%d.%s' % (number, part, name)] = (count,)
            found['block%d.conv%d.W' % (number, part)] = (after, count, 3, 3)
        if stride == 2:
            found['block%d.shortcut.W' % number] = (after, before, 1, 1)
    return dict(found, **{'dense.W': (after, classes), 'dense.b': (classes,)})


class Shapes(Mapping):
    """The shapes of all architectures by name, made when asked for."""

    def __getitem__(self, name):
        try:
            return shapes(parse(name))
        except ValueError as error:
            raise KeyError(*error.args) from None

    def __iter__(self):
        """The report's own, by whose names errors say what is expected."""
        return iter(Architecture(parseval=parseval).name
                    for parseval in (False, True))

    def __len__(self):
        return len(list(iter(self)))
