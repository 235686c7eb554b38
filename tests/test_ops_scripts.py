"""--ops from the command line to run.json, and back on --resume."""

import json

SHORT = ('--dataset', 'digits', '--limit-train', 48, '--out', 'run')


def test_a_resumed_run_keeps_its_operations(scripts):
    # So short that it stays on the plateau (3): what it learns is no matter.
    for options in (('--epochs', 1, '--ops', 'c', *SHORT),
                    ('--resume', 'run', '--epochs', 2)):
        code, out, err = scripts.run('mnist_cnn.py', *options)
        assert code in (0, 3), err
        assert ', ops c\n' in out
    with open(scripts.path('run', 'run.json')) as stream:
        description = json.load(stream)
    for machine in (description['machine'],
                    description['resumed'][0]['machine']):
        assert machine['ops'] == 'c' and 'ops_note' not in machine
    complaint = scripts.fail('mnist_cnn.py', '--resume', 'run', '--ops',
                             'theano')
    assert '--ops cannot be given with it' in complaint


def test_what_is_not_possible_is_refused(scripts):
    complaint = scripts.fail('mnist_cnn.py', '--ops', 'onednn', '--float64',
                             *SHORT)
    assert ('--ops onednn: not possible, as oneDNN has no float64: use --ops '
            'auto') in complaint
