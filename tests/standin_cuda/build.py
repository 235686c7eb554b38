"""Build every kernel of the project's graphs on the stand-in driver.

    python tests/standin_cuda/build.py float32 training attack

`tests/test_cuda_kernels.py` sets the environment that makes the stand-in
found. Prints JSON: the environment's line; for every graph the operations that
compute on the CPU; all operations. No kernel is executed, so results are not
looked at.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))

import numpy as np

import environment


def training():
    """The steps of M_std, M_std-T and M_distill, and the logits."""
    from network.functions import logits_function
    from papers.song.network import build_network
    from papers.song.training import training_step
    images = arrays(16)
    labels = np.zeros(16, np.int32)
    soft = np.full((16, 10), .1, images.dtype)
    for temperature, targets in ((1., labels), (20., labels), (20., soft)):
        network = build_network(np.random.RandomState(0), temperature)
        step = training_step(network, .1, .5, .01, targets is soft)
        step.update(images, targets)
    logits_function(network)(images)


def gradient():
    """The loss and its gradient by the pixels alone: every layer, forward
    and backward, at the least cost."""
    import lasagne
    import theano
    import theano.tensor as T

    from papers.song.network import build_network
    network, labels = build_network(np.random.RandomState(0)), T.ivector()
    loss = lasagne.objectives.categorical_crossentropy(
        lasagne.layers.get_output(network.test_head, deterministic=True),
        labels).sum()
    theano.function([network.images, labels], [
        loss, T.grad(loss, network.images)])(arrays(2), np.zeros(
            2, np.int32))


def attack():
    """All that Algorithms 1 to 4 ask of a model, in any arithmetic."""
    from papers.song.attack_functions import compile_callables
    from papers.song.network import build_network
    from saliency.maps import probe
    model = compile_callables(build_network(np.random.RandomState(0), 20.),
                              1., chunk=300)
    x, y = arrays(2), np.zeros(2, np.int64)
    model.predict(x)
    model.gradient(x, y)
    model.log_odds_gradient(x, y)
    for function in (model.loss_of, model.log_odds_of):
        # From the host, and of logits that stay on the device.
        function(np.zeros((2, 10), x.dtype), y)
        probe(model, function, x, y, (0, 1), 300)


GRAPHS = {'gradient': gradient, 'training': training, 'attack': attack}


def record_functions(kept):
    """Append all that theano.function compiles to a list."""
    import theano
    compiled = theano.function

    def function(*args, **kwargs):
        kept.append(compiled(*args, **kwargs))
        return kept[-1]

    theano.function = function


def host_nodes(function):
    """Operations that compute arrays of floating point on the CPU."""
    return [str(node.op) for node in function.maker.fgraph.toposort()
            if 'FromGpu' not in str(node.op)
            and any(type(out.type).__name__ == 'TensorType' and out.ndim
                    and out.dtype.startswith('float')
                    for out in node.outputs)]


def arrays(count):
    """Images of noise."""
    import theano
    return np.random.RandomState(0).random_sample(
        (count, 1, 28, 28)).astype(theano.config.floatX)


def main(floatX, *graphs):
    """Prepare as the scripts do, less the check of what is computed."""
    environment.check_device = lambda theano, device: None
    chosen = environment.prepare('cuda0', floatX == 'float64', threads=1)
    from theano import gpuarray
    if not gpuarray.pygpu_activated:
        sys.exit('Theano went on without the GPU')
    functions, found, device = [], {}, set()
    record_functions(functions)
    for name in graphs:
        GRAPHS[name]()
        found[name] = [host_nodes(function) for function in functions]
        device |= {str(node.op) for function in functions
                   for node in function.maker.fgraph.toposort()}
        functions.clear()
    print(json.dumps({'environment': str(chosen), 'host': found,
                      'device': sorted(device)}))


if __name__ == '__main__':
    main(*sys.argv[1:])
