"""Train a tiny run, undisturbed, and again, killed at random moments.

    python tests/killed_training.py SYSTEM FOLDER KILLS SEED

SYSTEM is song or smooth (a paper's network, on noise) or tiny
(tests/tiny_system.py).
Prints the SHA-256 of all that the first run ended with (every variable of the
step, history), that of the second, and how often it was killed.

The parent compiles once and never computes; every attempt is a forked child
that resumes from the checkpoint and dies by SIGKILL. Used by
test_training_resume.py.
"""

import hashlib
import os
import random
import signal
import sys
import time

import environment

environment.prepare(threads=1)

import numpy as np
import small_cifar
import tiny_system

from data import Dataset, Part
from papers.smooth.system import SYSTEM as SMOOTH
from papers.song.system import SYSTEM as SONG
from storage.run_folder import RunFolder
from training.checkpoint import SHARED
from training.loop import fit
from training.session import Session, begin_or_resume, compile_session
from training.stop import Stop


def noise():
    """40 images of MNIST's size; neither to validate nor to test."""
    generator = np.random.RandomState(0)
    part = Part(generator.randint(0, 256, (40, 1, 28, 28)).astype(np.uint8),
                generator.randint(0, 10, 40).astype(np.uint8))
    return Dataset('digits', 'noise', '0' * 64, part, part, part)


def coloured_noise():
    """40 images of CIFAR-10's size, of all classes."""
    files = list(map(small_cifar.arrays, range(4)))
    part = Part(np.concatenate([images.reshape(-1, 3, 32, 32)
                                for images, _ in files]),
                np.concatenate([labels for _, labels in files]).astype(
                    np.uint8))
    return Dataset('cifar10', 'noise', '0' * 64, part, part, part)


SYSTEMS = {
    # All that a batch draws, all that a step moves.
    'smooth': (SMOOTH, coloured_noise, {
        'architecture': 'preact-2x8-3-10-parseval', 'adversary': 'report',
        'epsilon': .03, 'cut': True, 'noise_pass': 'training',
        'augment': True, 'crop': 32,
        'beta': .01, 'gamma': .1, 'power': 2, 'optimiser': 'sgd',
        'rates': [.1, .01], 'boundaries': [2], 'decay': 5e-4,
        'batch_size': 8, 'epochs': 4, 'checkpoint_every': 2}),
    'song': (SONG, noise, {
        'temperature': 5., 'learning_rate': .1, 'momentum': .5,
        'penalty': .01, 'batch_size': 4, 'epochs': 6, 'checkpoint_every': 2}),
    'tiny': (tiny_system.SYSTEM, lambda: tiny_system.load({}), {
        'batch_size': 10, 'epochs': 4, 'checkpoint_every': 7})}


class Quiet(Session):
    """Without the pictures, so that kills come among the batches."""

    def report(self, progress):
        pass

    tick = report


def train(session, folder):
    """Train to the end of a run, from its checkpoint if it has one."""
    run = RunFolder(folder, session.run.description, session.run.form)
    session = session._replace(run=run)
    progress = begin_or_resume(session)
    fit(Quiet(*session), progress, Stop())
    digest = hashlib.sha256()
    for kind in SHARED:
        for shared in getattr(session.step, kind):
            digest.update(shared.get_value().tobytes())
    digest.update(repr([{name: value for name, value in record.items()
                         if name != 'seconds'}
                        for record in progress.history]).encode())
    with open(os.path.join(folder, 'digest'), 'w') as stream:
        stream.write(digest.hexdigest())


def attempt(session, folder, seconds):
    """Fork a child that trains; kill it after so long. Did it finish?"""
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)              # what is printed is for the parent to say
        train(session, folder)
        os._exit(0)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(.001)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status)


def read_digest(run):
    """What a finished run left."""
    with open(os.path.join(run, 'digest')) as stream:
        return stream.read()


def main(name, folder, kills, seed):
    """One undisturbed run, one killed so often; print both digests."""
    quiet, shot = [os.path.join(folder, part) for part in ('quiet', 'shot')]
    os.mkdir(quiet)
    os.mkdir(shot)
    system, load, arguments = SYSTEMS[name]
    run = RunFolder(quiet, {'title': 'a test',
                            'architecture': arguments.get('architecture'),
                            'arguments': dict(arguments, seed=seed)},
                    system.form)
    session = compile_session(system, run, load())
    start = time.monotonic()
    assert attempt(session, quiet, 300)
    life = 2 * (time.monotonic() - start) / kills
    chance = random.Random(seed)
    done = 0
    while done < kills:
        if attempt(session, shot, chance.uniform(0, life)):
            # The run was over before the last kills: shoot a fresh one.
            assert read_digest(shot) == read_digest(quiet)
            for name in os.listdir(shot):
                os.unlink(os.path.join(shot, name))
        else:
            done += 1
    assert attempt(session, shot, 300)
    print(read_digest(quiet), read_digest(shot), done)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
