"""What a newcomer should know in a minute, in sentences that data choose.

No sentence about our results is fixed: each is one of several, and which
one follows from the ledger; what the study found is in finding.py.
"""

from papers.song.finding import (
    ARTEFACT,
    NONE,
    REAL,
    UNKNOWN,
    finding_kind,
    headline,
)
from papers.song.rates import DISTILL, HOT_MODEL, cell, model_name
from papers.song.settings import HOT
from reporting.numbers import rate


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
