"""A whole training, from an open run folder to its tested weights."""

import numpy as np
from tqdm import tqdm

import data
from metrics import classification
from network.functions import in_batches, logits_function
from network.graph_page import write_graph_page
from papers.song.network import build_network
from papers.song.training_step import training_step
from training.checkpoint import save_checkpoint
from training.conclusion import conclude
from training.conducting import begin_or_resume, conduct
from training.history import epoch_line, write_history
from training.loop import Task
from training.pictures import learning_curve, save_figure


def train(run, dataset, soft_labels=None, graph=False):
    """Train the run's network, test it and write its files.

    Continues from the run's checkpoint where there is one.

    Parameters
    ----------
    run : storage.run_folder.RunFolder
        Open; its description holds the arguments.
    dataset : data.Dataset
    soft_labels : numpy.ndarray, float64 (n, 10), optional
        Distilled labels of the training part.
    graph : bool
        Write the compiled training graph as a page.

    Raises
    ------
    training.conducting.Stopped, training.loop.Diverged,
    training.conclusion.Plateau
    """
    arguments = run.description['arguments']
    generator = np.random.RandomState(arguments['seed'])
    network = build_network(generator, arguments['temperature'])
    print('compiling the network (a minute or two the first time) ...',
          flush=True)
    step = training_step(network, arguments['learning_rate'],
                         arguments['momentum'], arguments['penalty'],
                         soft=soft_labels is not None)
    logits = logits_function(network)
    progress = begin_or_resume(run, step, generator)
    if graph:
        write_graph_page(run.file('graph.html'), step.update,
                         run.description['title'])
    conduct(run, progress, arguments['epochs'],
            len(dataset.train.labels) // arguments['batch_size'],
            lambda bar, stop: make_task(run, dataset, step, logits,
                                        soft_labels, bar, stop))
    # Again, for a run that was killed after its last epoch's checkpoint.
    record(run, progress.history)
    conclude(run, network,
             in_batches(logits, dataset.test.images, data.scale), dataset,
             progress.history)


def record(run, history):
    """Write the history and the learning curve."""
    write_history(run, history)
    title = run.description['title']
    save_figure(learning_curve(
        history, title, 'cross-entropy at T = %g (nats)'
        % run.description['arguments']['temperature']),
        run.file('curve.png'), title)


def make_task(run, dataset, step, logits, soft_labels, bar, stop):
    """Bind the loop's callbacks to this run and data set."""
    arguments = run.description['arguments']
    images, labels = dataset.train
    floatX = step.parameters[0].dtype
    targets = (labels.astype(np.int32) if soft_labels is None
               else soft_labels.astype(floatX))

    def batches(indices):
        return data.scale(images[indices], floatX), targets[indices]

    def save(progress):
        save_checkpoint(run.checkpoint, step, progress)

    def report(progress):
        tqdm.write(epoch_line(progress.history[-1], arguments['epochs']))
        record(run, progress.history)

    def tick(progress):
        bar.set_description('epoch %d' % (progress.epoch + 1), False)
        bar.set_postfix_str('loss %.4f' % (
            progress.cross_entropy / progress.batch), False)
        bar.update()

    return Task(
        step, batches, len(labels), arguments['batch_size'],
        arguments['epochs'], arguments['checkpoint_every'],
        lambda: validate(logits, dataset, arguments['temperature']),
        save, report, tick, stop)


def validate(logits, dataset, temperature):
    """Loss at T = 1 and at T, and accuracy, on the validation part."""
    figures = classification.describe(
        in_batches(logits, dataset.validation.images, data.scale),
        dataset.validation.labels, temperature)
    return {'validation_loss': figures['loss'],
            'validation_loss_at_T': figures['loss_at_T'],
            'validation_accuracy': figures['accuracy']}

