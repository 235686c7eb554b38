"""Random distortions over two trainings (figures 3 and 5), resumable."""

import numpy as np
from tqdm import tqdm

from attacks.noise import count_changes
from errors import UserError
from network.functions import in_batches, logits_function, set_arrays
from papers.bang.functions import as_pixels
from papers.bang.networks import build_network
from papers.bang.snapshots import read_snapshot

BATCH = 500  # distorted images at a time


class Classifier:
    """A network that takes the weights of any moment of a training."""

    def __init__(self, architecture):
        self.network = build_network(architecture, np.random.RandomState(0))
        self.logits = logits_function(self.network)

    def at(self, run, iteration):
        """This classifier, with a run's weights of that iteration."""
        set_arrays(self.network, read_snapshot(run, iteration))
        return self

    def predict(self, pixels):
        """Classes (n,) of images (n, c, h, w) in grey levels."""
        return in_batches(self.logits, pixels, as_pixels, BATCH).argmax(axis=1)


def always_correct(classifier, runs, iterations, test, number):
    """Test images that both runs classify correctly at all iterations.

    Parameters
    ----------
    classifier : Classifier
    runs : list of str
        Folders.
    iterations : list of int
    test : data.Part
    number : int
        How many to take of each class: the first ones.

    Returns
    -------
    numpy.ndarray, int64
        Their places in the test part, in order.

    Raises
    ------
    UserError
        If a class has fewer.
    """
    correct = np.ones(len(test.labels), bool)
    for run in runs:
        for iteration in iterations:
            found = classifier.at(run, iteration).predict(test.images)
            correct &= found == test.labels
    chosen = []
    for label in range(10):
        places = np.flatnonzero(correct & (test.labels == label))
        if len(places) < number:
            raise UserError('--images: expected at most %d, as no more of '
                            'class %d are classified correctly at every '
                            'stage, got %d' % (len(places), label, number))
        chosen.append(places[:number])
    return np.sort(np.concatenate(chosen))


def measure(classifier, runs, settings, test, results, save):
    """Fill in what the results lack, a stage of a run after the other.

    Parameters
    ----------
    classifier : Classifier
    runs : dict of str to str
        'regular' and 'bang' to folders.
    settings : dict
        With iterations, sigmas, repeats, seed, bounded and indices.
    test : data.Part
    results : dict of str to dict
        By run, iteration as text and sigma as text: the changes of every
        image, in the order of the indices. Extended.
    save : callable
        () -> None, called after every stage.
    """
    chosen = np.array(settings['indices'])
    images = test.images[chosen].astype(np.float32)
    classes = test.labels[chosen]
    stages = [(name, iteration) for iteration in settings['iterations']
              for name in runs]
    for name, iteration in tqdm(stages, unit='stage', disable=None):
        done = results.setdefault(name, {})
        if str(iteration) in done:
            continue
        predict = classifier.at(runs[name], iteration).predict
        done[str(iteration)] = {
            '%g' % sigma: count_changes(
                predict, images, classes, sigma, settings['repeats'],
                settings['seed'], settings['bounded']).tolist()
            for sigma in settings['sigmas']}
        save()


def shares(results, settings):
    """Percentages of distortions that change the class.

    Returns
    -------
    dict of str to list
        By run, (iterations, sigmas).
    """
    total = settings['repeats'] * len(settings['indices'])
    return {name: [[100 * sum(stages[str(iteration)]['%g' % sigma]) / total
                    for sigma in settings['sigmas']]
                   for iteration in settings['iterations']]
            for name, stages in results.items()}
