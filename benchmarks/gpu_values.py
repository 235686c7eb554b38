"""What `gpu_correctness` compares, computed in a process of one device.

All devices and floating-point types are given the very same numbers, which
float32 holds exactly.
"""

import environment
from errors import UserError
from mishaps import gpu_error_line, memory_line

#: Images in channels, out channels and width of the four convolutions.
CONVOLUTIONS = {'conv1': (1, 32, 28), 'conv2': (32, 32, 26),
                'conv3': (32, 64, 12), 'conv4': (64, 64, 10)}


def send(pipe, device, floatX, only, run):
    """Arrays by name, and the environment's line, of a fresh process.

    Or, in a text, what went wrong.

    Parameters
    ----------
    pipe : multiprocessing.connection.Connection
    device, floatX : str
    only : {'ops', 'training', 'maps'}
    run : str, or None
        Whose weights `maps` takes; without, fresh ones.
    """
    try:
        chosen = environment.prepare(device, floatX == 'float64',
                                     ops='theano')
        pipe.send(({'ops': ops, 'training': training,
                    'maps': lambda: maps(run)}[only](), str(chosen)))
    except UserError as error:
        pipe.send(str(error))
    except Exception as error:
        line = memory_line(error) or gpu_error_line(error)
        if line is None:
            raise
        pipe.send(line)


def numbers(*shape):
    """Standard normal numbers, the same for a shape everywhere."""
    import numpy as np
    import theano
    drawn = np.random.RandomState(sum(shape)).standard_normal(shape)
    return drawn.astype(np.float32).astype(theano.config.floatX)


def ops():
    """Every operation of the network, forward and backward: name to array."""
    import theano
    import theano.tensor as T

    from checks.computing import block
    found = {}
    for name, (channels, filters, width) in CONVOLUTIONS.items():
        x, w = T.tensor4(), T.tensor4()
        arrays = numbers(32, channels, width, width), numbers(
            filters, channels, 3, 3)
        found.update(with_gradients(name, [x, w], T.nnet.conv2d(x, w),
                                    arrays))
    x, w = T.matrices('xw')
    found.update(with_gradients('dense', [x, w], T.dot(x, w), (
        numbers(128, 1024), numbers(1024, 200))))
    function, arrays = block()
    arrays = [array.astype('float32').astype(theano.config.floatX)
              for array in arrays[:-1]] + arrays[-1:]
    for name, array in zip(('pooled block', 'pooled block d/dx',
                            'pooled block d/dW', 'pooled block d/db',
                            'random numbers'), function(*arrays)):
        found[name] = array
    found.update(ties())
    found.update(heads())
    return found


def with_gradients(name, inputs, result, arrays):
    """A result, and the gradients of the sum of its squares."""
    import theano
    function = theano.function(inputs, [result] + theano.grad(
        (result ** 2).sum(), inputs))
    return dict(zip([name] + ['%s d/d%d' % (name, k)
                              for k in range(len(inputs))],
                    function(*arrays)))


def ties():
    """Gradients where maxima are tied and where ReLU is at exactly 0."""
    import lasagne
    import numpy as np
    import theano
    import theano.tensor as T
    from theano.tensor.signal.pool import pool_2d
    x = T.tensor4()
    array = np.round(numbers(4, 3, 8, 8))
    results = {
        'tied maxima': pool_2d(x, (2, 2), ignore_border=True),
        'ReLU at 0': lasagne.nonlinearities.rectify(x)}
    return {name: theano.function([x], T.grad(result.sum(), x))(array)
            for name, result in results.items()}


def heads():
    """Softmax, loss and log-odds of logits from moderate to extreme."""
    import lasagne
    import numpy as np
    import theano
    import theano.tensor as T

    from papers.song.attack_functions import log_odds
    z, y = T.matrix(), T.ivector()
    loss = lasagne.objectives.categorical_crossentropy(T.nnet.softmax(z), y)
    odds = log_odds(z, y)
    results = {'softmax': T.nnet.softmax(z), 'loss': loss,
               'loss d/dz': T.grad(loss.sum(), z), 'log-odds': odds,
               'log-odds d/dz': T.grad(odds.sum(), z)}
    logits = numbers(64, 10) * np.logspace(-1, 2, 64)[:, None].astype(
        'float32')
    labels = np.arange(64, dtype=np.int32) % 10
    return {name: theano.function([z, y], result, on_unused_input='ignore')(
        logits.astype(theano.config.floatX), labels)
        for name, result in results.items()}


def training():
    """The weights after one step of each of the three models."""
    import numpy as np

    from papers.song.network import build_network, parameters
    from papers.song.training import training_step
    x = np.abs(numbers(128, 1, 28, 28)) % 1
    labels = np.arange(128, dtype=np.int32) % 10
    soft = np.full((128, 10), .05, x.dtype)
    soft[np.arange(128), labels] = .55
    found = {}
    for name, temperature, targets in (
            ('std', 1., labels), ('std-T20', 20., labels),
            ('distill', 20., soft)):
        network = build_network(np.random.RandomState(0), temperature)
        step = training_step(network, .1, .5, .01, targets is soft)
        found[name + ' losses'] = np.array(step.update(x, targets))
        for shared in parameters(network):
            found['%s %s' % (name, shared.name)] = shared.get_value()
    return found


def maps(run):
    """Gradients, log-odds and the probes of Algorithms 2 and 4."""
    import numpy as np

    from papers.song.attack_functions import callables, compile_callables
    from papers.song.network import build_network
    from papers.song.run_format import SONG
    from saliency.maps import probe
    from storage.model_file import load_model
    model = callables(load_model(run, SONG)) if run else compile_callables(
        build_network(np.random.RandomState(0), 20.), 1.)
    x = np.abs(numbers(8, 1, 28, 28)) % 1
    y = np.arange(8)
    found = {'logits': model.logits(x), 'gradient': model.gradient(x, y),
             'log-odds gradient': model.log_odds_gradient(x, y)}
    for name, function in (('loss', model.loss_of),
                           ('log-odds', model.log_odds_of)):
        before, (ones, zeros) = probe(model, function, x, y, (1, 0), 1024)
        found.update({name: before, name + ' of probes := 1': ones,
                      name + ' of probes := 0': zeros})
    return found
