"""Rules and sentences: what the attacks say, and what only data may say."""

import copy

import pytest
import toy_smooth as toy
from test_smooth_study import make

from papers.smooth import evidence
from papers.smooth.attack_names import TRUE
from papers.smooth.explanations import (
    BENDING,
    BLOCKS,
    EXCLUDED,
    LEAKING,
    POSSIBLE,
    REVERSED,
    SHOWN,
    UNMEASURED,
    explain,
    needed,
)
from papers.smooth.finding import NOTHING, finding, listed, verdict_sentence
from papers.smooth.measures import FLOAT32, FLOAT64, LONG
from papers.smooth.paper import models_table
from papers.smooth.plan import CONTROL, RISING, VANILLA
from papers.smooth.settings import CIFAR, SVHN

#: As printed, times 1,000; the toy's strengths are 60, 50, 45, 40, 33, 25.
PRINTED = [944, 944, 956, 965, 965, 960]
BACKWARD = [965, 965, 965, 956, 944, 900]
FALLING = [900, 850, 780, 700, 500, 300]


def row(**changed):
    """A row of the ledger's models."""
    [found] = models_table(toy.records_of((), [toy.attack(
        toy.network(**changed))]))
    return found


def test_shares_are_of_all_attacked_images():
    found = row()
    assert evidence.under(found, TRUE, 33)['count'] == 500
    assert evidence.under(found, TRUE, 33)['total'] == 1000
    assert evidence.under(found, TRUE, 34) is None
    assert evidence.under(found, 'unknown', 33) is None
    assert evidence.surviving(found)['count'] == 450
    bare = dict(found, attacks={}, worst={})
    assert evidence.exact(bare, 33) is evidence.surviving(bare) is None
    assert evidence.parts(bare) is evidence.recovered(bare) is None


def test_the_parts_add_up_and_are_told_apart():
    plain = evidence.parts(row())
    assert sum(plain) == pytest.approx(.5)
    assert plain == pytest.approx((.45, .05, 0., 0.))
    rounded = evidence.parts(row(
        FGSM_true=[900, 890, 880, 870, 860, 860], exact=FALLING))
    assert rounded.arithmetic == pytest.approx(.36)
    assert sum(rounded) == pytest.approx(.86)
    finer = evidence.parts(row(exact=[900, 800, 700, 500, 300, 100]))
    assert finer == pytest.approx((.3, 0., 0., .2))   # below float32's worst
    leaked = evidence.parts(row(**toy.LEAK, exact=[900] * 6))
    assert leaked.leaking == pytest.approx(.9 - .51)
    assert leaked.arithmetic == pytest.approx(.08)
    bent = evidence.parts(row(PGD_40=[900, 800, 600, 300, 20, 0]))
    assert bent.network == pytest.approx(.02)
    assert bent.search == pytest.approx(.48)
    assert min(plain + rounded + leaked + bent) >= 0


def test_rounding_is_what_the_exact_gradient_finds():
    assert evidence.rounds_away(row()) == []
    hidden = row(exact=[900, 850, 780, 600, 300, 100])
    assert evidence.rounds_away(hidden) == [40, 33, 25]
    assert evidence.rounds_away(row(exact=[900, 850, 780, 690, 495, 290])
                                ) == []        # within chance
    single = copy.deepcopy(hidden)
    del single['attacks'][FLOAT64]
    assert evidence.rounds_away(single) == []  # float32's own log-odds


def test_leaks_want_more_than_without_an_attack_or_by_another_label():
    assert evidence.leaks(row()) == []
    assert evidence.leaks(row(**toy.LEAK)) == [50, 45, 40, 33, 25]
    assert evidence.leaks(row(FGSM_true=[900, 850, 780, 700, 600, 300])
                          ) == [33]      # below clean, above the predicted
    assert evidence.leaks(row(FGSM_true=[900, 855, 790, 710, 520, 320])
                          ) == []        # within chance


def test_masks_are_seen_by_blinder_attacks():
    assert evidence.masks(row()) == []
    for name in ('transfer', 'R+FGSM', 'random_signs'):
        low = [900, 850, 700, 500, 200, 50]
        assert evidence.masks(row(**{name: low})) == [45, 40, 33, 25]
    # Rounding alone is no mask: the exact gradient finds as much.
    assert evidence.masks(row(FGSM_true=[910] * 6, exact=FALLING)) == []


