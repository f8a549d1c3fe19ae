"""What a browser does not do over TLS: requests that come together, and a call whose client does not read."""

import json
import os
import re
import socket
import struct
import time
from pathlib import Path

import pytest

from certificate import self_signed
from server import Server

# One request of each kind, and how its answer begins.
HANDSHAKE = (
    b"GET /v1/call HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-protocol: voiceforge.v1\r\n\r\n")
FLOW = b"states: {}"
KINDS = {
    "GET": (b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", b"200"),
    "HEAD": (b"HEAD /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", b"200"),
    "POST": (
        b"POST /api/flows/check HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n%s" % (len(FLOW), FLOW), b"200"),
    "POST without body": (b"POST /api/flows/check HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", b"200"),
    "POST in chunks": (
        b"POST /api/flows/check HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n"
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(FLOW), FLOW), b"200"),
    "PUT": (b"PUT /api/flows/none HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 3\r\n\r\nabc", b"4.."),
    "DELETE": (b"DELETE /api/calls/none HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", b"4.."),
    # 503: so many calls at once are more than the server lets begin.
    "upgrade": (HANDSHAKE, b"101|503"),
    "garbage": (b"NONSENSE\r\n\r\n", b"400"),
}
# Nothing that follows these is answered.
LAST = {"upgrade", "garbage"}
# Of each pair so many places to cut it in two are tried, spread over its bytes.
SPLITS = 12
WAIT_S = 60


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """A server that speaks TLS, and a context that trusts it. Many connections of one address come: as from a proxy."""
    options, trust = self_signed(tmp_path_factory.mktemp("tls"))
    running = Server(*options, trust=trust, environment={"VOICEFORGE_BEHIND_PROXY": "true"}).wait_until_ready()
    yield running, trust
    running.stop()


def connect(secure, receive_buffer=None):
    server, trust = secure
    plain = socket.socket()
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.settimeout(WAIT_S)
    plain.connect(("127.0.0.1", server.port))
    return trust.wrap_socket(plain, server_hostname="127.0.0.1")


def statuses(line, count):
    """The statuses of the first `count` answers, or of those before the end."""
    received = b""
    while True:
        found = re.findall(rb"HTTP/1\.1 (\d\d\d) ", received)
        if len(found) >= count and received.count(b"\r\n\r\n") >= count:
            return found
        piece = line.recv(65536)
        if not piece:
            return found
        received += piece


@pytest.mark.parametrize("first", KINDS)
def test_every_pair_of_requests_in_one_record_and_in_two(secure, first):
    for second in KINDS:
        expected = [KINDS[first][1]] + ([] if first in LAST else [KINDS[second][1]])
        text = KINDS[first][0] + KINDS[second][0]
        for cut in sorted({0, *(len(text) * part // SPLITS for part in range(1, SPLITS))}):
            with connect(secure) as line:
                if cut:
                    line.sendall(text[:cut])
                line.sendall(text[cut:])
                found = statuses(line, len(expected))
            matches = [re.fullmatch(want, got) for want, got in zip(expected, found, strict=False)]
            assert len(found) == len(expected) and all(matches), (first, second, cut, found)
    secure[0].wait_until_ready()


def frame(opcode, payload):
    """A client's frame, masked with zeros."""
    head = bytes([0x80 | opcode])
    head += bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0xFE]) + struct.pack("!H", len(payload))
    return head + bytes(4) + payload


def test_a_call_whose_client_never_reads_is_over_for_good(secure):
    """Its relay kept two sockets, and a core, for as long as the client stayed."""
    server, _ = secure
    descriptors = Path(f"/proc/{server.pid}/fd")
    with connect(secure) as line:  # before the first one the server may have opened less
        statuses(line, 0)
    before = len(os.listdir(descriptors))
    deadline = time.monotonic() + WAIT_S
    while True:  # the calls of the tests before may have closed the door for some seconds
        line = connect(secure, receive_buffer=2048)
        line.sendall(HANDSHAKE)
        answer = line.recv(4096)
        if b" 101 " in answer or time.monotonic() > deadline:
            break
        line.close()
        time.sleep(0.5)
    assert b" 101 " in answer
    start = {"type": "start", "flow": "appointment", "codec": "pcm16", "sampleRate": 48000}
    line.sendall(frame(1, json.dumps(start).encode()))
    deadline = time.monotonic() + 2 * WAIT_S
    while len(os.listdir(descriptors)) <= before and time.monotonic() < deadline:
        time.sleep(0.1)
    while len(os.listdir(descriptors)) > before and time.monotonic() < deadline:
        time.sleep(0.5)
    assert len(os.listdir(descriptors)) <= before
    line.close()
