"""What is done with the steps of a study, whichever paper it reruns."""

import os
from typing import Any, Dict, NamedTuple

from errors import UserError
from storage.identity import ROOT
from storage.run_folder import check_foreign, locked
from study.engine import run_study
from study.estimates import duration, listing
from study.paper import Paper
from study.published import publish, take
from study.settings import SETTINGS, check_settings, notice, write_settings
from study.stamp import set_aside
from study.view import choose, keep_accepted, look, look_ahead


class Study(NamedTuple):
    """One study of a paper: its folder, settings and options."""

    paper: Paper
    folder: str
    settings: Dict[str, Any]
    args: Any


def work(study, report):
    """List, publish or run a study, as the options say: the exit code.

    `report` takes the study, its steps and their standings, and writes the
    ledger and the report of what is done.

    Raises
    ------
    UserError
        If steps fail, or it cannot go on.
    """
    paper, folder, settings, args = study
    check_settings(folder, settings, paper.options)
    warning = notice(paper.options, settings)
    if warning and args.publish:
        raise UserError(
            '--publish: expected a study of the paper\'s settings, got %s: '
            'what the checkout has is kept' % warning)
    if warning:
        print(warning, flush=True)
    if args.dry_run:
        view = look_ahead(folder, paper.make_plan(settings), ROOT,
                          paper.options.folder, args)
        print(listing(choose(view.steps, args), view.standings))
        return 0
    with locked(folder):
        if not os.path.exists(os.path.join(folder, SETTINGS)):
            check_foreign(folder, ' or a study to continue')
        if args.publish:
            view = look(folder, paper.make_plan(settings), args)
            for name in publish(folder, view.steps, view.standings, ROOT,
                                paper):
                print('wrote %s' % name)
            return 0
        write_settings(folder, settings)
        return run(study, report)


def run(study, report):
    """Run what is chosen, then write the ledger of all that is done."""
    folder, args, view = study.folder, study.args, prepare(study)
    for variable in ('MNIST_DIR', 'CIFAR10_DIR', 'CIFAR100_DIR', 'SVHN_DIR',
                     'TINY_IMAGENET_DIR', 'XDG_CACHE_HOME'):
        if os.environ.get(variable):       # steps run in the study's folder
            os.environ[variable] = os.path.abspath(os.environ[variable])
    results = run_study(folder, choose(view.steps, args), view, args)
    done = [result for result in results.values() if result.state == 'done']
    print('%d steps done now, %s of computing' % (len(done), duration(
        sum(result.stamp['seconds'] or 0 for result in done))))
    report(study, view.steps, look(folder, view.steps, args).standings)
    conclude(results)
    return 0


def prepare(study):
    """Bring the study's folder to how its steps are to stand: a View."""
    paper, folder, settings, args = study
    view = look_ahead(folder, paper.make_plan(settings), ROOT,
                      paper.options.folder, args)
    for name, why in view.left_out.items():
        place = set_aside(folder, name)
        if place:
            print('%s: set aside in %s (%s)' % (name, place, why))
    for name, files in view.taken.items():
        take(folder, ROOT, files, view.stamps[name])
    if view.taken:
        print('%d steps are published: their results are copied'
              % len(view.taken))
    keep_accepted(folder, view, args.accept)
    return view


def conclude(results):
    """Raise a UserError where steps failed, in one line."""
    failed = {name: result for name, result in results.items()
              if not result.settled}
    if failed:
        first = next((name for name in failed
                      if failed[name].state == 'failed'), min(failed))
        raise UserError(
            '%d of %d steps are not done, first %s (%s): mend it, and '
            'continue with the same command' % (
                len(failed), len(results), first, failed[first].why))