def test_accuracy_rises_only_beyond_chance():
    assert evidence.rises(row()) is None
    assert evidence.rises(row(FGSM_true=[900, 890, 895, 898, 900, 901])
                          ) is None
    assert evidence.rises(row(**toy.LEAK)) == (60, 33)
    # Intervals overlap; that 24 images are won and 3 lost does not happen.
    assert evidence.rises(row(FGSM_true=PRINTED)) == (50, 33)
    assert evidence.rises(row(FGSM_true=PRINTED, recovered=300)) is None
    bare = row(FGSM_true=PRINTED)
    bare['attacks'][FLOAT32][TRUE]['recovered'] = None
    assert evidence.rises(bare) is None
    assert evidence.recovered(row(recovered=21))['count'] == 21


def test_a_loss_that_bends_away_within_the_step():
    vanilla = row()
    bent = row(FGSM_true=[900, 890, 880, 870, 860, 860],
               PGD_40=[900, 800, 600, 300, 20, 0])
    assert evidence.bends(bent, vanilla) is True
    assert evidence.bends(vanilla, vanilla) is False
    assert evidence.bends(bent, None) is None
    low = row(PGD_40=[900, 800, 600, 300, 20, 0])
    assert evidence.bends(low, vanilla) is False     # FGSM shows nothing


def states(*networks, part=CIFAR, ten=None):
    """States and evidence by explanation, on a data set."""
    attacks = [toy.attack(*networks, part=part)]
    if ten:
        attacks.append(toy.attack(ten, part=part, blocks=10))
    found = explain(models_table(toy.records_of((), attacks)))
    return {one['id']: (one['state'], one['evidence'], one['measured_by'])
            for one in found if one['part'] == part}


def rising(**changed):
    return toy.network(RISING, **changed)


def test_without_data_nothing_is_judged():
    found = explain([])
    assert len(found) == 2 * 4
    assert {one['state'] for one in found} == {UNMEASURED}
    assert all(one['measured_by'].startswith('python reproduce.py smooth ')
               for one in found)
    assert {one['width'] for one in found} == {None}
    assert needed() == pytest.approx(.0202)


def test_leaking_is_excluded_only_by_a_control_that_is_caught():
    for control, state, words in (
            (toy.control(), EXCLUDED, 'is caught'),
            (toy.network(CONTROL), POSSIBLE, 'is not caught'),
            (None, POSSIBLE, 'is not measured')):
        found = states(rising(), *[control] * bool(control))
        assert found[LEAKING][0] == state and words in found[LEAKING][1]
    found = states(rising(**toy.LEAK))
    assert found[LEAKING][0] == SHOWN
    assert 'it leaks at 50, 45, 40, 33, 25 dB' in found[LEAKING][1]


def test_overfitting_to_a_step_is_told_by_iterations():
    plain = toy.network()
    flat = toy.robust(RISING)
    assert states(plain, flat)[BENDING][0] == EXCLUDED
    bent = toy.robust(RISING, PGD_40=[900, 700, 400, 200, 10, 0])
    assert states(plain, bent)[BENDING][0] == SHOWN
    assert states(bent)[BENDING][0] == UNMEASURED    # without Vanilla
    between = toy.robust(RISING, PGD_40=[900, 800, 700, 600, 400, 200])
    assert states(plain, between)[BENDING][0] == POSSIBLE


def test_ten_blocks_explain_what_eight_do_not_show():
    up = rising(FGSM_true=PRINTED)
    for eight, ten, state in ((rising(), up, SHOWN), (up, up, EXCLUDED),
                              (rising(), rising(), EXCLUDED),
                              (up, rising(), EXCLUDED)):
        assert states(eight, ten=ten)[BLOCKS][0] == state
    state, _, command = states(rising())[BLOCKS]
    assert state == UNMEASURED
    assert '--blocks 8 10' in command and '10-blocks/attacks' in command


def test_a_row_that_rises_is_not_printed_in_reverse():
    assert states(rising(FGSM_true=PRINTED))[REVERSED][0] == EXCLUDED
    state, text, _ = states(rising())[REVERSED]
    assert state == POSSIBLE and 'needs 2.02 %' in text
    assert 'agree' not in text                       # not the report's data
    wide = {'clean': 972, 'width': 64}
    state, text, _ = states(rising(FGSM_true=BACKWARD, **wide),
                            part=SVHN)[REVERSED]
    assert state == SHOWN and '4 in reverse' in text
    state, text, _ = states(rising(FGSM_true=FALLING, **wide),
                            part=SVHN)[REVERSED]
    assert state == POSSIBLE and '0 in reverse' in text
    small = states(rising(FGSM_true=BACKWARD, clean=972), part=SVHN)
    assert small[REVERSED][0] == POSSIBLE            # of width 16


