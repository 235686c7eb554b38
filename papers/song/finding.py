"""The claim and what the study found, in sentences that data choose.

No sentence about our results is fixed: each is one of several, and which one
follows from the ledger. 'Only', 'lower' mean Wilson 95 % intervals apart.
"""

from papers.song.rates import (
    ARITHMETICS,
    DISTILL,
    HOT_MODEL,
    STD,
    cell,
    lower,
    model_name,
)
from papers.song.settings import HOT
from reporting.tables import percent, rate

ARTEFACT, REAL, NONE, UNKNOWN = 'artefact', 'real', 'none', 'unknown'
#: The algorithm whose rates the finding rests on: the paper's own, else the
#: next that is measured.
PREFERRED = (2, 3, 1)
UNMEASURED_SENTENCE = 'Not measured yet: no finished attack.'


def headline(ledger):
    """The algorithm that the finding rests on, or None, and its rates.

    These are rows, None where not measured, by (model, arithmetic).
    """
    for algorithm in PREFERRED:
        rates = {(model, arithmetic): cell(ledger, model, algorithm,
                                           arithmetic)
                 for model in (STD, HOT_MODEL, DISTILL)
                 for arithmetic in ARITHMETICS}
        if all(rates[model, arithmetic] for model in (STD, HOT_MODEL)
               for arithmetic in ('float32', 'logodds')):
            return algorithm, rates
    return None, {}


def finding_kind(rates):
    """ARTEFACT, REAL, NONE or UNKNOWN, of `headline`'s rates."""
    if not rates:
        return UNKNOWN
    published, exact = (lower(rates[HOT_MODEL, name], rates[STD, name])
                        for name in ('float32', 'logodds'))
    return REAL if published and exact else ARTEFACT if published else NONE


def finding(ledger, short=False):
    """The finding, a list of sentences; in short without float64's."""
    algorithm, rates = headline(ledger)
    kind = finding_kind(rates)
    if kind == UNKNOWN:
        return [UNMEASURED_SENTENCE]
    return ([published_sentence(algorithm, rates, kind),
             exact_sentence(rates, kind)]
            + ([] if short else double_sentence(rates))
            + [zero_sentence(rates)])


def published_sentence(algorithm, rates, kind):
    """What float32 shows."""
    seems, only = (('is no defence here', '') if kind == NONE
                   else ('looks like a defence', 'only '))
    return ('In float32, as published, T = %d %s: Algorithm %d fools %s in '
            '%s%s of the samples, %s in %s.' % (
                HOT, seems, algorithm, model_name(HOT_MODEL), only,
                rate(rates[HOT_MODEL, 'float32']), model_name(STD),
                rate(rates[STD, 'float32'])))


def exact_sentence(rates, kind):
    """What is left of it where arithmetic hides nothing."""
    return (
        'In log-odds, where nothing underflows or cancels, the same attack '
        'on the same weights fools it in %s, %s in %s: ' % (
            rate(rates[HOT_MODEL, 'logodds']), model_name(STD),
            rate(rates[STD, 'logodds']))) + {
        ARTEFACT: 'the robustness was floating-point arithmetic, not the '
        'network.',
        REAL: 'a part of the robustness remains when arithmetic hides '
        'nothing.',
        NONE: 'there is no robustness that arithmetic could explain.'}[kind]


def double_sentence(rates):
    """float64, where it is measured: a list of no or one sentence."""
    row = rates[HOT_MODEL, 'float64']
    if not row:
        return []
    if not lower(row, rates[HOT_MODEL, 'logodds']):
        text = 'float64 alone shows it, too'
    elif lower(rates[HOT_MODEL, 'float32'], row):
        text = 'float64 alone shows a part of it'
    else:
        text = 'float64 alone shows as little as float32'
    return ['%s: %s.' % (text, rate(row))]


def zero_sentence(rates):
    """How many maps said nothing in float32."""
    row = rates[HOT_MODEL, 'float32']
    return ('In float32 the saliency map was all zero for %s of these '
            'samples, so the attack had %s.' % (
                '%s (%d of %d)' % (percent(row['all_zero'], row['total']),
                                   row['all_zero'], row['total']),
                'no pixel to prefer there' if row['all_zero']
                else 'something to go by everywhere'))


def claim(ledger):
    """The paper's claim, with its own numbers as the ledger quotes them."""
    quoted = {row['id']: row['quoted'] for row in ledger['rows']}
    text = ('A convolutional network that is trained at a high temperature '
            'T of its softmax, and read at T = 1, is robust against '
            'adversarial pixels; distillation adds nothing.')
    wanted = ('alg2-std-37', 'alg2-std-T', 'alg2-distill')
    if all(name in quoted for name in wanted):
        text += (' Algorithm 2 is said to fool the plain network in %s of '
                 'the samples, the one trained at T = %d in %s, the '
                 'distilled one in %s.' % (
                     (quoted[wanted[0]], HOT) + tuple(
                         quoted[name] for name in wanted[1:])))
    return text


def thesis(ledger):
    """Temperature or distillation: the paper's thesis, as published."""
    line = next((line for line in ledger['checklist']
                 if line['id'] == 'temperature_not_distillation'), None)
    if line is None or line['answer'] not in ('yes', 'no'):
        return ('Whether temperature alone does what distillation does is '
                'not measured yet.')
    rows = [(model, cell(ledger, model, 2, 'float32'))
            for model in (HOT_MODEL, DISTILL)]
    evidence = 'Algorithm 2 fools ' + ', '.join(
        '%s in %s' % (model_name(model), rate(row)) for model, row in rows
        ) if all(row for _, row in rows) else line['evidence']
    return ('In float32, as published, temperature alone protects %s '
            'distillation does: %s.' % (
                'as much as' if line['answer'] == 'yes' else 'less than',
                evidence))


def literature(ledger):
    """Ours beside Carlini and Wagner's."""
    return {
        ARTEFACT: 'This study finds the same of temperature without '
        'distillation: what looks like robustness is the failure of the '
        'attack\'s arithmetic.',
        REAL: 'This study does not find the same of temperature alone: some '
        'robustness is left when the arithmetic is mended.',
        NONE: 'This study finds no robustness in the first place.',
        UNKNOWN: 'Whether this study finds the same is not measured yet.',
    }[finding_kind(headline(ledger)[1])]
