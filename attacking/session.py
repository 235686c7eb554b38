"""A whole attack run, in the script's own process.

It starts the workers and stands by them: signals, exit codes, endings.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys

import data
from attacking.campaign import Run, Samples
from attacking.inputs import load_test
from environment.operations import choose_ops
from environment.provenance import typed_command
from errors import UserError
from storage.atomic import read_json, write_json, write_npz
from storage.attack_file import (
    MACHINE,
    OFFERED,
    SCRIPT_VARIABLE,
    TAKEN,
    blocks_folder,
    part_file,
)
from storage.identity import ROOT, code_digest, digest, identify
from storage.model_file import read_npz
from training.stop import Stop, Stopped, attend, ending

WORKER = 'attacking.worker'
AGAIN = 'run the same command again to continue'


def run(campaign, args, given):
    """Attack, or continue, or say what was found before.

    The args have out, data_dir, device, threads and ops, and what the
    Campaign asks for; `given` are the names of the options that the user
    typed. Returns the exit code.
    """
    models = campaign.find(args)
    dataset = load_test(models, args.data_dir)
    indices, settled = campaign.choose(args, given, dataset.test.labels)
    arguments = dict(campaign.arguments(args, models), **settled)
    ways = campaign.ways(arguments)
    for floatX in ways:
        choose_ops(args.ops, args.device, floatX == 'float64')
    identity = identify(arguments, models, dataset, indices,
                        code_digest(WORKER, campaign.module),
                        campaign.packages)
    label = data.LABELS[dataset.name]
    folder = args.out or campaign.folder(args, dataset.name)
    about = {'title': campaign.title % label, 'command': typed_command()}
    with campaign.hold(folder, identity, about) as results:
        if results.get('status') == 'finished':
            print(('%s\n\n%s is finished: nothing to do' % (
                results.get('report', ''), folder)).lstrip())
            return 0
        plan = make_plan(campaign, args, identity, models, folder)
        offer(plan, dataset, indices)
        code = run_workers(plan, ways, campaign.script)
        if code == 0:
            conclude(campaign, results, plan, Run(
                folder, results['title'], label, arguments, args.device,
                models, dataset, *read_computed(plan, ways)))
        return code


def make_plan(campaign, args, identity, models, folder):
    """What the workers are told: arguments, and what makes them a run.

    `results` is the run's folder, `folder` that of its blocks, named by the
    identity: those of a stopped run of other arguments are never taken for
    this one's. JSON-ready.
    """
    return dict(
        identity['arguments'], module=campaign.module, device=args.device,
        threads=args.threads, ops=args.ops, results=folder,
        folder=blocks_folder(folder, identity), identity=digest(identity),
        weights=identity['models'],
        models={name: os.path.abspath(model.folder)
                for name, model in models.items()})


def offer(plan, dataset, indices):
    """Leave the samples for the workers, and say what they are."""
    print('data: %s, %d samples of %s' % (
        data.LABELS[dataset.name], len(indices), dataset.source), flush=True)
    write_npz(os.path.join(plan['folder'], OFFERED), {
        'images': dataset.test.images[indices],
        'labels': dataset.test.labels[indices], 'index': indices})


def run_workers(plan, ways, script):
    """Run one worker a floatX, one after the other.

    The plan is of `make_plan`, the ways are by floatX; complaints
    name the script. Returns 0, or the exit code of a worker that has said
    what is wrong.
    """
    for floatX in ways:
        path = os.path.join(plan['folder'], 'plan-%s.json' % floatX)
        write_json(path, dict(plan, floatX=floatX, ways=ways[floatX]))
        code = run_worker(path, script)
        if ending(code):
            # By a signal that was not for us.
            error = UserError('the process that computes in %s %s%s: %s' % (
                floatX, ending(code), ', --batch bounds its memory'
                if code == -signal.SIGKILL else '', AGAIN))
            error.exit_code = max(code, error.exit_code)
            raise error
        if code:
            return code
    return 0


def run_worker(path, script):
    """Run a worker to its end; its exit code, negative for a signal."""
    worker = os.path.join(ROOT, *WORKER.split('.')) + '.py'
    with Stop() as stop:
        # A session of its own, so that Ctrl-C reaches it through us alone.
        process = subprocess.Popen(
            [sys.executable, worker, '--plan', path],
            env={**os.environ, SCRIPT_VARIABLE: script},
            start_new_session=True)
        if not attend(process, lambda: stop.signal is not None):
            raise Stopped(
                stop.signal, ', all finished blocks are kept in %s: %s'
                % (os.path.dirname(path), AGAIN))
        return process.returncode


def read_computed(plan, ways):
    """What the workers left: the last four of `Run`."""
    samples = Samples(**read_npz(os.path.join(plan['folder'], TAKEN)))
    machines, records, shown = {}, {}, {}
    for floatX in ways:
        machines[floatX] = read_json(
            os.path.join(plan['folder'], MACHINE % floatX))
        for name in plan['models']:
            for way in ways[floatX]:
                for kind, found in (('records', records), ('shown', shown)):
                    path = part_file(plan, kind, name, way)
                    if os.path.exists(path):
                        found[(name,) + tuple(way)] = read_npz(path)
    return samples, machines, records, shown


def conclude(campaign, results, plan, computed):
    """Draw, write and print what a computed `Run` amounts to.

    The JSON file, `results` so far, is written last: a run is finished or
    continued, never half.
    """
    conclusion = campaign.summarise(computed)
    campaign.draw(computed, conclusion)
    arrays = dict(conclusion.arrays)
    for key, records in computed.records.items():
        arrays.update(('/'.join(key + (name,)), array)
                      for name, array in records.items())
    campaign.write(computed.folder, dict(results, **conclusion.entries),
                   arrays)
    shutil.rmtree(plan['folder'])
    with contextlib.suppress(OSError):    # of stopped runs of other arguments
        os.rmdir(os.path.dirname(plan['folder']))
    print('\n%s' % ('%s\n\nwrote %s' % (conclusion.report,
                                        computed.folder)).lstrip())
