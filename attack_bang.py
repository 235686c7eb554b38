#!/usr/bin/env python
"""FGS, HC1 and PASS on models of BANG: the rows of its Tables 1 and 2.

    python attack_bang.py
    python attack_bang.py --samples 1000 --out runs/attack-1000
    python attack_bang.py --models runs/caffe --out runs/attack-caffe

Every correctly classified test image is attacked. FGS moves all pixels by
the smallest whole number of grey levels, 1 to 255, that changes the class,
by three rules of when a gradient is blank: as published (the loss rounds to
0), only zeros, and log-odds (never). HC1 follows the hot/cold gradient
towards the closest class up to a step of --last. What changes the class is
scored by PASS and L-infinity.

The results go into one folder: table.md, attack.json, attack.npz (a row a
sample) and pictures. A run that was stopped continues when the same command
is given again.
"""

import os
import sys
from functools import partial

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from attacking import options
from papers.bang.run_format import BANG

MODELS = ('runs/bang-R0', 'runs/bang-B1')


def parser():
    """The options of attack_bang.py."""
    script = command_line.script_parser(__doc__)
    whole = command_line.whole
    group = script.add_argument_group('attack')
    group.add_argument('--models', nargs='+', metavar='RUN',
                       help='runs of bang.py and import_caffe.py (default: '
                       'those of %s that exist)' % ' '.join(MODELS))
    group.add_argument('--last', type=whole(1, 2 ** 20), default=2 ** 14,
                       metavar='S', help='how far HC1 searches: the largest '
                       'step, in grey levels of the pixel that moves most; '
                       'the paper does not say')
    options.add_samples(script, None)
    group = script.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', default='runs/attack-bang',
                       help='folder of the results; a run of the same '
                       'arguments in it is continued')
    group.add_argument('--pictures', type=whole(0), default=5, metavar='N',
                       help='samples drawn a model')
    command_line.add_environment_options(script)
    script.add_argument('--batch', type=whole(1), default=1024, metavar='N',
                        help='most images in one call of the network: '
                        'bounds the memory')
    return script


def main(args, given):
    """Attack, score, write and draw."""
    import environment
    from papers.bang.attack_names import FORMAT
    from storage.attack_file import RESULTS, read_results
    from storage.entries import check_machine
    former = read_results(args.out, FORMAT) or {}
    check_machine(former, os.path.join(args.out, RESULTS))
    chosen = environment.prepare(args.device, args.float64, args.threads,
                                 args.ops, former.get('machine'))
    import data
    from attacking.inputs import find_models, load_test
    from attacking.samples import pick_samples
    from storage.model_file import load_model
    models = find_models(args.models, MODELS, partial(load_model,
                                                      system=BANG),
                         BANG.script)
    dataset = load_test(models, args.data_dir)
    indices = pick_samples(args, given, len(dataset.test.labels))
    data.announce(chosen, dataset)
    from papers.bang.attack_session import (
        run,  # and Theano, once all is in order
    )
    run(args, models, dataset, indices, chosen)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
