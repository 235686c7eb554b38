"""The progress of a study: a line a finished step, and a bar."""

from tqdm import tqdm

from study.estimates import ending, estimate, rates
from study.stamp import Standing


class Progress:
    """A bar over estimated seconds; on no terminal, lines alone."""

    def __init__(self, steps, standings):
        measured = rates(standings)
        self.weights = {step.name: estimate(step, measured)[0]
                        for step in steps}
        self.count = 0

    def __enter__(self):
        self.bar = tqdm(
            total=round(sum(self.weights.values())), disable=None,
            dynamic_ncols=True, bar_format='{l_bar}{bar}| {elapsed}, some '
            '{remaining} left')
        return self

    def __exit__(self, *exception):
        self.bar.close()

    def show(self, name, result):
        """A line for a step that has ended."""
        self.count += 1
        if isinstance(result, Standing):
            text = result.state
            if result.state == 'done':
                text += ', %s' % ending(result.stamp)
                if result.stamp['outcome'] != 'finished':
                    text += ', result: %s' % result.stamp['outcome']
        else:
            text = '%s: %s' % (result['state'], result['line'])
        tqdm.write('%d/%d %s: %s' % (self.count, len(self.weights), name,
                                     text))
        self.bar.update(round(self.weights[name]))
