#!/usr/bin/env python
"""PASS of the same adversarial images, by which image is aligned with which.

    python benchmarks/pass_settings.py --models weights/bang-R0
    python benchmarks/pass_settings.py --models runs/caffe weights/bang-B1
    python benchmarks/pass_settings.py --models runs/c10 --channels reversed

FGS by the published rule and HC1 attack the models; what changes the class is
scored without alignment, with the adversarial image moved onto the original
and with the original moved onto the adversarial image (as attack_bang.py
scores). Means, standard deviations and how many alignments failed go to a
JSON file.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
import environment
from benchmarks.measuring import add_attack_options, write
from papers.bang.recipes import CHANNELS


def parser():
    """The options of the comparison."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('--models', nargs='+', metavar='RUN',
                         default=['weights/bang-R0', 'weights/bang-B1'])
    options.add_argument('--samples', type=whole(1), default=10000,
                         metavar='N', help='the first N test images')
    options.add_argument('--channels', choices=CHANNELS, default=CHANNELS[0],
                         help='of gradients in colour')
    options.add_argument('--batch', type=whole(1), default=1024)
    add_attack_options(options, 'benchmark-pass-settings.json')
    return options


def main(args, given):
    """Attack, score in every way, print and write the figures."""
    chosen = environment.prepare(threads=args.threads, ops=args.ops)
    print(chosen)
    import data
    from environment.provenance import provenance
    from papers.bang.attack import classifier
    from papers.bang.run_format import BANG
    from storage.model_file import load_model
    rows = []
    for folder in args.models:
        model = load_model(folder, BANG)
        test = data.load(model.dataset, args.data_dir).test
        pairs = attacked(classifier(model, args.channels),
                         test.images[:args.samples],
                         test.labels[:args.samples], args.batch)
        for attack, images in pairs.items():
            for row in scored(*images, chosen.threads):
                rows.append(dict(row, model=folder, attack=attack))
                print('%(model)s, %(attack)s, moved: %(moved)s: PASS '
                      '%(mean).4f±%(deviation).4f of %(count)d, L-inf '
                      '%(l_infinity).2f, unaligned %(unaligned)d'
                      % rows[-1], flush=True)
    write(args.out, dict(provenance(chosen), arguments=vars(args), rows=rows))


def attacked(functions, images, labels, batch):
    """Adversarial images and their originals by attack, of the successes."""
    import numpy as np

    from attacks.batches import in_batches, predictions
    from attacks.directions import fast_gradient_sign, hot_cold
    from papers.bang.attack_names import FGS, HC1
    x = images.astype(functions.dtype)
    right = np.flatnonzero(labels == predictions(
        in_batches(functions.logits, batch, x)))
    x, y = x[right], labels[right].astype(int)
    outcomes = {
        FGS[0]: fast_gradient_sign(functions, x, y, batch)['published'],
        HC1: hot_cold(functions, x, y, batch=batch)}
    return {name: (outcome.adversarial[outcome.success],
                   images[right][outcome.success])
            for name, outcome in outcomes.items()}


def scored(adversarial, original, threads):
    """A dict of figures for every way to align; none of no images."""
    import numpy as np

    from metrics.distances import l_infinity
    from metrics.pass_score import MOVED, pass_scores
    if not len(adversarial):
        return
    distance = float(l_infinity(adversarial, original).mean())
    for moved in MOVED:
        passes = pass_scores(adversarial, original, threads, moved)
        yield {'moved': moved, 'mean': float(passes.score.mean()),
               'deviation': float(passes.score.std()),
               'count': len(passes.score), 'l_infinity': distance,
               'unaligned': int(np.sum(~passes.aligned))}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
