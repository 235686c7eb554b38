import errno
import http.client
import os
import socket

import fault_server
import pytest

from data.transfer import BrokenOff, Refused, transfer

BODY = bytes(range(256)) * 400
MOST = len(BODY)
NAME = 'f.gz'


@pytest.fixture
def server(cache):
    with fault_server.FaultServer({NAME: BODY}) as running:
        yield running


def ask(server, part, most=MOST, timeout=5.0):
    return transfer(server.url + NAME, str(part), most, timeout)


def test_a_whole_file_arrives(server, tmp_path):
    part = tmp_path / 'part'
    assert ask(server, part) is False
    assert part.read_bytes() == BODY
    assert server.asked(NAME) == [None]


def test_a_file_system_without_flushing(server, tmp_path, monkeypatch):
    def refuse(number):
        raise OSError(errno.EINVAL, 'Invalid argument')

    monkeypatch.setattr(os, 'fsync', refuse)
    ask(server, tmp_path / 'part')
    assert (tmp_path / 'part').read_bytes() == BODY


@pytest.mark.parametrize('held', [1, 4096, len(BODY) - 1])
def test_a_part_is_resumed_where_it_ends(server, tmp_path, held):
    part = tmp_path / 'part'
    part.write_bytes(BODY[:held])
    assert ask(server, part) is True
    assert part.read_bytes() == BODY
    assert server.asked(NAME) == ['bytes=%d-' % held]


def test_a_server_that_ignores_range_starts_afresh(server, tmp_path):
    server.faults[NAME] = [fault_server.whole]
    part = tmp_path / 'part'
    part.write_bytes(b'old' * len(BODY))  # longer: its tail must go, too
    assert ask(server, part) is False
    assert part.read_bytes() == BODY


def test_a_broken_connection_keeps_what_came(server, tmp_path):
    server.faults[NAME] = [fault_server.cut(5000)]
    part = tmp_path / 'part'
    with pytest.raises(BrokenOff, match='broke off after 5000 of 102400'):
        ask(server, part)
    assert part.read_bytes() == BODY[:5000]


@pytest.mark.parametrize('fault', [fault_server.elsewhere,
                                   fault_server.status(416)])
def test_a_part_that_cannot_be_resumed_is_dropped(server, tmp_path, fault):
    server.faults[NAME] = [fault]
    part = tmp_path / 'part'
    part.write_bytes(BODY[:100])
    with pytest.raises(BrokenOff):
        ask(server, part)
    assert not part.exists()


def test_a_stalled_transfer_keeps_what_came(server, tmp_path):
    server.faults[NAME] = [fault_server.stall(5000)]
    with pytest.raises(BrokenOff, match='timed out'):
        ask(server, tmp_path / 'part', timeout=0.2)
    assert (tmp_path / 'part').read_bytes() == BODY[:5000]


def test_a_dripping_transfer_is_given_up(server, tmp_path):
    server.faults[NAME] = [fault_server.drip]
    with pytest.raises(BrokenOff, match='fewer than 1024 bytes a second'):
        ask(server, tmp_path / 'part', timeout=0.2)


def test_a_body_without_end_is_given_up(server, tmp_path):
    with pytest.raises(Refused, match='it sends more than 1000 bytes'):
        ask(server, tmp_path / 'part', most=1000)
    assert not (tmp_path / 'part').exists()


@pytest.mark.parametrize('fault, kind, message', [
    (fault_server.status(404), Refused, 'HTTP 404 Not Found'),
    (fault_server.status(403), Refused, 'HTTP 403 Forbidden'),
    (fault_server.status(503), BrokenOff, 'HTTP 503 Service Unavailable'),
    (fault_server.silence, Refused, 'timed out'),
    (fault_server.hang_up, BrokenOff, 'closed connection'),
])
def test_failures_before_the_first_byte(server, tmp_path, fault, kind,
                                        message):
    server.faults[NAME] = [fault]
    with pytest.raises(kind, match=message):
        ask(server, tmp_path / 'part', timeout=0.3)


def dead_url():
    """An address on this machine where nobody listens."""
    with socket.socket() as unused:
        unused.bind(('127.0.0.1', 0))
        return 'http://127.0.0.1:%d/' % unused.getsockname()[1]


@pytest.mark.parametrize('url', [dead_url() + NAME, 'http://[::1/f.gz',
                                 'http://127.0.0.1:1/\xe9', 'nonsense:f.gz'],
                         ids=['dead', 'bracket', 'accent', 'nonsense'])
def test_no_server_is_a_refusal(cache, tmp_path, url):
    with pytest.raises(Refused) as caught:
        transfer(url, str(tmp_path / 'part'), 10, 1.0)
    assert str(caught.value)
    assert not (tmp_path / 'part').exists()


def test_a_disk_that_cannot_be_written_is_not_the_servers_fault(
        server, tmp_path):
    (tmp_path / 'part').mkdir()
    with pytest.raises(IsADirectoryError):
        ask(server, tmp_path / 'part')


def test_the_fault_server_is_a_sound_mirror(server):
    """The helper itself: Range is answered as RFC 9110 has it."""
    connection = http.client.HTTPConnection(server.url[len('http://'):-1],
                                            timeout=5)
    connection.request('GET', '/' + NAME, headers={'Range': 'bytes=10-'})
    answer = connection.getresponse()
    assert answer.status == 206
    assert answer.headers['Content-Range'] == 'bytes 10-102399/102400'
    assert answer.read() == BODY[10:]
    connection.close()
