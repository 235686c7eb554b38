"""How the steps of a study stand before they run, and which are chosen.

Done steps that other code made stand where the user accepts them (--accept):
their code would make them again, as nothing that concerns them has changed.
Their stamps say so until the code changes once more. What is published
stands whatever made it.
"""

import fnmatch
from typing import Any, Dict, List, NamedTuple

from errors import UserError
from storage.atomic import write_json
from study.published import check_files, offered, read_manifest, wanted
from study.stamp import (
    Standing,
    check_results,
    read_stamps,
    stamp_path,
    survey,
)
from study.step import Step, codes_of, keys_of


class View(NamedTuple):
    """How the steps of a study stand."""

    steps: List[Step]
    codes: Dict[str, str]      # today's: see `step.codes_of`
    keys: Dict[str, Any]       # see `step.keys_of`
    stamps: Dict[str, Any]     # of steps that have one, and those of `taken`
    standings: Dict[str, Standing]
    #: Published steps that the study's folder has not yet: their files by
    #: path in the checkout, with SHA-256.
    taken: Dict[str, Any]
    left_out: Dict[str, str]   # why a step counts as missing


def look(folder, steps, args):
    """How all steps of a study stand as they are: a View.

    Raises
    ------
    UserError
        Where a stamp or a result is damaged.
    """
    view = judge(steps, codes_of(steps), read_stamps(folder, steps), {}, args)
    check_done(folder, view)
    return view


def look_ahead(folder, steps, root, published, args):
    """How they stand with what is published, less what is to run again.

    A View; `published` is the folder of published results in `root`, the
    checkout, and `args` say only, skip, redo, accept and fresh.

    Raises
    ------
    UserError
        Where a stamp, a result or a published file is damaged.
    """
    codes, own = codes_of(steps), read_stamps(folder, steps)
    left_out = {step.name: 'by --redo' for step in steps
                if matches(step.name, args.redo)}
    if args.fresh:
        left_out.update({name: 'by --fresh' for name, stamp in own.items()
                         if stamp.get('published')})
    entries = {} if args.fresh else read_manifest(root, published)
    stamps = dict(offered(entries, steps, folder), **own)
    view = judge(steps, codes, stamps, left_out, args)
    while True:       # until nothing that runs needs what is not published
        more = wanted(choose(steps, args), view.standings)
        if not more:
            break
        left_out.update(more)
        view = judge(steps, codes, stamps, left_out, args)
    view = view._replace(taken={
        name: entries[name]['files'] for name in stamps
        if name not in own and name not in left_out})
    check_done(folder, view)
    for files in view.taken.values():
        check_files(root, files)
    return view


def judge(steps, codes, stamps, left_out, args):
    """A View of stamps."""
    keys = keys_of(steps, codes, kept_parts(steps, codes, stamps,
                                            args.accept))
    return View(steps, codes, keys, stamps,
                survey(steps, keys, stamps, left_out), {}, left_out)


def kept_parts(steps, codes, stamps, accept):
    """What made the steps that stand though it is not of today.

    See `step.keys_of`; `accept` are the user's patterns of names.
    """
    kept = {}
    for step in steps:
        stamp = stamps.get(step.name)
        if stamp is None:
            continue
        if stamp.get('published'):
            kept[step.name] = {name: stamp[name]
                               for name in ('code', 'versions')}
        elif stamp['status'] == 'done' and (
                matches(step.name, accept)
                or stamp.get('accepted') == codes[step.script]):
            kept[step.name] = {'code': stamp['code']}
    return kept


def keep_accepted(folder, view, accept):
    """Note in the stamps of done steps that they are accepted now."""
    for step in view.steps:
        stamp = view.stamps.get(step.name)
        if stamp and stamp['status'] == 'done' and matches(step.name, accept):
            view.stamps[step.name] = dict(
                stamp, accepted=view.codes[step.script])
            write_json(stamp_path(folder, step.name), view.stamps[step.name])


def check_done(folder, view):
    """Refuse damaged results of the done steps that the folder has."""
    for name, standing in view.standings.items():
        if standing.state == 'done' and name not in view.taken:
            check_results(folder, name, standing.stamp)


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
