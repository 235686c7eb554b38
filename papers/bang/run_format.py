"""What a run of bang.py is on disk; without NumPy."""

from storage.run_description import (
    FLAG,
    NUMBER,
    POSITIVE,
    TEXT,
    RunFormat,
    one_of,
    or_null,
    whole,
)

LENET = {
    'conv1.W': (20, 1, 5, 5), 'conv1.b': (20,),
    'conv2.W': (50, 20, 5, 5), 'conv2.b': (50,),
    'dense1.W': (800, 500), 'dense1.b': (500,),
    'dense2.W': (500, 10), 'dense2.b': (10,),
}


def cifar_quick(classes):
    """Those of CIFAR-10 quick, for so many classes."""
    return {
        'mean.image': (3, 32, 32),
        'conv1.W': (32, 3, 5, 5), 'conv1.b': (32,),
        'conv2.W': (32, 32, 5, 5), 'conv2.b': (32,),
        'conv3.W': (64, 32, 5, 5), 'conv3.b': (64,),
        'dense1.W': (1024, 64), 'dense1.b': (64,),
        'dense2.W': (64, classes), 'dense2.b': (classes,)}


#: What every run.json of ours says, by part.
ENTRIES = {
    'arguments': {
        'net': one_of('lenet', 'cifar-quick'), 'model': or_null(TEXT),
        'beta': or_null(POSITIVE), 'epsilon': or_null(NUMBER),
        'ratio': or_null(NUMBER), 'iterations': whole(1),
        'test_every': whole(1), 'batch_size': whole(1), 'seed': whole(0),
        'limit_train': or_null(whole(1)), 'checkpoint_every': whole(1),
        'snapshots': FLAG, 'float64': FLAG},
    'data': {'name': one_of('mnist', 'digits', 'cifar10', 'cifar100',
                            'folder'),
             'checksum': TEXT},
    'machine': {'device': TEXT, 'threads': whole(1)},
}
BANG = RunFormat('bang.py', 'bang-run/1', ENTRIES,
                 {'lenet': LENET, 'cifar-quick': cifar_quick(10),
                 'cifar-quick-100': cifar_quick(100)}, 'iteration',
                # Runs from before there were choices: TRAIN_IMAGES[0], and
                # Theano's softmax.
                {'arguments': {'train_images': or_null(whole(1)),
                               'softmax': or_null(one_of('caffe', 'theano'))}})
