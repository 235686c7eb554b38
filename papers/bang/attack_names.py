"""What attack.json calls its attacks; reading one takes no Theano, OpenCV."""

from attacks.directions import RULES

FORMAT = 'bang-attack/1'
FGS = tuple('FGS %s' % rule for rule in RULES)
HC1 = 'HC1'
ATTACKS = FGS + (HC1,)
