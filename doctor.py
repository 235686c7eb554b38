#!/usr/bin/env python
"""Check this machine: will the scripts run here, and at full speed?

    python doctor.py
    python doctor.py --device cuda0

One line a check, ok / warn / FAIL, and how to mend what is not ok. Exits
with 1 if anything fails, that is, if the scripts would not run or would
crawl.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from errors import UserError


def parser():
    """The options of doctor.py."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--data-dir', metavar='DIR',
                         help='folder of the four MNIST files')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Run all checks; 1 if any of them fails."""
    from checks import computing, installed
    findings = []
    for check in installed.CHECKS + computing.CHECKS:
        for finding in findings_of(check, args):
            print(finding, flush=True)
            findings.append(finding)
    counts = {state: sum(finding.state == state for finding in findings)
              for state in ('ok', 'warn', 'FAIL')}
    print('%(ok)d ok, %(warn)d to look at, %(FAIL)d to mend' % counts)
    return 1 if counts['FAIL'] else 0


def findings_of(check, args):
    """A check's findings; what it cannot get past is one of them."""
    from checks import Finding
    try:
        yield from check(args)
    except UserError as error:
        yield Finding('FAIL', check.__name__, str(error))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