def text_of(*attacks, short=False):
    return ' '.join(finding(make(toy.records_of((), attacks)), short))


def test_nothing_is_invented_without_data():
    ledger = make(toy.records_of())
    assert finding(ledger)[0] == finding(ledger, short=True)[0] == NOTHING
    text = ' '.join(finding(ledger))
    assert text.count('printed in reverse (possible, as not measured)') == 2
    assert 'shown' not in text and 'excluded' not in text
    assert 'none is measured yet' in verdict_sentence(ledger)


def test_the_sentences_follow_the_data():
    text = ' '.join(finding(make(toy.records())))
    assert text.startswith(
        'On CIFAR-10, by networks of width 16 (the report\'s: 64) and 8 '
        'blocks, right on 98.0 % of their training images, 1 to 2 seeds, '
        '1000 to 2000 images attacked:')
    for words in (
            'leaves 50.0 % of Vanilla\'s images and 80.0 % of the defences\'',
            'all attacks together leave 45.0 % and 78.0 %',
            'worth something beyond Vanilla: Adv; %s.' % RISING,
            'rounding holds 0.0 points, the choice of label 0.0',
            'find 2.0; 78.0 are the networks\'',
            'hides gradients of none; labels leak from none; the single step '
            'is masked on none',
            'On none of them does accuracy rise',
            'at most 0.30 % of the images',
            'the row that rises in the report needs 2.02 %',
            'control, trained to give labels away, is caught: at 33 dB FGSM '
            'with the true label leaves 98.0 %, with the predicted one '
            '51.0 %, no attack 91.5 %',
            'on CIFAR-10 at width 16: the row printed in reverse (possible); '
            'label leaking, overfitting to a single step (excluded); 10 '
            'blocks (possible, as not measured).',
            'on SVHN at width 64, as in the report: label leaking, '
            'overfitting'):
        assert words in text, words


def test_other_data_say_other_things():
    weak = toy.network('Adv', exact=[900, 850, 780, 500, 100, 10],
                       transfer=[900, 700, 400, 50, 5, 0])
    text = text_of(toy.attack(toy.network(), weak, rising(**toy.LEAK)))
    for words in (
            'Under all of them not told apart from Vanilla, or worse: Adv; '
            + RISING, 'hides gradients of Adv;',
            'labels leak from %s' % RISING,
            'is masked on Adv; %s.' % RISING,
            'rises with FGSM\'s strength on %s (from 60 to 33 dB)' % RISING,
            'at most 6.00 % of the images',
            'The positive control is not attacked, so that what is not '
            'found proves nothing.'):
        assert words in text, words
    missed = text_of(toy.attack(toy.network(), weak, toy.network(CONTROL)))
    assert 'is not caught: at 33 dB' in missed
    assert 'proves nothing' in missed


def test_in_short_the_reports_own_data_come_first():
    attacks = [toy.attack(toy.network(), toy.robust('Adv'), part=part)
               for part in (CIFAR, SVHN)]
    text = text_of(*attacks, short=True)
    assert text.startswith('On SVHN, by networks of width 16')
    assert 'On CIFAR-10, by' not in text
    assert 'On CIFAR-10, by' in text_of(*attacks)


def test_what_is_attacked_in_part_says_so():
    network = toy.robust('Adv')
    del network['arithmetics'][FLOAT32]['attacks'][TRUE]
    text = text_of(toy.attack(toy.network(), network))
    assert 'At 33 dB not all of them are attacked in every way.' in text
    network = toy.network(RISING)
    del network['arithmetics'][FLOAT32]['attacks'][LONG]
    assert states(toy.network(), network)[BENDING][0] == UNMEASURED
    assert text_of(toy.attack(toy.network()))        # no defence


def test_names_with_commas_are_parted_by_semicolons():
    assert listed(['Adv', 'Adv + Psv']) == 'Adv, Adv + Psv'
    assert listed(['Adv', RISING]) == 'Adv; ' + RISING
    assert listed([]) == 'none' and VANILLA
