"""What attack_bang.py's workers compute: attacks, scores, what is drawn."""

import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import get_output

from attacking.campaign import Samples, Work
from attacks.batches import Classifier, in_batches, predictions
from attacks.directions import RULES, fast_gradient_sign, hot_cold
from attacks.seeds import log_odds
from metrics.distances import l_infinity
from metrics.pass_score import Passes, pass_scores
from network.functions import logits_function
from papers.bang.attack_names import ATTACKS, HC1
from papers.bang.networks import load_network
from papers.bang.run_format import BANG

#: What is recorded of each attack, with what stands for 'not attacked'.
COLUMNS = {'blank': False, 'success': False, 'step': 0, 'prediction': -1,
           'l_infinity': 0, 'pass': np.nan, 'aligned': False}


def classifier(model, channels='own'):
    """Compile the functions of a model that an attack may call.

    A Classifier on images (n, c, h, w) in grey levels, of Theano's floatX;
    dropout is off. By channels 'reversed' gradients have red and blue
    exchanged, as those behind the paper's table 2 had (docs/bang.md).
    """
    network = load_network(model)
    pull_back = own = pull_back_function(network)
    if channels == 'reversed':
        def pull_back(x, seed):
            return np.ascontiguousarray(own(x, seed)[:, ::-1])
    return Classifier(logits_function(network), pull_back,
                      np.dtype(theano.config.floatX))


def pull_back_function(network):
    """Compile pixels (b, c, h, w), seed (b, 10) -> sum_j seed_j dz_j / dx."""
    seed = T.matrix('seed')                                  # (b, 10)
    z = get_output(network.logits, deterministic=True)       # (b, 10)
    return theano.function([network.pixels, seed], theano.grad(
        None, network.pixels, known_grads={z: seed}))


def attack_block(functions, samples, way, plan):
    """Attack a block by every attack, and score what succeeds.

    Parameters
    ----------
    functions : attacks.batches.Classifier
    samples : attacking.campaign.Samples
    way : ()
    plan : dict
        last (of HC1's search), pass_moves, batch, threads.

    Returns
    -------
    dict of str to (n,) array
        index, label, clean_prediction, log_odds and, by attack and a slash,
        COLUMNS.
    """
    images, labels, index = samples
    x = images.astype(functions.dtype)
    z = in_batches(functions.logits, plan['batch'], x)      # (n, classes)
    clean = predictions(z)
    rows = np.flatnonzero(clean == labels)
    arrays = {'index': index, 'label': labels, 'clean_prediction': clean,
              'log_odds': log_odds(z, labels)}
    columns = scored(craft(functions, x[rows], labels[rows], plan),
                     images[rows], plan) if len(rows) else {}
    for name in ATTACKS:
        for column, missing in COLUMNS.items():
            values = arrays['%s/%s' % (name, column)] = np.full(
                len(x), missing)
            if columns:
                values[rows] = columns[name][column]
    return arrays


def illustrate(functions, samples, records, way, plan):
    """The first correctly classified samples, with adversarial images.

    Returns
    -------
    dict of str to array
        index and label (n,), original (n, c, h, w) uint8 and, by attack and
        a slash, adversarial and COLUMNS.
    """
    rows = np.flatnonzero(records['clean_prediction'] == records['label'])[
        :plan['pictures']]
    images, labels, index = Samples(*(array[rows] for array in samples))
    arrays = {'index': index, 'label': labels, 'original': images}
    if len(rows):
        outcomes = craft(functions, images.astype(functions.dtype), labels,
                         plan)
        columns = scored(outcomes, images, plan)
        for attack, outcome in outcomes.items():
            arrays[attack + '/adversarial'] = outcome.adversarial
            for column, values in columns[attack].items():
                arrays['%s/%s' % (attack, column)] = values
    return arrays


def craft(functions, x, y, plan):
    """All attacks on correctly classified images: Perturbed by ATTACKS."""
    by_rule = fast_gradient_sign(functions, x, y, plan['batch'])
    outcomes = {'FGS %s' % rule: by_rule[rule] for rule in RULES}
    outcomes[HC1] = hot_cold(functions, x, y, plan['last'], plan['batch'])
    return outcomes


def scored(outcomes, original, plan):
    """What COLUMNS says of each attack, as dicts of (n,) arrays."""
    columns = {}
    for name, outcome in outcomes.items():
        passes = score(outcome, original, plan, outcomes, columns)
        columns[name] = {
            'blank': outcome.blank, 'success': outcome.success,
            'step': outcome.step, 'prediction': outcome.prediction,
            'l_infinity': l_infinity(outcome.adversarial, original),
            'pass': passes.score, 'aligned': passes.aligned}
    return columns


def score(outcome, original, plan, others, columns):
    """PASS of the successes, NaN elsewhere.

    Where another attack made the same image, its score is taken: FGS by two
    rules differs in what is blank alone.
    """
    score = np.full(len(original), np.nan)
    aligned = np.zeros(len(original), bool)
    wanted = outcome.success.copy()
    for name, known in columns.items():
        same = wanted & others[name].success & np.all(
            others[name].adversarial == outcome.adversarial, axis=(1, 2, 3))
        score[same] = known['pass'][same]
        aligned[same] = known['aligned'][same]
        wanted &= ~same
    score[wanted], aligned[wanted] = pass_scores(
        outcome.adversarial[wanted], original[wanted], plan['threads'],
        plan['pass_moves'])
    return Passes(score, aligned)


WORK = Work(BANG, lambda model, plan: classifier(model, plan['channels']),
            attack_block, lambda plan: 100, illustrate)
