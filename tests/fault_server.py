"""A mirror on 127.0.0.1 that misbehaves as told, and keeps a record.

`FaultServer.faults[name]` is a list of functions, one for each coming
request for that file; when it is used up, the file is served properly, with
Range. Waiting faults end when the server closes, or after ten seconds.
"""

import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b'<!DOCTYPE html><html><body>Please log in.</body></html>'


class FaultServer:
    """Serve `files` (bytes by name); use it in a with statement."""

    def __init__(self, files):
        self.files = files
        self.faults = defaultdict(list)
        self.requests = []  # (name, Range header or None)
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(('127.0.0.1', 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = 'http://127.0.0.1:%d/' % self._server.server_port

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def asked(self, name):
        """The Range headers of the requests for a file, in order."""
        return [span for path, span in self.requests if path == name]


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self):
        owner = self.server.owner
        name = self.path.rsplit('/', 1)[-1]
        span = self.headers.get('Range')
        owner.requests.append((name, span))
        faults = owner.faults[name]
        serve = faults.pop(0) if faults else proper
        serve(self, owner.files[name], span)

    def log_message(self, *_):
        """Keep the tests' output clean."""

    def start(self, status, length=None, **headers):
        """Send the status line and the headers."""
        self.send_response(status)
        if length is not None:
            self.send_header('Content-Length', str(length))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()


def _first(span):
    """The offset in a header such as 'bytes=123-'."""
    return int(span[len('bytes='):-1]) if span else 0


def proper(handler, body, span):
    """What a good server does."""
    first = _first(span)
    if first >= len(body):
        handler.start(416, 0)
    elif span:
        handler.start(206, len(body) - first, Content_Range='bytes %d-%d/%d'
                      % (first, len(body) - 1, len(body)))
        handler.wfile.write(body[first:])
    else:
        whole(handler, body, span)


def whole(handler, body, span):
    """Ignore Range: status 200 and all of the file."""
    handler.start(200, len(body))
    handler.wfile.write(body)


def status(code):
    """Answer with an error and a page about it."""
    def serve(handler, body, span):
        handler.start(code, len(PAGE), Content_Type='text/html')
        handler.wfile.write(PAGE)
    return serve


def page(handler, body, span):
    """A login page with status 200, as captive portals send it."""
    handler.start(200, len(PAGE), Content_Type='text/html')
    handler.wfile.write(PAGE)


def cut(count):
    """Promise the rest of the file, send `count` bytes, hang up."""
    def serve(handler, body, span):
        rest = body[_first(span):]
        if span:
            handler.start(206, len(rest), Content_Range='bytes %d-%d/%d' % (
                _first(span), len(body) - 1, len(body)))
        else:
            handler.start(200, len(rest))
        handler.wfile.write(rest[:count])
    return serve


def lengthless(count):
    """Send the first `count` bytes, without a Content-Length."""
    def serve(handler, body, span):
        handler.start(200)
        handler.wfile.write(body[:count])
    return serve


def elsewhere(handler, body, span):
    """Answer a Range request with another range than it asked for."""
    handler.start(206, len(body), Content_Range='bytes 0-%d/%d' % (
        len(body) - 1, len(body)))
    handler.wfile.write(body)


def other(content):
    """Send something else, properly."""
    def serve(handler, body, span):
        proper(handler, content, span)
    return serve


def silence(handler, body, span):
    """Accept the request and never answer."""
    handler.server.owner.closing.wait(10)


def hang_up(handler, body, span):
    """Close the connection without a word."""


def stall(count):
    """Send `count` bytes of the file, then nothing more."""
    def serve(handler, body, span):
        handler.start(200, len(body))
        handler.wfile.write(body[:count])
        handler.wfile.flush()
        handler.server.owner.closing.wait(10)
    return serve


def drip(handler, body, span):
    """One byte now and then: never silent, never done."""
    closing = handler.server.owner.closing
    handler.start(200, len(body))
    for position in range(500):
        if closing.wait(0.02):
            break
        try:
            handler.wfile.write(body[position:position + 1])
        except OSError:  # the client gave up, as it should
            break
