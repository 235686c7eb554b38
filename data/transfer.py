"""One HTTP request for one file, going on where the last one broke off."""

import contextlib
import http.client
import os
import socket
import time
import urllib.error
import urllib.request

from tqdm import tqdm

from storage.atomic import flush

_CHUNK = 1 << 16  # bytes
_SLOWEST = 1024  # bytes a second, once `timeout` has passed


class Refused(Exception):
    """There is no use in asking this server again."""


class BrokenOff(Exception):
    """The transfer broke off; asking again may get the rest."""


def transfer(url, part, most, timeout):
    """Download `url` to the file `part`, after what `part` already holds.

    Parameters
    ----------
    url : str
        http or https.
    part : str
        Path of the unfinished file; it need not exist.
    most : int
        Bytes beyond which the answer cannot be the file wanted.
    timeout : float
        The longest silence of the server, in seconds.

    Returns
    -------
    bool
        Whether the server took up the transfer where `part` ended. If
        False, all of `part` comes from this request.

    Raises
    ------
    Refused, BrokenOff
        Why it failed, in words. What did arrive stays in `part`.
    OSError
        `part` cannot be written.
    """
    begun = os.path.getsize(part) if os.path.exists(part) else 0
    with _ask(url, part, begun, timeout) as answer:
        start = _first_byte(answer, part, begun)
        # The file's length as far as the server tells it.
        end = None if answer.length is None else start + answer.length
        with open(part, 'r+b' if start else 'wb') as stream, tqdm(
                desc=os.path.basename(url), total=end, initial=start,
                unit='B', unit_scale=True, disable=None) as bar:
            stream.seek(start)
            for chunk in _chunks(answer, timeout):
                if stream.tell() + len(chunk) > most:
                    _forget(part)
                    raise Refused('it sends more than %d bytes' % most)
                stream.write(chunk)
                bar.update(len(chunk))
            flush(stream)
            if end is not None and stream.tell() < end:
                raise BrokenOff('the connection broke off after %d of %d '
                                'bytes' % (stream.tell(), end))
    return start > 0


def _ask(url, part, begun, timeout):
    """Send the request; the answer's status is 200 or 206."""
    headers = {'User-Agent': 'song2017'}
    if begun:
        headers['Range'] = 'bytes=%d-' % begun
    try:
        request = urllib.request.Request(url, headers=headers)
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:
            _forget(part)
        kind = BrokenOff if error.code in (416, 429) or (
            error.code >= 500) else Refused
        raise kind('HTTP %d %s' % (error.code, error.reason)) from error
    except urllib.error.URLError as error:
        raise Refused(_words(error.reason)) from error
    except (socket.timeout, ValueError) as error:
        raise Refused(_words(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise BrokenOff(_words(error)) from error


def _first_byte(answer, part, begun):
    """Where in the file the answer's body starts."""
    if answer.status != 206:
        return 0
    span = answer.headers.get('Content-Range', '')
    if not span.startswith('bytes %d-' % begun):
        _forget(part)
        raise BrokenOff('it sent %r when asked for bytes %d-'
                        % (span, begun))
    return begun


def _chunks(answer, timeout):
    """The body in pieces as they come."""
    began, received = time.monotonic(), 0
    while True:
        try:
            chunk = answer.read1(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOff(_words(error)) from error
        if not chunk:
            return
        yield chunk
        received += len(chunk)
        elapsed = time.monotonic() - began
        if elapsed > timeout and received < _SLOWEST * elapsed:
            raise BrokenOff('it sends fewer than %d bytes a second'
                            % _SLOWEST)


def _forget(part):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part)


def _words(error):
    """A network error on one line."""
    words = getattr(error, 'strerror', None) or str(error)
    return ' '.join(words.split()) or type(error).__name__
