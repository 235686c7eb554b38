"""What every script's command line shares: options, errors, exit codes.

A script puts its own folder into sys.path first: PYTHONSAFEPATH leaves it out.

Exit codes: 0 done, 1 the user can mend it, 2 bad usage, 3 the training
failed (NaN, or never left the plateau), 130 and 143 stopped by a signal.
"""

import argparse
import math
import os
import sys

from errors import UserError
from mishaps import (
    discard_stdout,
    gpu_error_line,
    memory_line,
    os_error_line,
    prepare_streams,
)

ROOT = os.path.dirname(os.path.abspath(__file__))
UNSET = object()
#: More than anybody means, and still one that C and NumPy can hold.
MOST = 10 ** 9


def run(main, parser, argv=None):
    """Parse, call `main(args, given)`, and turn mishaps into one line.

    `main` is given an argparse.Namespace and the set of the names that the
    user typed, and returns an exit code or None. Returns the exit code.
    """
    prepare_streams()
    args = parser.parse_args(argv)
    try:
        code = main(args, given(parser, argv)) or 0
        sys.stdout.flush()   # while what fails can still be one line
        return code
    except UserError as error:
        return complain(parser, error, error.exit_code)
    except KeyboardInterrupt:
        return complain(parser, 'interrupted', 130)
    except ModuleNotFoundError as error:
        if is_ours(error.name):
            raise
        return complain(parser, '%s is not installed: pip install '
                        '--no-build-isolation -r requirements/run.txt'
                        % error.name)
    except MemoryError:
        return complain(parser, 'out of memory: choose a smaller batch')
    except BrokenPipeError:       # whoever read our output has gone
        discard_stdout()
        return 1
    except OSError as error:
        line = memory_line(error) or os_error_line(error)
        discard_stdout()
        return complain(parser, line)
    except Exception as error:
        line = memory_line(error) or gpu_error_line(error)
        if line is None:
            raise
        return complain(parser, line)


def is_ours(module):
    """Whether a module would be one of this checkout: then it is a defect
    that it is not found, not an installation."""
    path = os.path.join(ROOT, (module or '.').split('.')[0])
    return os.path.isdir(path) or os.path.exists(path + '.py')


def complain(parser, message, code=1):
    """Print one line to stderr as argparse does; return the exit code."""
    print('%s: error: %s' % (parser.prog, message), file=sys.stderr)
    return code


def given(parser, argv=None):
    """The names of the options that stand on the command line."""
    defaults = vars(parser.parse_args([]))
    namespace = argparse.Namespace(**dict.fromkeys(defaults, UNSET))
    return {name for name, value
            in vars(parser.parse_args(argv, namespace)).items()
            if value is not UNSET}


def script_parser(description):
    """A parser that prints the docstring as it stands, with defaults.

    Where an option says nothing of its type, it is `text`.
    """
    options = argparse.ArgumentParser(
        description=description, formatter_class=_DefaultsAndLines)
    options.register('type', None, text)
    return options


def add_run_options(parser, longer):
    """Where a training's results go, and what is written; its group.

    `longer` is the option that a resumed run may be given more of.
    """
    group = parser.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', help='the run\'s folder '
                       '(default: runs/ and a name of the settings)')
    group.add_argument('--resume', metavar='RUN',
                       help='continue a run, with its own settings; only '
                       '%s may be raised' % longer)
    group.add_argument('--checkpoint-every', type=whole(1), default=100,
                       metavar='N', help='batches between two checkpoints')
    group.add_argument('--save-errors', type=whole(0, 400), default=0,
                       metavar='N',
                       help='draw N misclassified test images')
    group.add_argument('--graph', action='store_true',
                       help='write Theano\'s compiled graph as a page')
    return group


def add_environment_options(parser, float64=True):
    """--device, --threads, --ops and, unless told not to, --float64."""
    group = parser.add_argument_group('machine')
    add_device_option(group)
    if float64:
        group.add_argument('--float64', action='store_true',
                           help='double precision instead of single')
    group.add_argument('--threads', type=whole(1), metavar='N',
                       help='CPU threads (default: all)')
    add_ops_option(group)
    return group


def add_device_option(group):
    """--device; the cuda image chooses its default by a variable."""
    group.add_argument('--device', metavar='cpu|cuda0', help='where to '
                       'compute', default=os.environ.get('SONG2017_DEVICE')
                       or 'cpu')


def add_ops_option(group):
    """--ops, of a group that has --device."""
    group.add_argument('--ops', default='auto',
                       choices=('auto', 'theano', 'c', 'onednn'),
                       help='what computes the convolutional layers: plain '
                       'Theano, C++ of ours, oneDNN (float32 only), or the '
                       'best that is possible')


def add_data_options(parser):
    """--dataset, --data-dir, --split and --limit-train."""
    group = parser.add_argument_group('data')
    group.add_argument(
        '--dataset', choices=('auto', 'mnist', 'digits'), default='auto',
        help='auto: MNIST, or scikit-learn\'s digits, with a loud notice, '
        'where MNIST is neither on disk nor to be downloaded')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the four MNIST files (default: '
                       '$MNIST_DIR, else the cache, else a download)')
    group.add_argument('--split', choices=('paper', 'script'),
                       default='paper', help='train/validation: 50,000/10,000 '
                       'as the paper says or 59,000/1,000 as its scripts do')
    add_limit_option(group)


def add_limit_option(group):
    """--limit-train."""
    group.add_argument('--limit-train', type=whole(1), metavar='N',
                       help='train on the first N samples only')


def text(typed):
    """An argparse type: any text but the empty one.

    That is what a shell makes of a variable that is not set, and it would
    count as an option that was not given.
    """
    if not typed:
        raise argparse.ArgumentTypeError(
            'expected a text, got an empty one (is a variable not set?): '
            'leave the option out for its default')
    return typed


def whole(low, high=None):
    """An argparse type: a whole number of at least `low`, at most `MOST`."""
    def parse(typed):
        try:
            value = int(typed)
        except ValueError:              # also where it has 5,000 digits
            value = None
        if value is None or not low <= value <= (high or MOST):
            raise argparse.ArgumentTypeError(
                'expected a whole number %s, got %s'
                % ('from %d to %d' % (low, high or MOST)
                   if high or value and value > MOST
                   else 'of %d or more' % low, shortened(typed)))
        return value
    return parse


def one_of(*values):
    """An argparse type: one of some values, typed as they print."""
    def parse(typed):
        for value in values:
            if typed == str(value):
                return value
        raise argparse.ArgumentTypeError('expected one of %s, got %s' % (
            ', '.join(map(str, values)), shortened(typed)))
    return parse


def shortened(typed):
    """What was typed, for an error line: its beginning if it is long."""
    return repr(typed if len(typed) <= 40 else typed[:37] + '...')


def number(low, inclusive=True):
    """An argparse type: a finite number of at least, or above, `low`."""
    def parse(typed):
        try:
            value = float(typed)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value)
                and (value > low or inclusive and value == low)):
            raise argparse.ArgumentTypeError(
                'expected a number %s %g, got %s'
                % ('of at least' if inclusive else 'above', low,
                   shortened(typed)))
        return value
    return parse


class _DefaultsAndLines(argparse.ArgumentDefaultsHelpFormatter,
                        argparse.RawDescriptionHelpFormatter):
    """Show defaults that say something; keep the docstring's lines."""

    def _get_help_string(self, action):
        # Not 'in': 0 == False, and a default of 0 is one to show.
        if (action.default is None or action.default is False
                or action.default == [] or '(default' in action.help):
            return action.help
        return super()._get_help_string(action)
