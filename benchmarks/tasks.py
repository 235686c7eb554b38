"""What the contenders of Theano and of PyTorch on a GPU have in common."""


class Tasks:
    """One method a task, and `attack`; each gives a callable."""

    def prepare(self, task, batch):
        """A callable that does one step of `task` on `batch` images.

        Tasks are the methods; attack1 to attack4 name an algorithm, too.
        """
        if task.startswith('attack'):
            return self.attack(batch, int(task[-1]))
        return getattr(self, task)(batch)
