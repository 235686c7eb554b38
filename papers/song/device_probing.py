"""Probes made on the device: an image goes there once, its logits stay.

A probe is three numbers: which image, which pixel, which value. From them
the graph makes the image where it is needed, so that per probe some twenty
bytes travel to a GPU and not 3,136; the logits of all probes stay there until
the loss or the log-odds of them, one number a probe, come back.
"""

import lasagne
import theano
import theano.tensor as T

from network.functions import Fitting, floatX
from papers.song.network import IMAGE_SHAPE


def scores_variable():
    """Logits (b, classes) as an input: where `probe_logits` leaves them."""
    if theano.config.device == 'cpu':
        return T.matrix('scores')
    from theano.gpuarray.type import GpuArrayType
    return GpuArrayType(theano.config.floatX, (False, False))('scores')


def device_probes(network, test_temperature, chunk):
    """`probe_logits` of `saliency.callables.Callables`, for any network.

    Parameters
    ----------
    network : papers.song.network.Network
    test_temperature : float
        T', by which z is divided.
    chunk : int
        Most probes whose images exist at once: bounds the memory.

    Returns
    -------
    callable
        x (n, c, h, w), owners, pixels, values (b,) -> z (b, classes): on a
        GPU a pygpu array, which `loss_of` and `log_odds_of` take.
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
    probes = T.switch(here, values[:, None], flat[owners])   # (b, P)
    images = probes.reshape((-1,) + IMAGE_SHAPE)             # (b, c, h, w)
    z = lasagne.layers.get_output(network.logits, images, deterministic=True)
    scaled = z / floatX(test_temperature)
    if theano.config.device != 'cpu':
        scaled = scaled.transfer(None)                       # stays there
    return theano.function([x, owners, pixels, values], scaled)
