"""A double of the Swift project's download site."""

import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

# Prints what it was asked, so that a test sees whose Swift ran.
COMPILER = """#!/bin/sh
[ "$1" = --version ] && echo "Swift version {version} (double)" || echo "Swift {version} was asked: $*"
"""


def toolchain(version="9.9.9", compiler=COMPILER):
    """An archive as the site's are. Some of it cannot be compressed, so that it comes in several pieces."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        files = {"usr/bin/swift": compiler.format(version=version).encode(), "usr/lib/library.so": Random(1).randbytes(1_000_000)}
        for path, data in files.items():
            entry = tarfile.TarInfo(f"swift-{version}-RELEASE-debian12/{path}")
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


class SwiftSite:
    """Serves one archive, whatever path is asked for, and remembers the requests.

    - `breaks`: for each of the next answers, after how many bytes of it the connection is closed.
    - `ranges`: it can go on from where an answer broke off.
    - `status`: what it answers.
    - `halts`: it sends half of an answer, sets `halted`, and sends nothing more until it stops.
    """

    def __init__(self, archive):
        self.archive, self.breaks, self.ranges, self.status, self.halts = archive, [], True, 200, False
        self.requests, self.halted, self.stopped = [], threading.Event(), threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append((self.path, self.headers["Range"]))
                site.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def ranges_asked(self):
        return [asked for _, asked in self.requests]

    def answer(self, request):
        if self.status != 200:
            request.send_error(self.status)
            return
        asked = request.headers["Range"]
        begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        body = self.archive[begin:]
        if not body:
            request.send_error(416)
            return
        request.send_response(206 if begin else 200)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(self.archive) - 1}/{len(self.archive)}")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.halts:
            request.wfile.write(body[:len(body) // 2])
            self.halted.set()
            self.stopped.wait()
        else:
            request.wfile.write(body[:self.breaks.pop(0)] if self.breaks else body)
