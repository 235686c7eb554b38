"""The same training, forward passes and probes in PyTorch."""

import numpy as np

from benchmarks.tasks import Tasks
from benchmarks.theano_tasks import probe_images
from environment.processor import set_threads, tune_malloc


class TorchTasks(Tasks):
    """The paper's network at T = 20 in PyTorch's own layers.

    Parameters
    ----------
    settings : dict
        threads; malloc: whether with our allocator settings; layout:
        'default' or 'channels_last'; compile: whether by torch.compile;
        float64.
    images : (n, 1, 28, 28) float
    labels : (n,) int
    """

    def __init__(self, settings, images, labels):
        threads = set_threads(settings['threads'])
        if settings['malloc']:
            tune_malloc()
        import torch
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        self.torch, self.settings = torch, settings
        self.setup = 'PyTorch %s, %d threads' % (torch.__version__, threads)
        dtype = torch.float64 if settings['float64'] else torch.float32
        layout = (torch.channels_last if settings['layout'] != 'default'
                  else torch.contiguous_format)
        self.network = network(torch).to(dtype).to(memory_format=layout)
        self.images = torch.from_numpy(images).to(dtype).contiguous(
            memory_format=layout)
        self.labels = torch.from_numpy(labels)
        self.layout = layout

    def compiled(self, function):
        """The function, by torch.compile where that is asked for."""
        if self.settings['compile']:
            return self.torch.compile(function)
        return function

    def train(self, batch):
        """One Nesterov update."""
        optimizer, objective = training(self.torch, self.network)
        objective, parts = self.compiled(objective), self.parts(batch)

        def step():
            self.network.train()
            optimizer.zero_grad()
            loss = objective(*next(parts))
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    def forward(self, batch):
        """Logits."""
        ask, parts = self.logits(), self.parts(batch)
        return lambda: ask(next(parts)[0])

    def brute_probes(self, batch):
        """Every pixel of `batch` images := 1, by whole images."""
        images = self.images[:batch].contiguous().numpy()
        many = [self.torch.from_numpy(np.ascontiguousarray(part)).contiguous(
            memory_format=self.layout) for part in probe_images(images)]
        ask = self.logits()
        return lambda: [ask(part) for part in many]

    def logits(self):
        """A function of images, dropout off, without gradients."""
        forward = self.compiled(self.network.forward)

        def ask(images):
            self.network.eval()
            with self.torch.inference_mode():
                return forward(images).numpy()

        return ask


def training(torch, network):
    """An optimizer of the network, and the loss of images and labels."""
    def objective(images, labels):
        loss = torch.nn.functional.cross_entropy(network(images) / 20, labels)
        return loss + 0.01 * (network[-1].weight ** 2).sum()

    return torch.optim.SGD(network.parameters(), 0.01, momentum=0.5,
                           nesterov=True), objective


def network(torch):
    """Table 1 of Song 2017."""
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(), nn.Linear(1024, 200), nn.ReLU(), nn.Dropout(),
        nn.Linear(200, 200), nn.ReLU(), nn.Dropout(), nn.Linear(200, 10))
