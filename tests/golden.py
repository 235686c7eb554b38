"""Digests of what the scripts compute, which refactorings may not change.

    python tests/golden.py --record             all groups
    python tests/golden.py --record results     only these

golden.json holds SHA-256 by kind of machine, by group and by file, as the
commands of a group leave it; those of the group `results`, which computes
nothing that depends on a machine, once for all kinds. `test_golden` compares
them. They are right to be recorded anew for a new kind of machine, for new
results, and after an intended change of bits, which CHANGES.md must tell.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if __name__ == '__main__':
    sys.path.insert(0, ROOT)

import numpy as np
from script_runner import Scripts

GOLDEN = os.path.join(ROOT, 'tests', 'golden.json')
RESULTS, ANY = 'results', 'any machine'
#: What may differ while no bit of a result does.
VARYING = {'seconds', 'machine', 'versions', 'git_commit', 'code', 'command',
           'train_images', 'pass_moves', 'channels',
           'softmax'}   # options of later
#: Processors with AVX-512 shall compute as those without, as far as these
#: can make them.
NARROW = {'OPENBLAS_CORETYPE': 'Haswell', 'ONEDNN_MAX_CPU_ISA': 'AVX2'}
WIDE = 'AVX512F AVX512CD AVX512_SKX'   # NumPy complains where they are not

#: Exit code of a training too short to learn, which leaves no weights, but a
#: checkpoint.
PLATEAU = 3

DIGITS = ('--dataset', 'digits', '--seed', 1)
BANG = DIGITS + ('--iterations', 40, '--test-every', 20, '--snapshots',
                 '--train-images', 50000)
#: Out of the plateau, so that there is a teacher.
STD = ('mnist_cnn.py', *DIGITS, '--temperature', 5, '--epochs', 3)
DISTILL = ('distill.py', *DIGITS, '--temperature', 5, '--epochs', 1,
           '--limit-train', 128, '--teacher', 'std')
NOISE = ('noise_bang.py', 'R0', 'B1', '--images', 1, '--repeats', 5,
         '--sigmas', 50, 100)
ARITHMETICS = {'float32 onednn': ('--ops', 'onednn'),
               'float32 c': ('--ops', 'c'),
               'float32 theano': ('--ops', 'theano'),
               'float64 c': ('--float64', '--ops', 'c'),
               'float64 theano': ('--float64', '--ops', 'theano')}

WEIGHTS = os.path.join(ROOT, 'weights')
MODELS = ('--models', os.path.join(WEIGHTS, 'std'),
          os.path.join(WEIGHTS, 'std-T20'))
BANG_MODELS = ('--models', os.path.join(WEIGHTS, 'bang-R0'),
               os.path.join(WEIGHTS, 'bang-B1'))
ATTACK = MODELS + ('--samples', 4, '--limit', 20, '--pictures', 0)
ATTACK4 = MODELS + ('--samples', 2, '--limit', 4, '--pictures', 0)
SCRIPT = ('--variant', 'script', '--models', os.path.join(WEIGHTS, 'std'),
          '--arithmetic', 'float32')


def groups():
    """Commands by group, each a folder's name, a script and its options."""
    found = {}
    for name, ops in ARITHMETICS.items():
        found[name + ' Song'] = {'std': STD + ops, 'distill': DISTILL + ops}
        found[name + ' BANG'] = {
            'R0': ('bang.py', *BANG, *ops),
            'B1': ('bang.py', '--model', 'B1', '--softmax', 'theano', *BANG,
                   *ops)}
        if name.endswith(('onednn', 'float64 c')):
            found[name + ' BANG']['noise'] = NOISE + ops
            found[name + ' attacks on BANG'] = {'attack': (
                'attack_bang.py', *BANG_MODELS, '--samples', 4,
                '--pass-moves', 'adversarial', '--pictures', 0, *ops)}
    found['float32 c BANG, softmax of Caffe'] = {'B1': (
        'bang.py', '--model', 'B1', *BANG, '--ops', 'c')}
    for script, options in (('test1', ATTACK), ('test2', ATTACK),
                            ('test3', ATTACK), ('test4', ATTACK4)):
        found[script] = {'paper': (script + '.py', *options),
                         'script': (script + '.py', *options, *SCRIPT)}
    found['explorer'] = {'explorer': (
        'explore.py', *MODELS, '--algorithm', 1, 2, 3, '--limit', 10,
        '--indices', 'indices.txt')}
    return found


def kind():
    """What bits depend on: processor, NumPy and compiler."""
    with open('/proc/cpuinfo') as stream:
        text = stream.read()
    vendor = re.search(r'vendor_id\s*: (.*)', text)
    flags = text.split()
    widest = [name for name in ('avx512f', 'avx2') if name in flags]
    compiler = subprocess.run(['g++', '-dumpfullversion'], check=True,
                              stdout=subprocess.PIPE, text=True)
    return '%s %s, NumPy %s, g++ %s' % (
        vendor.group(1) if vendor else 'unknown', (widest or ['old'])[0],
        np.__version__, compiler.stdout.strip())


