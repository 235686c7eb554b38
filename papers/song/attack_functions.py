"""What the attacks ask of a network, compiled by Theano.

The loss and its gradient are formed as the published scripts form them:
the test head's softmax, Lasagne's categorical cross-entropy, `T.grad`.
Theano compiles both into one pass over the logits v = z / T',

    p = exp(v - max v) * (1 / sum exp(v - max v))
    loss = max v - v_y + log sum exp(v - max v)
    d loss / d v = p - [j = y]

in floatX, but for the sum: Theano's C code for the CPU holds it, and its
logarithm, in double precision. So a loss in float32 is lost where one in
float64 is, below u = -36.7, and Algorithm 2 sees the same in both; p, and so
the gradient, is float32 through and through. The gradient is that of softmax
and one-hot vector taken literally. The loss is not -log p_y taken
literally: it stays finite where p_y underflows, for a sample far on the
wrong side. For one far on the right side both are 0, as sum exp(v - max v)
has rounded to 1.

So where the margin is large the gradient fails in two ways, described in
`saliency.arithmetic`: first 1 - p_y cancels, and the label's term is lost
from sum_j (p_j - [j = y]) dv_j/dx; later all p_j, j != y, underflow, and
the map is zero. The log-odds u and their gradient know neither.
"""

import lasagne
import numpy as np
import theano
import theano.tensor as T
from theano.gradient import disconnected_grad

from errors import UserError
from network.functions import Fitting, floatX
from network.receptive_field import receptive_field
from papers.song.network import IMAGE_SHAPE, load_network
from saliency.callables import Callables


def callables(model, test_temperature=1., probing='auto', chunk=1024):
    """Compile the functions of a model that an attack may call.

    Parameters
    ----------
    model : storage.model_file.Model
        Its weights are cast to floatX.
    test_temperature : float
        T', which divides the logits in everything the attack sees.
    probing : 'auto', 'receptive-field', 'device' or 'brute'
        How Algorithms 2 and 4 are answered: by the patch that sees the
        changed pixel, or by whole images, made on the device or not.
        'auto' takes the device on a GPU, else the first where the
        network's geometry allows it.
    chunk : int
        Most images that probing on the device makes at once.

    Returns
    -------
    saliency.callables.Callables
        On images (n, 1, 28, 28) of Theano's floatX; dropout is off.
    """
    return compile_callables(load_network(model, test_temperature),
                             test_temperature, probing, chunk)


def compile_callables(network, test_temperature, probing='auto', chunk=1024):
    """The same of a network in memory, built with that T'.

    Later changes of its weights are seen.
    """
    images, labels = network.images, T.ivector('labels')
    scores = scores_variable()                               # (b, 10)
    logits, probabilities = lasagne.layers.get_output(
        [network.logits, network.test_head],
        deterministic=True)                                  # (n, 10) each
    scaled = logits / floatX(test_temperature)
    loss = lasagne.objectives.categorical_crossentropy(
        probabilities, labels)                               # (n,)
    odds = log_odds(scaled, labels)                          # (n,)
    loss_of = lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(scores), labels)                      # (b,)

    def compiled(given, result):
        function = fitting(theano.function([given, labels], result))

        def ask(x, y):
            return function(x, np.asarray(y, np.int32))

        return ask

    # A sum over samples: each one's gradient, unscaled by the batch's size.
    return Callables(
        fitting(theano.function([images], scaled)),
        compiled(scores, loss_of),
        compiled(images, T.grad(loss.sum(), images)),
        compiled(scores, log_odds(scores, labels)),
        compiled(images, T.grad(odds.sum(), images)),
        np.dtype(theano.config.floatX),
        probes(network, test_temperature, probing, chunk))


def fitting(function):
    """The function, which on a GPU takes fewer rows where memory ends.

    The CPU's memory is the system's: there is no telling when it ends.
    """
    return function if theano.config.device == 'cpu' else Fitting(function)


def probes(network, test_temperature, probing, chunk):
    """`probe_logits` of the kind; None for brute force, asked for or all
    that is left."""
    if probing == 'brute':
        return None
    if probing == 'device' or (probing == 'auto'
                               and theano.config.device != 'cpu'):
        return device_probes(network, test_temperature, chunk)
    try:
        return receptive_field(network.logits, test_temperature)
    except UserError:
        if probing == 'receptive-field':
            raise
        return None


def scores_variable():
    """Logits (b, classes) as an input: where `probe_logits` leaves them."""
    if theano.config.device == 'cpu':
        return T.matrix('scores')
    from theano.gpuarray.type import GpuArrayType
    return GpuArrayType(theano.config.floatX, (False, False))('scores')


def device_probes(network, test_temperature, chunk):
    """`probe_logits`, for any network: an image goes there once.

    A probe is three numbers: which image, which pixel, which value. From them
    the graph makes the image where it is needed, so that per probe some
    twenty bytes travel to a GPU and not 3,136; the logits of all probes stay
    there, a pygpu array, until the loss or the log-odds of them, one number a
    probe, come back. `chunk` is the most probes whose images exist at once.
    """
    ask = compile_probes(network, test_temperature)
    limit = Fitting(None, chunk)    # what one call learns holds for the next

    def probe_logits(x, owners, pixels, values):
        def part(owners, pixels, values):
            # Only the images between the first and the last one asked for.
            first, last = owners.min(), owners.max()
            return ask(x[first:last + 1], owners - first, pixels, values)

        limit.function = part
        return limit(owners, pixels, values)

    return probe_logits


def compile_probes(network, test_temperature):
    """Images and probes -> logits, the images made within the graph."""
    x = T.tensor4('x')                                       # (n, c, h, w)
    owners, pixels = T.lvectors('owners', 'pixels')          # (b,) each
    values = T.vector('values')                              # (b,)
    flat = x.flatten(2)                                      # (n, P)
    here = T.eq(T.arange(flat.shape[1]), pixels[:, None])    # (b, P)
    made = T.switch(here, values[:, None], flat[owners])     # (b, P)
    images = made.reshape((-1,) + IMAGE_SHAPE)               # (b, c, h, w)
    z = lasagne.layers.get_output(network.logits, images, deterministic=True)
    scaled = z / floatX(test_temperature)
    if theano.config.device != 'cpu':
        scaled = scaled.transfer(None)                       # stays there
    return theano.function([x, owners, pixels, values], scaled)


def log_odds(logits, labels):
    """u = logsumexp_{j != y} v_j - v_y, floatX (n,), symbolically.

    Of variables: v the logits, floatX (n, classes), already divided by T', and
    the labels, int32 (n,). Finite, with a finite gradient, for all finite
    logits.
    """
    own = T.eq(labels[:, None], T.arange(logits.shape[1]))   # (n, classes)
    rest = T.switch(own, floatX(-np.inf), logits)            # (n, classes)
    # The largest is only a shift, on which logsumexp does not depend.
    shift = disconnected_grad(rest.max(axis=1, keepdims=True))  # (n, 1)
    total = T.exp(rest - shift).sum(axis=1)                  # (n,)
    return shift[:, 0] + T.log(total) - T.switch(own, logits, 0).sum(axis=1)
