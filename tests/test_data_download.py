import gzip
import os
import signal
import subprocess
import sys
import time

import fault_server
import pytest
import small_mnist

from data import download
from data.catalogue import Unavailable

TESTS = os.path.dirname(os.path.abspath(__file__))
NAME = 'train-images-idx3-ubyte'
BLOB = small_mnist.packed_files()[NAME + '.gz']
RAW = small_mnist.raw_files()[NAME]


def fetch(folder, *urls, **patience):
    """Download the training images only."""
    files = small_mnist.collection().files[:1]
    with pytest.MonkeyPatch.context() as patch, download.alone(
            str(folder), 'MNIST'):
        for name, value in patience.items():
            patch.setattr(download, name, value)
        return download.fetch(files, str(folder), list(urls))[NAME]


def left_in(folder):
    return sorted(name for name in os.listdir(str(folder)) if name != '.lock')


def assert_fetched(folder, raw):
    """The content is right, the file is, and nothing else is left."""
    assert raw == RAW
    assert left_in(folder) == [NAME + '.gz']
    assert gzip.decompress((folder / (NAME + '.gz')).read_bytes()) == RAW


def test_a_good_mirror_gives_the_file(cache, mirror):
    assert_fetched(cache, fetch(cache, mirror.url))
    assert mirror.asked(NAME + '.gz') == [None]


def test_a_connection_cut_half_way_is_resumed(cache, mirror):
    half = len(BLOB) // 2
    mirror.faults[NAME + '.gz'] = [fault_server.cut(half)]
    assert_fetched(cache, fetch(cache, mirror.url))
    assert mirror.asked(NAME + '.gz') == [None, 'bytes=%d-' % half]


def test_two_cuts_in_a_row_are_resumed(cache, mirror):
    mirror.faults[NAME + '.gz'] = [fault_server.cut(100)] * 2
    assert_fetched(cache, fetch(cache, mirror.url))
    assert mirror.asked(NAME + '.gz') == [None, 'bytes=100-', 'bytes=200-']


def test_another_mirror_takes_up_what_the_first_began(cache, mirror, spare):
    mirror.faults[NAME + '.gz'] = [fault_server.cut(100),
                                   fault_server.status(404)]
    assert_fetched(cache, fetch(cache, mirror.url, spare.url))
    assert spare.asked(NAME + '.gz') == ['bytes=100-']


def test_a_server_without_range_is_asked_for_all_of_it(cache, mirror):
    mirror.faults[NAME + '.gz'] = [fault_server.cut(5000),
                                   fault_server.whole]
    assert_fetched(cache, fetch(cache, mirror.url))
    assert mirror.asked(NAME + '.gz') == [None, 'bytes=5000-']


@pytest.mark.parametrize('part', [b'\x00' * 300, BLOB + b'more', BLOB])
def test_a_useless_part_is_started_afresh(cache, mirror, part):
    small_mnist.write(cache, {NAME + '.gz.part': part})
    assert_fetched(cache, fetch(cache, mirror.url))
    assert mirror.asked(NAME + '.gz') == ['bytes=%d-' % len(part), None]


OTHER = small_mnist.packed_files(seed=1)[NAME + '.gz']


@pytest.mark.parametrize('fault', [
    fault_server.status(404), fault_server.page, fault_server.silence,
    fault_server.other(OTHER), fault_server.lengthless(5000),
    fault_server.lengthless(0)])
def test_a_hopeless_mirror_is_asked_once_then_the_next(
        cache, mirror, spare, fault):
    mirror.faults[NAME + '.gz'] = [fault]
    assert_fetched(cache, fetch(cache, mirror.url, spare.url, TIMEOUT=0.5))
    assert mirror.asked(NAME + '.gz') == [None]
    assert spare.asked(NAME + '.gz') == [None]


@pytest.mark.parametrize('fault', [
    fault_server.status(503), fault_server.hang_up])
def test_a_stumbling_mirror_is_asked_again(cache, mirror, spare, fault):
    mirror.faults[NAME + '.gz'] = [fault]
    assert_fetched(cache, fetch(cache, mirror.url, spare.url))
    assert mirror.asked(NAME + '.gz') == [None, None]
    assert spare.requests == []


