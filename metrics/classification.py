"""What logits say of a classifier: cross-entropy, accuracy, confusion."""

import numpy as np
from scipy.special import logsumexp, softmax

from metrics.proportions import wilson


def guessing(classes):
    """What the uniform guess costs at any temperature, in nats."""
    return float(np.log(classes))


def probabilities(logits, temperature=1.):
    """softmax(z / T) of logits, float64 (n, classes) (section 4, eq. 2)."""
    return softmax(np.asarray(logits, np.float64) / temperature, axis=1)


def cross_entropy(logits, labels, temperature=1.):
    """Mean of -log softmax(z / T)_y, in nats; it cannot underflow.

    Of logits (n, classes) and integer labels (n,).
    """
    scaled = np.asarray(logits, np.float64) / temperature     # (n, classes)
    own = scaled[np.arange(len(scaled)), labels]              # (n,)
    return float(np.mean(logsumexp(scaled, axis=1) - own))


def confusion_matrix(labels, predictions, classes=10):
    """Counts (classes, classes): row the label, column the prediction."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, predictions), 1)
    return counts


def describe(logits, labels, temperature):
    """The figures of a test as a JSON-ready dict.

    The prediction is the largest logit (ties: the lowest class), which no
    temperature changes.

    Of logits (n, classes) and integer labels (n,); the cross-entropy is given
    at 1 and at T, that of the training head.
    """
    predictions = logits.argmax(axis=1)
    correct = int(np.sum(predictions == labels))
    return {'samples': len(labels), 'correct': correct,
            'accuracy': correct / len(labels),
            'wilson_95': list(wilson(correct, len(labels))),
            'loss': cross_entropy(logits, labels),
            'loss_at_T': cross_entropy(logits, labels, temperature),
            'confusion': confusion_matrix(
                labels, predictions, logits.shape[1]).tolist()}
