"""Success against the pixel budget: what makes a curve believable.

After Carlini et al. (2019), "On evaluating adversarial robustness": success
grows with the budget and is all but certain without one.
"""

import numpy as np


def curve_warnings(curve, attacked, pixels):
    """What is wrong with successes against budget, in words.

    Parameters
    ----------
    curve : (limit,) int
        Successes within 1..limit pixels.
    attacked : int
        Samples attacked, the curve's denominator.
    pixels : int
        Of an image: with limit = pixels there is no budget, and an attack
        that works fools (nearly) every sample.

    Returns
    -------
    list of str
        Empty where all is as it should be.
    """
    curve = np.asarray(curve)
    warnings = []
    falls = np.flatnonzero(np.diff(curve) < 0)
    if len(falls):
        k = falls[0]
        warnings.append(
            'success falls from %d to %d of %d between budgets of %d and %d '
            'pixels, which no attack can do: the data are damaged'
            % (curve[k], curve[k + 1], attacked, k + 1, k + 2))
    if len(curve) == pixels and attacked and curve[-1] < 0.99 * attacked:
        warnings.append(
            'without a budget only %d of %d samples (%.2f %%) are fooled, '
            'under 99 %%: suspect the attack, not the model\'s robustness'
            % (curve[-1], attacked, 100 * curve[-1] / attacked))
    return warnings
