"""The same training, forward passes, probes and attacks in PyTorch.

On the CPU eager or compiled; on CUDA eager, or with whole steps captured as
CUDA graphs. As with ours, images and labels come from the host at every step,
and the loss goes back.
"""

import numpy as np

from benchmarks.tasks import Tasks
from benchmarks.theano_tasks import probe_images
from environment.processor import set_threads, tune_malloc


class TorchTasks(Tasks):
    """The paper's network at T = 20 in PyTorch's own layers.

    Parameters
    ----------
    settings : dict
        On the CPU threads; malloc: whether with our allocator settings;
        layout: 'default' or 'channels_last'; compile: whether by
        torch.compile; float64. On a GPU device: 'cuda0'; graphs: whether by
        CUDA graphs; model: a run whose weights are attacked.
    images : (n, 1, 28, 28) float
    labels : (n,) int
    """

    def __init__(self, settings, images, labels):
        self.settings = settings
        self.gpu = 'device' in settings
        (self.on_gpu if self.gpu else self.on_cpu)()
        from benchmarks.torch_callables import network
        torch = self.torch
        torch.manual_seed(0)
        dtype = torch.float64 if settings.get('float64') else torch.float32
        self.layout = (torch.channels_last
                       if settings.get('layout') == 'channels_last'
                       else torch.contiguous_format)
        self.network = network().to(dtype).to(
            self.device, memory_format=self.layout)
        self.images = torch.from_numpy(images).to(dtype).contiguous(
            memory_format=self.layout)
        self.labels = torch.from_numpy(labels)

    def on_cpu(self):
        """Settings first: PyTorch reads them as it is imported."""
        threads = set_threads(self.settings['threads'])
        if self.settings['malloc']:
            tune_malloc()
        import torch
        torch.set_num_threads(threads)
        self.torch, self.device = torch, torch.device('cpu')
        self.setup = 'PyTorch %s, %d threads' % (torch.__version__, threads)

    def on_gpu(self):
        """Float32 that is float32, as ours."""
        import torch
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.benchmark = True
        self.torch = torch
        self.device = torch.device('cuda',
                                   int(self.settings['device'][4:] or 0))
        self.setup = 'PyTorch %s, CUDA %s, cuDNN %s, %s%s' % (
            torch.__version__, torch.version.cuda,
            torch.backends.cudnn.version(),
            torch.cuda.get_device_name(self.device),
            ', CUDA graphs' if self.settings['graphs'] else '')

    def compiled(self, function):
        """The function, by torch.compile where that is asked for."""
        if self.settings.get('compile'):
            return self.torch.compile(function)
        return function

    def without_gradients(self):
        """The context of what only asks."""
        return self.torch.no_grad() if self.gpu else (
            self.torch.inference_mode())

    def train(self, batch):
        """One Nesterov update."""
        optimizer, objective = training(self.torch, self.network)
        objective = self.compiled(objective)

        def step(images, labels):
            self.network.train()
            optimizer.zero_grad()
            loss = objective(images, labels)
            loss.backward()
            optimizer.step()
            return loss.detach()

        return self.repeated(step, batch)

    def forward(self, batch):
        """Logits."""
        return self.repeated(self.logits(), batch)

    def probes(self, batch):
        """Every pixel of `batch` images := 1, made on the GPU: losses."""
        torch, ask = self.torch, self.logits()
        eye = torch.eye(784, dtype=torch.bool, device=self.device).reshape(
            784, 1, 28, 28)

        def losses(images, labels):
            return torch.cat([torch.nn.functional.cross_entropy(
                ask(torch.where(eye, 1., image)), label.expand(784),
                reduction='none') for image, label in zip(images, labels)])

        return self.repeated(losses, batch)

    def brute_probes(self, batch):
        """Every pixel of `batch` images := 1, by whole images."""
        images = self.images[:batch].contiguous().numpy()
        many = [self.torch.from_numpy(np.ascontiguousarray(part)).contiguous(
            memory_format=self.layout) for part in probe_images(images)]
        ask = self.logits()
        return lambda: [ask(part).numpy() for part in many]

    def logits(self):
        """A function of images, dropout off, without gradients."""
        forward = self.compiled(self.network.forward)

        def ask(images, labels=None):
            self.network.eval()
            with self.without_gradients():
                return forward(images)

        return ask

    def callables(self, model):
        """What attacks ask of a model."""
        from benchmarks.torch_callables import torch_callables
        return torch_callables(model, device=self.device)

    def repeated(self, function, batch):
        """A callable that gives a function the next images and labels, from
        the host, and takes its result there; captured if asked for."""
        run, parts = function, self.parts(batch)
        if self.gpu:
            run = self.captured(function, batch)
        return lambda: run(*next(parts)).cpu().numpy()

    def captured(self, function, batch):
        """The function of a batch on the host, captured where asked for."""
        def eager(images, labels):
            return function(images.to(self.device), labels.to(self.device))

        if not self.settings['graphs']:
            return eager
        torch = self.torch
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


def training(torch, network):
    """An optimizer of the network, and the loss of images and labels."""
    def objective(images, labels):
        loss = torch.nn.functional.cross_entropy(network(images) / 20, labels)
        return loss + 0.01 * (network[-1].weight ** 2).sum()

    return torch.optim.SGD(network.parameters(), 0.01, momentum=0.5,
                           nesterov=True), objective
