"""Train a tiny run, undisturbed, and again, killed at random moments.

    python tests/killed_training.py FOLDER KILLS SEED

Prints the SHA-256 of all that the first one ended with (weights, velocities,
generators, history), that of the second, and how often it was killed.

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

from papers.song.network import build_network
from papers.song.training_step import training_step
from training.checkpoint import (
    Progress,
    load_checkpoint,
    save_checkpoint,
)
from training.loop import Task, fit
from training.stop import Stop

SIZE, BATCH, EPOCHS = 40, 4, 6


def compile_step(seed):
    """The paper's step, and a generator in the state after its making."""
    generator = np.random.RandomState(seed)
    network = build_network(generator, temperature=5.)
    return training_step(network, 0.1, 0.5, 0.01), generator


def train(run, step, generator):
    """Train to the end of the run, from its checkpoint if it has one."""
    path = os.path.join(run, 'checkpoint.npz')
    progress = Progress(shuffling=generator.get_state())
    if os.path.exists(path):
        progress = load_checkpoint(path, step)
    random_data = np.random.RandomState(0)
    images = random_data.rand(SIZE, 1, 28, 28).astype(np.float32)
    labels = random_data.randint(0, 10, SIZE).astype(np.int32)
    task = Task(step, lambda chosen: (images[chosen], labels[chosen]), SIZE,
                BATCH, EPOCHS, 2, dict,
                lambda progress: save_checkpoint(path, step, progress),
                lambda progress: None, lambda progress: None, Stop())
    fit(task, progress)
    digest = hashlib.sha256()
    for kind in (step.parameters, step.velocities, step.generators):
        for shared in kind:
            digest.update(shared.get_value().tobytes())
    digest.update(repr([{name: value for name, value in record.items()
                         if name != 'seconds'}
                        for record in progress.history]).encode())
    with open(os.path.join(run, 'digest'), 'w') as stream:
        stream.write(digest.hexdigest())


def attempt(run, step, generator, seconds):
    """Fork a child that trains; kill it after so long. Did it finish?"""
    child = os.fork()
    if child == 0:
        train(run, step, generator)
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


def main(folder, kills, seed):
    """One undisturbed run, one killed so often; print both digests."""
    quiet, shot = [os.path.join(folder, name) for name in ('quiet', 'shot')]
    os.mkdir(quiet)
    os.mkdir(shot)
    step, generator = compile_step(seed)
    start = time.monotonic()
    assert attempt(quiet, step, generator, 300)
    life = 2 * (time.monotonic() - start) / kills
    chance = random.Random(seed)
    done = 0
    while done < kills:
        if attempt(shot, step, generator, chance.uniform(0, life)):
            # The run was over before the last kills: shoot a fresh one.
            assert read_digest(shot) == read_digest(quiet)
            for name in os.listdir(shot):
                os.unlink(os.path.join(shot, name))
        else:
            done += 1
    assert attempt(shot, step, generator, 300)
    print(read_digest(quiet), read_digest(shot), done)


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
