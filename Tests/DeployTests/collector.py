"""A collector of OpenTelemetry that understands what it is sent with the messages of the package `opentelemetry-proto`, and the servers
that a tool and a language model of a flow are at."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

WAIT_S = 180
# Words that a model says, in pieces.
PIECES = ["Good ", "morning. ", "How are ", "you?"]


class Span:
    """A span as it came, with what it was sent with."""

    def __init__(self, message, resource, scope):
        self.message, self.scope = message, scope
        self.resource = _attributes(resource.attributes)
        self.name, self.kind = message.name, message.kind
        self.trace, self.id, self.parent = message.trace_id.hex(), message.span_id.hex(), message.parent_span_id.hex()
        self.start_us, self.end_us = message.start_time_unix_nano / 1000, message.end_time_unix_nano / 1000
        self.attributes = _attributes(message.attributes)

    def __repr__(self):
        return f"{self.name} {self.attributes} {self.end_us - self.start_us:.0f} µs"


class _Server:
    """Answers on a thread for each connection, by `self.answer(handler, body)`."""

    def __init__(self, port=0):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                server.answer(self, b"")

            def do_POST(self):
                server.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_):
                """Says nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


class Collector(_Server):
    """Takes spans. `refusals`: answers, each a status, headers and a body, that come before it takes any."""

    def __init__(self, port=0, refusals=()):
        self.refusals = list(refusals)
        self.spans, self.headers, self.faults = [], [], []
        self._changed = threading.Condition()
        super().__init__(port)

    def answer(self, handler, body):
        with self._changed:
            self.headers.append(dict(handler.headers.items()))
            status, headers, answer = self.refusals.pop(0) if self.refusals else (200, {}, None)
            if status == 200:
                self._take(handler, body)
            self._changed.notify_all()
        content = ExportTraceServiceResponse().SerializeToString() if answer is None else answer
        _reply(handler, status, {"Content-Type": "application/x-protobuf", **headers}, content)

    def wait_for_call(self, call):
        """All spans of a call, once they are there: they come in one request."""
        return self._wait(lambda: (traces := [span.trace for span in self.spans if span.attributes.get("session.id") == call])
                          and [span for span in self.spans if span.trace == traces[0]])

    def wait_for_spans(self, name, count):
        """So many spans of this name, whoever's they are."""
        return self._wait(lambda: len(found := [span for span in self.spans if span.name == name]) >= count and found)

    def wait_for_requests(self, count):
        return self._wait(lambda: len(self.headers) >= count)

    def _take(self, handler, body):
        if handler.path != "/v1/traces" or handler.headers["Content-Type"] != "application/x-protobuf":
            self.faults.append(f"{handler.path} {handler.headers['Content-Type']}")
        message = ExportTraceServiceRequest()
        try:
            message.ParseFromString(body)
        except DecodeError as error:
            self.faults.append(repr(error))
        self.faults += _unknown_fields(message)
        for part in message.resource_spans:
            for scoped in part.scope_spans:
                self.spans += [Span(span, part.resource, scoped.scope) for span in scoped.spans]

    def _wait(self, found):
        deadline = time.monotonic() + WAIT_S
        with self._changed:
            while not (result := found()):
                assert self._changed.wait(deadline - time.monotonic()), (self.faults, self.headers, self.spans)
            return result


class Neighbour(_Server):
    """What a flow's tool asks, and a language model in OpenAI's shape. `asked`: the path and the headers of each request."""

    def __init__(self):
        self.asked = []
        super().__init__()

    def answer(self, handler, body):
        self.asked.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
        if handler.path.startswith("/v1/chat/completions"):
            lines = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in PIECES]
            lines.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            lines.append({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}})
            body = "".join(f"data: {json.dumps({'model': 'small-model', **line})}\n\n" for line in lines) + "data: [DONE]\n\n"
            return _reply(handler, 200, {"Content-Type": "text/event-stream"}, body.encode())
        status = 503 if "broken" in handler.path else 200
        return _reply(handler, status, {"Content-Type": "application/json"}, b'{"state": "sent"}')

    def traceparents(self, path):
        return [headers.get("traceparent") for asked, headers in self.asked if asked.startswith(path)]


def _reply(handler, status, headers, body):
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _unknown_fields(message):
    """What none of the messages has a place for is kept unread otherwise."""
    found = [f"{message.DESCRIPTOR.name} has no field {field.field_number}" for field in UnknownFieldSet(message)]
    for descriptor, value in message.ListFields():
        if descriptor.message_type:
            for part in value if descriptor.is_repeated else [value]:
                found += _unknown_fields(part)
    return found


def _attributes(pairs):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


@contextmanager
def open_until_the_end(server):
    try:
        yield server
    finally:
        server.close()
