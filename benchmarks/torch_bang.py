"""BANG's regular trainings in PyTorch: the same networks, batches, solver."""

import itertools

from papers.bang.recipes import RECIPES

LAYOUTS = ('default', 'channels_last')


def torch_steps(net, batches, mean, threads):
    """A callable a memory layout that trains on one batch, the next one.

    Parameters
    ----------
    net : str
        'lenet' or 'cifar-quick'.
    batches : list of (images (b, c, h, w), labels (b,) int32)
        Pixels from 0 to 255.
    mean : numpy.ndarray (c, h, w)
        That is subtracted; of LeNet none.
    threads : int
    """
    import torch
    torch.set_num_threads(threads)
    return {'pytorch_' + layout: step(torch, net, batches, mean, layout)
            for layout in LAYOUTS}


def step(torch, net, batches, mean, layout):
    """One of them."""
    torch.manual_seed(0)
    recipe = RECIPES[net]
    form = (torch.channels_last if layout == 'channels_last'
            else torch.contiguous_format)
    network = NETWORKS[net](torch.nn).to(memory_format=form)
    shift = torch.zeros(1) if mean is None else torch.from_numpy(mean)
    scale = 1 / 256 if net == 'lenet' else 1.
    turn = itertools.cycle([
        (torch.from_numpy(images).contiguous(memory_format=form),
         torch.from_numpy(labels).long()) for images, labels in batches])
    parameters = list(network.parameters())
    optimizer = torch.optim.SGD([
        {'params': parameters[::2]},
        {'params': parameters[1::2], 'lr': 2 * recipe.rate}],
        recipe.rate, momentum=recipe.momentum, weight_decay=recipe.decay)

    def train():
        images, labels = next(turn)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            network((images - shift) * scale), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def lenet(nn):
    """Caffe's LeNet, with the paper's dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(800, 500), nn.ReLU(),
        nn.Dropout(), nn.Linear(500, 10))


def cifar_quick(nn):
    """CIFAR-10 quick, with the paper's dropout."""
    def average():
        return nn.AvgPool2d(3, 2, ceil_mode=True, count_include_pad=False)

    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2), nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.ReLU(), nn.Conv2d(32, 32, 5, padding=2), nn.ReLU(), average(),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), average(), nn.Flatten(),
        nn.Linear(1024, 64), nn.Dropout(), nn.Linear(64, 10))


NETWORKS = {'lenet': lenet, 'cifar-quick': cifar_quick}