def test_the_tries_of_a_mirror_are_bounded(cache, mirror):
    mirror.faults[NAME + '.gz'] = [fault_server.status(500)] * 9
    with pytest.raises(Unavailable, match='HTTP 500'):
        fetch(cache, mirror.url, TRIES=4)
    assert len(mirror.requests) == 4


@pytest.mark.parametrize('fault, message', [
    (fault_server.status(404), 'HTTP 404 Not Found'),
    (fault_server.page, 'what it sent is a web page, not data'),
    (fault_server.other(OTHER), 'what it sent holds other data'),
    (fault_server.lengthless(5000), 'what it sent is cut short'),
    (fault_server.silence, 'timed out')])
def test_when_all_mirrors_fail_one_line_says_how(
        cache, mirror, spare, fault, message):
    for server in (mirror, spare):
        server.faults[NAME + '.gz'] = [fault]
    with pytest.raises(Unavailable) as caught:
        fetch(cache, mirror.url, spare.url, TIMEOUT=0.3)
    said = str(caught.value)
    assert said.startswith(NAME + '.gz could not be downloaded (')
    assert said.count(message) == 2
    assert mirror.url in said
    assert spare.url in said
    assert '\n' not in said
    assert left_in(cache) == []


def test_without_a_network_nothing_is_retried(cache, mirror):
    mirror.__exit__()
    # A retry would sleep first, and time.sleep refuses negative times.
    with pytest.raises(Unavailable, match='Connection refused'):
        fetch(cache, mirror.url, PAUSE=-1)
    assert left_in(cache) == []


def test_a_mirror_that_failed_is_asked_last_for_the_other_files(
        cache, mirror, spare):
    collection = small_mnist.collection(mirror.url, spare.url)
    mirror.faults[NAME + '.gz'] = [fault_server.status(404)]
    with download.alone(str(cache), 'MNIST'):
        download.fetch(collection.files, str(cache),
                       [mirror.url, spare.url])
    assert len(mirror.requests) == 1
    assert len(spare.requests) == 4


SCRIPT = ('import sys, small_mnist; from data import mnist; '
          'print(mnist.load(collection='
          'small_mnist.collection(sys.argv[1])).checksum)')


def start(url):
    """Load the small collection in another process."""
    path = os.pathsep.join([os.path.dirname(TESTS), TESTS])
    return subprocess.Popen(
        [sys.executable, '-c', SCRIPT, url], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=path),
        universal_newlines=True)


def wait_for(condition):
    """Poll for up to 20 seconds."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError('nothing happened for 20 seconds')


def test_a_killed_download_leaves_no_bad_file_and_is_resumed(cache, mirror):
    mirror.faults[NAME + '.gz'] = [fault_server.stall(30000)]
    part = cache / (NAME + '.gz.part')
    process = start(mirror.url)
    try:
        wait_for(lambda: part.exists() and part.stat().st_size > 0)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    held = part.stat().st_size
    assert left_in(cache) == [NAME + '.gz.part']
    assert part.read_bytes() == BLOB[:held]
    output, errors = start(mirror.url).communicate(timeout=30)
    assert output.strip() == small_mnist.checksum(), errors
    assert mirror.asked(NAME + '.gz') == [None, 'bytes=%d-' % held]
    assert left_in(cache) == sorted(small_mnist.packed_files())


def test_two_processes_download_everything_once(cache, mirror):
    mirror.faults[NAME + '.gz'] = [fault_server.stall(30000)]
    processes = [start(mirror.url)]
    wait_for(lambda: mirror.requests)
    processes.append(start(mirror.url))
    # The first is stalled: the second must be waiting, and say so.
    waiting = processes[1].stderr.readline()
    mirror.closing.set()
    outputs = [process.communicate(timeout=30) for process in processes]
    assert 'Another process is downloading MNIST' in waiting
    for output, errors in outputs:
        assert output.strip() == small_mnist.checksum(), errors
    assert len(mirror.asked('t10k-labels-idx1-ubyte.gz')) == 1
    assert left_in(cache) == sorted(small_mnist.packed_files())