def compute(group, folder):
    """Digests by file of what the commands of a group leave.

    Parameters
    ----------
    group : str
    folder : str
        An empty one.

    Returns
    -------
    dict of str to str
    """
    scripts = Scripts(folder)
    if group == RESULTS:
        return compute_results(scripts)
    with open(scripts.path('indices.txt'), 'w') as stream:
        stream.write('0\n1\n')
    found = {}
    for name, (script, *options) in groups()[group].items():
        run(scripts, script, *options, '--threads', 1, '--out', name)
        found.update(digests(scripts.path(), name))
    return found


def run(scripts, script, *options):
    """Run a script as on a processor without AVX-512."""
    with open('/proc/cpuinfo') as stream:
        wide = 'avx512f' in stream.read()
    code, _, err = scripts.run(
        script, *options, OPENBLAS_NUM_THREADS='1',
        NPY_DISABLE_CPU_FEATURES=WIDE if wide else None, **NARROW)
    assert code in (0, PLATEAU), err


def compute_results(scripts):
    """Digests of the tables that a copy of the checkout makes of results/."""
    root = scripts.path('checkout')
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(
        '.*', 'tests', 'studies', 'runs', 'report', 'build'))
    for script, *paper in (('reproduce.py',), ('reproduce_bang.py',),
                           ('reproduce.py', 'smooth')):
        run(scripts, os.path.join(root, script), *paper, '--tables')
    run(scripts, os.path.join(root, 'reproduce.py'), '--render', '--report',
        'report')
    found = digests(scripts.path(), 'report', '.tex')
    for mark in ('ledger', 'bang ledger', 'smooth ledger'):
        found['README: ' + mark] = sha256(generated(root, mark).encode())
    return found


def generated(root, mark):
    """The part between two markers, in whichever page has it."""
    places = [root, os.path.join(root, 'docs')]
    for path in [os.path.join(place, name) for place in places
                 if os.path.isdir(place) for name in os.listdir(place)
                 if name.endswith('.md')]:
        with open(path, encoding='utf-8') as stream:
            part = re.search('(?s)<!-- %s -->.*<!-- end of %s -->' % (
                mark, mark), stream.read())
        if part:
            return part.group()
    raise AssertionError('no page has a part <!-- %s -->' % mark)


def digests(root, folder, *endings):
    """Digests of a folder's files, by their names from a root."""
    readers = {'.npz': npz_content, '.json': json_content, '.tex': content}
    found = {}
    for place, _, names in os.walk(os.path.join(root, folder)):
        for name in names:
            ending = os.path.splitext(name)[1]
            if ending in (endings or ('.npz', '.json')):
                path = os.path.join(place, name)
                found[os.path.relpath(path, root)] = sha256(
                    readers[ending](path))
    assert found, 'no results in %s' % folder
    return found


def content(path):
    """A file's bytes."""
    with open(path, 'rb') as stream:
        return stream.read()


def json_content(path):
    """The bytes of a JSON file without what may vary."""
    return canonical(json.loads(content(path)))


def npz_content(path):
    """Names, types, shapes and bytes of all arrays of a file."""
    parts = []
    with np.load(path, allow_pickle=False) as arrays:
        for name in sorted(arrays.files):
            array = arrays[name]
            if array.dtype.kind == 'U' and array.item(0)[0] == '{':   # JSON
                parts.append(canonical({name: json.loads(array.item())}))
            else:
                parts.append(('%s %s %s ' % (
                    name, array.dtype.str, array.shape)).encode())
                parts.append(array.tobytes())
    return b''.join(parts)


def canonical(value):
    """The bytes of a JSON value without what may vary."""
    return json.dumps(steady(value), sort_keys=True).encode()


def steady(value):
    """A JSON value without what may vary."""
    if isinstance(value, dict):
        return {key: steady(part) for key, part in value.items()
                if key not in VARYING}
    return [steady(part) for part in value] if isinstance(
        value, list) else value


def sha256(data):
    """The digest of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read():
    """What golden.json holds."""
    with open(GOLDEN, encoding='utf-8') as stream:
        return json.load(stream)


def of_group(golden, group):
    """A group's part of what golden.json holds; None if not recorded."""
    return golden.get(ANY if group == RESULTS else kind(), {}).get(group)


def compute_aside(group):
    """`compute` in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return compute(group, folder)


def record(names):
    """Compute groups, and write them into golden.json."""
    golden = read() if os.path.exists(GOLDEN) else {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, found in zip(names, pool.map(compute_aside, names)):
            golden.setdefault(ANY if name == RESULTS else kind(), {})[
                name] = found
            write(golden)
            print('recorded %s' % name, flush=True)


def write(golden):
    """Put digests into golden.json."""
    with open(GOLDEN + '.new', 'w', encoding='utf-8') as stream:
        json.dump(golden, stream, indent=1, sort_keys=True)
        stream.write('\n')
    os.replace(GOLDEN + '.new', GOLDEN)


def parser():
    """The options of golden.py."""
    options = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--record', nargs='*', metavar='GROUP',
                         choices=[*groups(), RESULTS], required=True,
                         help='write the digests of this machine')
    return options


if __name__ == '__main__':
    record(parser().parse_args().record or [*groups(), RESULTS])
