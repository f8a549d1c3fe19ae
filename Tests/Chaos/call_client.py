"""Calls over a WebSocket, as plain as a test needs them: one that listens to a long talk, and many short ones one after another."""

import base64
import json
import os
import socket
import struct
import threading
import time

START_WAIT_S = 20
TALK = "This is one of the many sentences of a long announcement that goes on and on for those who listen to it."
# Nobody's interruption ends it: the frames of such a call come without a pause.
LONG_TALK = "states:\n" + "".join(
    f"  part-{number}:\n    say: \"Part {number}. {' '.join([TALK] * 4)}\"\n    interruptible: false\n    next: part-{(number + 1) % 60}\n"
    for number in range(60))
LONG_TALK = LONG_TALK.replace("next: part-0\n", "next: bye\n") + "  bye: {end: done, say: Goodbye.}\n"


def connect(port, receive_bytes=None):
    """A TCP connection; `receive_bytes` bounds what the kernel takes for somebody who does not read."""
    client = socket.socket()
    if receive_bytes:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    return client


class CallClient:
    """One WebSocket to `/v1/call`."""

    def __init__(self, port, receive_bytes=None):
        self.socket = connect(port, receive_bytes)
        self._received = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /v1/call HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: voiceforge.v1\r\n\r\n".encode())
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.split(b"\r\n")[0].decode())

    def send(self, **message):
        """A text frame; the mask is of zeros."""
        payload = json.dumps(message).encode()
        self.socket.sendall(struct.pack("!BBH", 0x81, 0x80 | 126, len(payload)) + bytes(4) + payload)

    def frame(self):
        """The next frame: opcode and payload."""
        while (found := self._parse()) is None:
            self._receive()
        return found

    def message(self, kind):
        """The next text frame of this type; others and audio are passed over."""
        end = time.monotonic() + START_WAIT_S
        while time.monotonic() < end:
            opcode, payload = self.frame()
            if opcode == 1 and (message := json.loads(payload))["type"] == kind:
                return message
            if opcode == 8:
                raise ConnectionError(f"closed before {kind}")
        raise TimeoutError(f"no {kind} within {START_WAIT_S} s")

    def _receive(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed")
        self._received += piece

    def _parse(self):
        data = self._received
        if len(data) < 2:
            return None
        length, start = data[1] & 127, 2
        if length > 125:
            width = 2 if length == 126 else 8
            start += width
            if len(data) < start:
                return None
            length = int.from_bytes(data[2:start])
        if len(data) < start + length:
            return None
        self._received = data[start + length:]
        return data[0] & 15, data[start:start + length]


class Listener(threading.Thread):
    """A call that only listens, until it ends or the server does. Its agent's packets must come without a gap in their numbers."""

    def __init__(self, port, ledger):
        super().__init__(daemon=True)
        self.frames = 0
        self.fault = None
        self.is_over = False
        self._ledger = ledger
        self._client = CallClient(port)
        self._client.send(type="start", flow="long-talk")
        self.call = self._client.message("ready")["callId"]
        ledger.started.add(self.call)
        self._client.socket.settimeout(1)
        self.start()

    def run(self):
        while not self.is_over:
            try:
                opcode, payload = self._client.frame()
            except TimeoutError:
                continue
            except OSError as error:
                self._end(f"the connection broke: {error}")
                return
            if opcode == 2:
                number = struct.unpack_from("<I", payload, 4)[0]
                if number != self.frames:
                    self.fault = self.fault or f"packet {number} came after {self.frames - 1}"
                self.frames = number + 1
            elif opcode == 1 and (message := json.loads(payload))["type"] == "ended":
                self._ledger.end(self.call, message)
                self._end(f"ended: {message['reason']}")

    def _end(self, why):
        self.is_over = True
        self.fault = self.fault or why


class Traffic(threading.Thread):
    """Short calls one after another: each types a line and hangs up."""

    def __init__(self, port, ledger):
        super().__init__(daemon=True)
        self.refused = 0
        self._port, self._ledger = port, ledger
        self._stopping = threading.Event()
        self.start()

    def run(self):
        while not self._stopping.wait(0.1):
            try:
                self.place_one()
            except (OSError, ConnectionError):
                self.refused += 1

    def place_one(self):
        """One call from its start to its end."""
        client = CallClient(self._port)
        try:
            client.send(type="start", flow="appointment")
            call = client.message("ready")["callId"]
            self._ledger.started.add(call)
            client.send(type="text", text="I would like to book an appointment")
            client.message("transcript")
            client.send(type="hangup")
            self._ledger.end(call, client.message("ended"))
        finally:
            client.socket.close()

    def stop(self):
        """Returns when no call of it is up."""
        self._stopping.set()
        self.join()


class Ledger:
    """What clients were told: calls that began, and the turns of each that ended."""

    def __init__(self):
        self.started, self.ended = set(), {}

    def end(self, call, message):
        """Notes the server's `ended`, which has the call's record."""
        self.ended[call] = message["record"]["turns"]
