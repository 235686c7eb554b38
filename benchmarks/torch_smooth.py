"""The report's network in PyTorch, as its author's scripts have it."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn


class Convolution(nn.Conv2d):
    """Without biases; of a Parseval network its output is divided."""

    def __init__(self, before, after, size, stride, parseval):
        super().__init__(before, after, size, stride, size // 2, bias=False)
        self.divisor = (2 * size * size + 1) ** .5 if parseval else 1

    def forward(self, x):
        return super().forward(x) / self.divisor


class Block(nn.Module):
    """Pre-activation."""

    def __init__(self, before, after, stride, parseval):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(before)
        self.conv1 = Convolution(before, after, 3, stride, parseval)
        self.bn2 = nn.BatchNorm2d(after)
        self.conv2 = Convolution(after, after, 3, 1, parseval)
        if stride != 1 or before != after:
            self.shortcut = Convolution(before, after, 1, stride, parseval)
        self.share = .5 if parseval else 1

    def forward(self, x):
        first = F.relu(self.bn1(x))
        shortcut = self.shortcut(first) if hasattr(self, 'shortcut') else x
        second = F.relu(self.bn2(self.conv1(first)))
        return (self.share * self.conv2(second) + self.share * shortcut,
                [first, second])


class ResNet(nn.Module):
    """Of normalised images (n, c, h, w): logits and features."""

    def __init__(self, architecture):
        super().__init__()
        width, blocks, channels, classes, pool, parseval = architecture
        self.conv = Convolution(channels, width, 3, 1, parseval)
        self.pool = pool
        self.blocks, before = nn.ModuleList(), width
        for number in range(blocks):
            after = width * 2 ** (number // 2)
            stride = 2 if number % 2 == 0 and number > 0 else 1
            self.blocks.append(Block(before, after, stride, parseval))
            before = after
        self.dense = nn.Linear(before, classes)

    def forward(self, x):
        x, features = self.conv(x), []
        if self.pool:
            x = F.max_pool2d(x, 2)
        for block in self.blocks:
            x, relus = block(x)
            features += relus
        x = F.relu(x)
        return self.dense(x.mean((2, 3))), features + [x]


def names(model):
    """Our names of its parameters and statistics: {ours: tensor}."""
    words = {'bn.weight': 'scale', 'bn.bias': 'shift',
             'bn.running_mean': 'mean', 'bn.running_var': 'variance'}
    found = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        *path, last = name.split('.')
        if path[0] == 'blocks':
            path = ['block%d' % (int(path[1]) + 1)] + path[2:]
        kind = 'bn.' + last if path[-1].startswith('bn') else last
        if last != 'num_batches_tracked':
            found['.'.join(path + [words.get(kind, {
                'weight': 'W', 'bias': 'b'}.get(last))])] = tensor
    return found


def turned(array):
    """PyTorch's weights as ours, and back: filters turned, dense ones too."""
    if array.ndim == 4:
        return array[:, :, ::-1, ::-1]
    return array.T


def load(model, arrays):
    """Give a model our arrays by name."""
    with torch.no_grad():
        for name, tensor in names(model).items():
            tensor.copy_(torch.from_numpy(turned(arrays[name]).copy()))


def values(model):
    """Its arrays by our names."""
    return {name: turned(tensor.detach().numpy())
            for name, tensor in names(model).items()}


def gradients(model):
    """Those of its parameters, by our names."""
    return {name: turned(tensor.grad.numpy())
            for name, tensor in names(model).items()
            if tensor.grad is not None}


def torch_steps(architecture, batches, rate, decay, threads, forward=False):
    """A callable a memory layout that trains on one batch, the next one.

    Or with `forward` classifies it, as in tests.

    Parameters
    ----------
    architecture : papers.smooth.architecture.Architecture
    batches : list of (images (b, c, h, w), labels (b,) int32)
        Normalised.
    rate, decay : float
    threads : int
    """
    torch.set_num_threads(threads)
    return {'pytorch_' + layout: step(architecture, batches, rate, decay,
                                      getattr(torch, form), forward)
            for layout, form in (('default', 'contiguous_format'),
                                 ('channels_last', 'channels_last'))}


def step(architecture, batches, rate, decay, form, forward):
    """One of them."""
    torch.manual_seed(0)
    turn = itertools.cycle([
        (torch.from_numpy(images).contiguous(memory_format=form),
         torch.from_numpy(labels).long()) for images, labels in batches])
    model = ResNet(architecture).to(next(turn)[0].dtype).to(
        memory_format=form)
    optimiser = torch.optim.SGD(model.parameters(), rate, momentum=.9,
                                weight_decay=decay)

    def train():
        images, labels = next(turn)
        optimiser.zero_grad()
        loss = F.cross_entropy(model(images)[0], labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    def classify():
        with torch.no_grad():
            return model(next(turn)[0])[0].numpy()

    if forward:
        model.eval()
    return classify if forward else train
