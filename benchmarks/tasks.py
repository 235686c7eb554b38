"""What the contenders have in common."""

import itertools

import numpy as np

#: Most pixels an attack overwrites; Algorithm 4 makes a map a pixel.
LIMITS = {1: 100, 2: 100, 3: 100, 4: 10}


class Tasks:
    """One method a task; each gives a callable of one step of it.

    Subclasses set `settings`, `images` and `labels`, and have `callables`, of
    a model, if they attack.
    """

    def prepare(self, task, batch):
        """A callable that does one step of `task` on `batch` images.

        Tasks are the methods; attack1 to attack4 name an algorithm, too.
        """
        if task.startswith('attack'):
            return self.attack(batch, int(task[-1]))
        return getattr(self, task)(batch)

    def parts(self, batch):
        """Images and labels, `batch` at a time, for ever."""
        starts = range(0, len(self.images) - batch + 1, batch)
        return itertools.cycle([(self.images[k:k + batch],
                                 self.labels[k:k + batch]) for k in starts])

    def attack(self, batch, algorithm):
        """A whole attack on the first `batch` test samples."""
        import data
        from papers.song.run_format import SONG
        from saliency.attack import attack
        from storage.model_file import load_model
        model = load_model(self.settings['model'], SONG)
        callables = self.callables(model)
        test = data.load(model.dataset, None).test
        x = data.scale(test.images[:batch], callables.dtype)
        y = test.labels[:batch].astype(np.int64)
        return lambda: attack(callables, x, y, np.arange(batch), algorithm,
                              LIMITS[algorithm])
