"""A whole training by Caffe's solver, from a run folder to tested weights."""

import numpy as np
from tqdm import tqdm

from metrics import classification
from network.functions import in_batches
from network.graph_page import write_graph_page
from papers.bang.conclusion import conclude
from papers.bang.functions import as_pixels, logits_function, training_step
from papers.bang.networks import build_network
from papers.bang.pictures import curve, history_line
from papers.bang.recipes import RECIPES, Rule
from papers.bang.schedule import done, in_turn, iterations
from papers.bang.snapshots import snapshot
from training.checkpoint import save_checkpoint
from training.conducting import begin_or_resume, conduct
from training.history import write_history
from training.loop import Task
from training.pictures import save_figure

COLUMNS = ('iteration', 'objective', 'cross_entropy', 'validation_loss',
           'validation_accuracy', 'seconds')


def train(run, dataset, graph=False):
    """Train the run's network, test its last iterate, write its files.

    Continues from the run's checkpoint where there is one.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
        Open; its description holds the arguments.
    dataset : data.Dataset
    graph : bool
        Write the compiled training graph as a page.

    Raises
    ------
    training.conducting.Stopped, training.loop.Diverged,
    training.conclusion.Plateau
    """
    arguments = run.description['arguments']
    generator = start_of(arguments)
    network = begin(arguments, dataset, generator)
    print('compiling the network (a minute or two the first time) ...',
          flush=True)
    step = training_step(network, RECIPES[arguments['net']],
                         rule_of(arguments))
    logits = logits_function(network)
    place = iterations(arguments['test_every'])
    progress = begin_or_resume(run, step, generator, place)
    if graph:
        write_graph_page(run.file('graph.html'), step.update,
                         run.description['title'])
    every = arguments['test_every']
    conduct(run, progress, arguments['iterations'] // every, every,
            lambda bar, stop: make_task(run, dataset, network, step, logits,
                                        bar, stop))
    # Again, for a run that was killed after its last checkpoint.
    record(run, progress.history)
    conclude(run, network, in_batches(logits, dataset.test.images, as_pixels),
             dataset, progress.history[-1])


def start_of(arguments):
    """The generator of a run's weights and dropout.

    R0 and R1 of the paper differ in chance alone: R1 draws from a stream of
    its own.
    """
    seed = arguments['seed']
    return np.random.RandomState([seed, 1] if arguments['model'] == 'R1'
                                 else seed)


def begin(arguments, dataset, generator):
    """A fresh network, and its mean image of the training part."""
    network = build_network(arguments['net'], generator)
    if network.mean is not None:
        network.mean.set_value(mean_image(dataset.train.images).astype(
            network.mean.dtype))
    return network


def mean_image(images):
    """The mean of uint8 images (n, c, h, w), float64 (c, h, w), exactly."""
    return images.sum(axis=0, dtype=np.int64) / len(images)


def rule_of(arguments):
    """BANG's parameters of a run; None if it is a regular training."""
    if arguments['beta'] is None:
        return None
    return Rule(*(arguments[name] for name in Rule._fields))


def make_task(run, dataset, network, step, logits, bar, stop):
    """Bind the loop's callbacks to this run and data set."""
    arguments = run.description['arguments']
    images, labels = dataset.train
    labels = labels.astype(np.int32)
    floatX = step.parameters[0].dtype
    every, batch = arguments['test_every'], arguments['batch_size']

    def batches(indices):
        return as_pixels(images[indices], floatX), labels[indices]

    def save(progress):
        # First, so that none is missing where a checkpoint says it is past.
        if arguments['snapshots'] and not progress.batch:
            snapshot(run, network, step)
        save_checkpoint(run.checkpoint, step, progress)

    def report(progress):
        tqdm.write(history_line(progress.history[-1],
                                arguments['iterations']))
        record(run, progress.history)

    def tick(progress):
        bar.set_postfix_str('loss %.4f' % (
            progress.cross_entropy / progress.batch), False)
        bar.update()

    return Task(step, batches, every * batch, batch,
                arguments['iterations'] // every,
                arguments['checkpoint_every'],
                lambda: validate(logits, dataset, step), save, report, tick,
                stop, in_turn(len(labels)), iterations(every))


def validate(logits, dataset, step):
    """Loss and accuracy on the validation part, and when that was."""
    figures = classification.describe(
        in_batches(logits, dataset.validation.images, as_pixels),
        dataset.validation.labels, 1.)
    return {'iteration': done(step), 'validation_loss': figures['loss'],
            'validation_accuracy': figures['accuracy']}


def record(run, history):
    """Write the history and the learning curve."""
    write_history(run, history, COLUMNS)
    title = run.description['title']
    save_figure(curve(history, title), run.file('curve.png'), title)
