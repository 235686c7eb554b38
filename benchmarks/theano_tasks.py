"""Training, forward passes and probes in Theano, as the scripts do them."""

import os

import numpy as np

import environment
from benchmarks.tasks import Tasks


class TheanoTasks(Tasks):
    """The paper's network at T = 20, with fresh weights.

    Parameters
    ----------
    settings : dict
        ops, threads, float64, device (default: the CPU): see
        `environment.prepare`; tuned: whether with its settings of OpenBLAS
        and of the allocator; model: a run whose weights are attacked.
    images : (n, 1, 28, 28) float
    labels : (n,) int

    Raises
    ------
    UserError
        If a graph does without the ops asked for.
    """

    def __init__(self, settings, images, labels):
        if not settings['tuned']:
            leave_as_installed()
        self.settings = settings
        chosen = environment.prepare(
            settings.get('device', 'cpu'), settings['float64'],
            settings['threads'], settings['ops'])
        self.ops = chosen.ops
        self.setup = str(chosen._replace(compiledir=''))
        from papers.song.network import build_network
        self.network = build_network(np.random.RandomState(0), 20.)
        self.images = images.astype(chosen.floatX)
        self.labels = labels.astype(np.int32)
        self.functions = {}

    def train(self, batch):
        """One Nesterov update."""
        from ops.inspection import require
        from papers.song.training import training_step
        if 'train' not in self.functions:
            self.functions['train'] = training_step(
                self.network, 0.01, 0.5, 0.01).update
            require(self.functions['train'], self.ops, gradients=True)
        update, parts = self.functions['train'], self.parts(batch)
        return lambda: update(*next(parts))

    def forward(self, batch):
        """Logits."""
        logits, parts = self.logits(), self.parts(batch)
        return lambda: logits(next(parts)[0])

    def probes(self, batch):
        """Every pixel of `batch` images := 1, by receptive field, or made
        on the device, with their losses."""
        parts, owners = self.parts(batch), np.repeat(np.arange(batch), 784)
        pixels = np.tile(np.arange(784), batch)
        values = np.ones(len(owners), self.images.dtype)
        if self.settings.get('device', 'cpu') == 'cpu':
            from network.receptive_field import receptive_field
            ask = receptive_field(self.network.logits)
            return lambda: ask(next(parts)[0], owners, pixels, values)
        from papers.song.attack_functions import compile_callables
        model = compile_callables(self.network, 1., 'device')

        def step():
            x, y = next(parts)
            return model.loss_of(model.probe_logits(x, owners, pixels,
                                                    values), y[owners])

        return step

    def callables(self, model):
        """What attacks ask of a model."""
        from papers.song.attack_functions import callables
        return callables(model)

    def brute_probes(self, batch):
        """The same, by whole images."""
        logits = self.logits()
        many = probe_images(self.images[:batch])
        return lambda: [logits(part) for part in many]

    def logits(self):
        """The compiled function of images."""
        from network.functions import logits_function
        from ops.inspection import require
        if 'logits' not in self.functions:
            self.functions['logits'] = logits_function(self.network)
            require(self.functions['logits'], self.ops, gradients=False)
        return self.functions['logits']


def leave_as_installed():
    """Take away the settings of OpenBLAS and malloc; threads stay."""
    def set_threads(threads):
        os.environ['OMP_NUM_THREADS'] = str(threads)
        os.environ['OPENBLAS_NUM_THREADS'] = str(threads)
        return threads

    environment.set_threads = set_threads
    environment.tune_malloc = lambda: False


def probe_images(images):
    """784 images for each one, with one pixel := 1: a list of batches."""
    return [np.where(np.eye(784, dtype=bool).reshape(784, 1, 28, 28),
                     images.dtype.type(1), image) for image in images]
