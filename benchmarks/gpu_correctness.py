#!/usr/bin/env python
"""Compare a GPU with the CPU's float64: operations, training steps, maps.

    python benchmarks/gpu_correctness.py --only ops --out ops.json

Four processes compute the same: the GPU and the CPU, in float32 and float64.
The reference is the CPU in float64. A value passes if its relative error is
at most ten times that of the CPU in the same type, or below what rounding
alone explains (FLOOR). Random numbers must be the CPU's to the last bit.
"""

import multiprocessing
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from benchmarks.gpu_values import send
from benchmarks.measuring import origin
from environment.cuda import relative_error
from environment.provenance import typed_command
from errors import UserError
from storage.atomic import write_json

FLOOR = {'float32': 2e-6, 'float64': 1e-12}
TIMES = 10
EXACT = 'random numbers'


def parser():
    """The options."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--device', default='cuda0', metavar='cuda0')
    options.add_argument('--only', choices=('ops', 'training', 'maps'),
                         default='ops')
    options.add_argument('--model', metavar='RUN', help='for maps')
    options.add_argument('--out', metavar='FILE', default='correctness.json')
    return options


def main(args, given):
    """Compute everywhere, compare, write; 1 if anything is off."""
    values, lines = {}, {}
    for device in ('cpu', args.device):
        for floatX in FLOOR:
            key = '%s %s' % (device, floatX)
            values[key], lines[key] = compute(args, device, floatX)
    report = compare(values, args.device)
    write_json(args.out, {'command': typed_command(), 'environments': lines,
                          **origin(), 'relative_errors': report})
    wrong = [name for name, row in report.items() if not row['ok']]
    for name, row in report.items():
        print('%-4s %-32s %s' % ('ok' if row['ok'] else 'FAIL', name,
                                 row['errors']))
    print('%d of %d agree' % (len(report) - len(wrong), len(report)))
    return 1 if wrong else 0


def compute(args, device, floatX):
    """Arrays by name, and the environment's line."""
    fresh = multiprocessing.get_context('spawn')
    pipe, theirs = fresh.Pipe(duplex=False)
    process = fresh.Process(target=send, args=(theirs, device, floatX,
                                               args.only, args.model))
    process.start()
    theirs.close()
    try:
        found = pipe.recv()
    except EOFError:
        process.join()
        raise UserError('%s %s: the process ended with code %d: see above' % (
            device, floatX, process.exitcode)) from None
    except BaseException:
        process.terminate()
        raise
    finally:                     # the next one wants the device to itself
        pipe.close()
        process.join()
    if isinstance(found, str):
        raise UserError('%s %s: %s' % (device, floatX, found))
    return found


def compare(values, device):
    """Relative L2 errors against the CPU's float64, and whether they do.

    Parameters
    ----------
    values : dict of str to dict of str to array
        By 'cpu float64' and so on.
    device : str

    Returns
    -------
    dict
    """
    report = {}
    for name, reference in values['cpu float64'].items():
        errors = {key: relative_error(arrays[name], reference)
                  for key, arrays in values.items()}
        own = {'float32': errors['cpu float32'], 'float64': 0.}
        if name == EXACT:
            good = all((values['%s %s' % (device, floatX)][name]
                        == values['cpu ' + floatX][name]).all()
                       for floatX in FLOOR)
        else:
            good = all(errors['%s %s' % (device, floatX)]
                       <= max(floor, TIMES * own[floatX])
                       for floatX, floor in FLOOR.items())
        report[name] = {'ok': bool(good), 'errors': errors}
    return report


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
