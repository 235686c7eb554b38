"""The end of a training: the last iterate is tested, and is the model."""

from metrics import classification
from papers.bang.networks import arrays
from training.conclusion import Plateau, finish, on_plateau


def conclude(run, network, logits, dataset, last):
    """Test the last iterate, as the paper does, and write the model.

    Raises
    ------
    training.conclusion.Plateau
        If the network still guesses; no weights are written then.
    """
    if on_plateau(last['validation_loss'], last['validation_accuracy']):
        run.update(status='plateau')
        raise Plateau(
            '%s never left the plateau ln 10: validation loss %.4f, accuracy '
            '%.1f %% after %d iterations; no model is written, go on with '
            '--resume %s --iterations %d'
            % (run.path, last['validation_loss'],
               100 * last['validation_accuracy'], last['iteration'], run.path,
               2 * last['iteration']))
    finish(run, arrays(network),
           classification.describe(logits, dataset.test.labels, 1.),
           logits.argmax(axis=1), dataset,
           trained_iterations=last['iteration'])
