"""The same training, forward passes, probes and attacks in PyTorch, on CUDA.

Eager, or with whole steps captured as CUDA graphs. As with ours, images and
labels come from the host at every step, and the loss goes back.
"""

import numpy as np
import torch
from torch.nn import functional

from benchmarks.tasks import Tasks
from benchmarks.torch_tasks import network, training


class TorchGpuTasks(Tasks):
    """The paper's network at T = 20 on a GPU.

    Parameters
    ----------
    settings : dict
        device: 'cuda0'; graphs: whether by CUDA graphs; model: a run whose
        weights are attacked.
    images : (n, 1, 28, 28) float
    labels : (n,) int
    """

    def __init__(self, settings, images, labels):
        torch.manual_seed(0)
        # Float32 that is float32, as ours.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.benchmark = True
        self.device = torch.device('cuda', int(settings['device'][4:] or 0))
        self.settings = settings
        self.setup = 'PyTorch %s, CUDA %s, cuDNN %s, %s%s' % (
            torch.__version__, torch.version.cuda,
            torch.backends.cudnn.version(),
            torch.cuda.get_device_name(self.device),
            ', CUDA graphs' if settings['graphs'] else '')
        self.network = network(torch).to(self.device)
        self.images = torch.from_numpy(images.astype(np.float32))
        self.labels = torch.from_numpy(labels)

    def train(self, batch):
        """One Nesterov update."""
        self.network.train()
        optimizer, objective = training(torch, self.network)

        def step(images, labels):
            optimizer.zero_grad()
            loss = objective(images, labels)
            loss.backward()
            optimizer.step()
            return loss.detach()

        run, parts = self.captured(step, batch), self.parts(batch)
        return lambda: run(*next(parts)).item()

    def forward(self, batch):
        """Logits."""
        self.network.eval()

        def ask(images, labels):
            with torch.no_grad():
                return self.network(images)

        run, parts = self.captured(ask, batch), self.parts(batch)
        return lambda: run(*next(parts)).cpu().numpy()

    def probes(self, batch):
        """Every pixel of `batch` images := 1, made on the device: losses."""
        self.network.eval()
        eye = torch.eye(784, dtype=torch.bool, device=self.device).reshape(
            784, 1, 28, 28)

        def ask(images, labels):
            with torch.no_grad():
                losses = [functional.cross_entropy(
                    self.network(torch.where(eye, 1., image)),
                    label.expand(784), reduction='none')
                    for image, label in zip(images, labels)]
                return torch.cat(losses)

        run, parts = self.captured(ask, batch), self.parts(batch)
        return lambda: run(*next(parts)).cpu().numpy()

    def callables(self, model):
        """What attacks ask of a model."""
        from benchmarks.torch_callables import torch_callables
        return torch_callables(model, device=self.device)

    def captured(self, function, batch):
        """The function of a batch on the host, captured where asked for."""
        def eager(images, labels):
            return function(images.to(self.device), labels.to(self.device))

        if not self.settings['graphs']:
            return eager
        images = self.images[:batch].to(self.device)
        labels = self.labels[:batch].to(self.device)
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):     # not the default one, to warm up
            for _ in range(3):
                function(images, labels)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            result = function(images, labels)

        def replay(new_images, new_labels):
            images.copy_(new_images)
            labels.copy_(new_labels)
            graph.replay()
            return result

        return replay
