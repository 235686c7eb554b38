"""What is done with the steps of a study, whichever paper it reruns."""

import fnmatch
import os
from typing import Any, Callable, NamedTuple, Tuple

from errors import UserError
from storage.identity import ROOT, code_digest
from storage.run_folder import check_foreign, locked
from study.acceptance import accepted_codes, keep_accepted
from study.engine import conclude, run_study, summary
from study.estimates import listing
from study.publishing import publish
from study.settings import SETTINGS, check_settings, write_settings
from study.stamp import set_aside, survey
from study.step import keys_of


class Paper(NamedTuple):
    """What a study needs to know of its paper.

    Attributes
    ----------
    make_plan : callable
        settings -> list of study.step.Step, parents before children.
    may_change : tuple of str
        Settings of which more add steps and change none.
    notice : callable
        settings -> what every product must say, or ''.
    targets : callable
        step -> where copies of its files go in the checkout.
    report : callable
        (folder, settings, steps, states, args) -> None: writes the ledger
        and the report of what is done.
    """

    make_plan: Callable
    may_change: Tuple[str, ...]
    notice: Callable
    targets: Callable
    report: Callable


class Study(NamedTuple):
    """One study of a paper: its folder, settings and options."""

    paper: Paper
    folder: str
    settings: 'dict[str, Any]'
    args: Any


def work(study):
    """List, publish or run a study, as the options say: the exit code.

    Raises
    ------
    UserError
        If steps fail, or it cannot go on.
    """
    paper, folder, settings, args = study
    check_settings(folder, settings, paper.may_change)
    notice = paper.notice(settings)
    if notice and args.publish:
        raise UserError(
            '--publish: expected a study of the paper\'s settings, got %s: '
            'what the checkout has is kept' % notice)
    if notice:
        print(notice, flush=True)
    if args.dry_run:
        steps, _, standings = look(study, args.redo)
        print(listing(choose(steps, args), standings))
        return 0
    with locked(folder):
        if not os.path.exists(os.path.join(folder, SETTINGS)):
            check_foreign(folder, ' or a study to continue')
        if args.publish:
            steps, _, standings = look(study)
            for name in publish(folder, steps, standings, ROOT,
                                paper.targets):
                print('wrote %s' % name)
            return 0
        write_settings(folder, settings)
        for variable in ('MNIST_DIR', 'XDG_CACHE_HOME'):
            if os.environ.get(variable):   # steps run in the study's folder
                os.environ[variable] = os.path.abspath(os.environ[variable])
        args.threads = args.threads or max(
            1, (os.cpu_count() or 1) // args.workers)
        return run(study)


def look(study, redo=()):
    """Steps, their keys, and how they stand, some of them set aside."""
    steps = study.paper.make_plan(study.settings)
    keys = keys_of(steps, accepted_codes(
        study.folder, steps, lambda name: matches(name, study.args.accept)))
    return steps, keys, survey(study.folder, steps, keys,
                               lambda name: matches(name, redo))


def run(study):
    """Run what is chosen, then write the ledger of all that is done."""
    folder, args = study.folder, study.args
    planned = study.paper.make_plan(study.settings)
    keep_accepted(folder, planned, lambda name: matches(name, args.accept))
    for step in planned:
        place = (matches(step.name, args.redo)
                 and set_aside(folder, step.name))
        if place:
            print('%s: set aside in %s' % (step.name, place))
    steps, keys, standings = look(study)
    codes = {code: code_digest(code)
             for code in {step.code for step in steps}}
    results = run_study(folder, choose(steps, args), keys, standings, codes,
                        args)
    print(summary(results))
    steps, _, standings = look(study)
    study.paper.report(
        folder, study.settings, steps,
        {name: standing.state for name, standing in standings.items()}, args)
    conclude(results)
    return 0


def choose(steps, args):
    """The steps that --only and --skip leave, parents of chosen included."""
    wanted = {step.name for step in steps
              if not args.only or matches(step.name, args.only)}
    if not wanted:
        raise UserError('--only: expected a pattern of the steps that '
                        '--dry-run lists, none matches %s'
                        % ' '.join(args.only))
    for step in reversed(steps):
        if step.name in wanted:
            wanted.update(step.parents)
    return [step for step in steps if step.name in wanted
            and not matches(step.name, args.skip)]


def matches(name, patterns):
    """Whether a step's name fits one of some patterns."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
