#!/usr/bin/env python
"""Rerun a paper, and say number by number what held.

    python reproduce.py [song]              Song 2017: all, in studies/paper
    python reproduce.py bang                BANG: all, in studies/bang
    python reproduce.py bang --help         the options of that study
    python reproduce.py --quick             all of it, small, on digits
    python reproduce.py --dry-run           what there is to do, and how long
    python reproduce.py --workers 4 --threads 2
    python reproduce.py --scheduler tcp://host:8786
    python reproduce.py --only 'models/*'   these steps, and what they need
    python reproduce.py --tables            the ledger in README and docs/
    python reproduce.py --render            the report of the ledger alone
    python reproduce.py --publish           its results, into the checkout

Steps whose results are published in the checkout are done: these are copied
into the study (--fresh runs them). Other done steps are skipped, killed ones
continued, and those whose code, arguments or parents have changed run again;
what they left moves to the study's folder old/. Ctrl-C and the same command
again lose nothing. Workers share the study's folder. Exit code 1: a step
failed; others went on.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.registry import PAPERS, chapters, declaration, settings
from storage.identity import ROOT
from study.options import REPORT, add_options, check_alone, place

USUAL = next(iter(PAPERS))   # rerun where none is named


def split(argv):
    """A command line's paper, the first where it names none, and the rest."""
    if argv and argv[0] in PAPERS:
        return argv[0], argv[1:]
    return USUAL, argv


def parser(name=USUAL):
    """The options of the study of a paper."""
    chosen = settings(name)
    options = command_line.script_parser(
        chosen.__doc__ + __doc__.partition('\n')[2])
    options.set_defaults(paper=name)
    if name != USUAL:
        options.prog += ' ' + name
    add_options(options, chosen.OPTIONS)
    return options


def main(args, given):
    """List, run, and write the ledger and the report."""
    check_alone(args, given)
    paper = declaration(args.paper)
    if args.tables:
        return tables(args)
    from study import session
    from study.settings import notice, settle, usual_name
    asked = settle(paper.options, args, given)
    folder = os.path.abspath(args.out or os.path.join('studies', usual_name(
        paper.options, args.quick, asked['dataset'])))
    study = session.Study(paper, folder, asked, args)
    if args.render:
        return write(study, notice(paper.options, asked))
    return session.work(study, report)


def tables(args):
    """The generated parts of README and docs/, made anew."""
    from reporting.chapters import parts
    from study.ledger import read_ledger
    from study.readme import write_parts
    chapter = next(one for one in chapters() if one.name == args.paper)
    return write_parts(parts(chapter, read_ledger(chapter.paper, place(
        args.ledger, chapter.paper.options.ledger, '', ''))))


def write(study, why):
    """Write the report of a ledger that is there: where, says `place`."""
    from reporting.pages import write_report
    paper, folder, _, args = study
    ledger = place(args.ledger, paper.options.ledger, folder, why)
    print('wrote %s' % write_report(
        place(args.report, REPORT, folder, why), chapters(), ROOT,
        {args.paper: (ledger, folder)}))
    return 0


def report(study, steps, standings):
    """Write the ledger of the steps that are done, and the report of it."""
    from storage.atomic import write_json
    from study.ledger import codes_of, make_ledger, why_kept
    from study.settings import notice
    paper, folder, asked, args = study
    states = {name: standing.state for name, standing in standings.items()}
    loud = notice(paper.options, asked)
    usual = paper.options.ledger
    why = why_kept(os.path.join(ROOT, usual), states, loud, args.ledger)
    path = place(args.ledger, usual, folder, why)
    write_json(path, make_ledger(
        paper, {'name': os.path.basename(folder),
                'dataset': asked['dataset'], 'quick': asked['quick'],
                'notice': loud, 'settings': asked,
                'code': codes_of(standings)}, folder, steps, states))
    print('%swrote %s' % (why and why + ': ', path))
    write(study, why)


if __name__ == '__main__':
    name, words = split(sys.argv[1:])
    sys.exit(command_line.run(main, parser(name), words))
