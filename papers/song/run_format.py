"""What a run of mnist_cnn.py or distill.py is on disk; without NumPy."""

from storage.run_description import (
    FLAG,
    NUMBER,
    OBJECT,
    POSITIVE,
    TEXT,
    RunFormat,
    one_of,
    or_null,
    whole,
)

ARCHITECTURE = 'song2017-cnn'
ATTACK = 'song2017-attack/1'   # of attack.json
SHAPES = {
    'conv1.W': (32, 1, 3, 3), 'conv1.b': (32,),
    'conv2.W': (32, 32, 3, 3), 'conv2.b': (32,),
    'conv3.W': (64, 32, 3, 3), 'conv3.b': (64,),
    'conv4.W': (64, 64, 3, 3), 'conv4.b': (64,),
    'dense1.W': (1024, 200), 'dense1.b': (200,),
    'dense2.W': (200, 200), 'dense2.b': (200,),
    'dense3.W': (200, 10), 'dense3.b': (10,),
}
#: What every run.json of ours says, by part.
ENTRIES = {
    'arguments': {
        'temperature': POSITIVE, 'epochs': whole(1), 'batch_size': whole(1),
        'learning_rate': POSITIVE, 'momentum': NUMBER, 'penalty': NUMBER,
        'seed': whole(0), 'split': one_of('paper', 'script'),
        'limit_train': or_null(whole(1)), 'checkpoint_every': whole(1),
        'float64': FLAG},
    'data': {'name': one_of('mnist', 'digits'), 'checksum': TEXT},
    'machine': {'device': TEXT, 'threads': whole(1)},
}
#: A student's labels, which are there before its run.json is.
LABELS = 'distilled_labels.npz'
SONG = RunFormat(
    'mnist_cnn.py', 'song2017-run/1', ENTRIES, {ARCHITECTURE: SHAPES},
    'epoch', optional={'': {'distillation': OBJECT},
                       'distillation': {'labels_sha256': TEXT}},
    early=(LABELS,))
