"""A call over a WebSocket without a browser: only what typed calls need of RFC 6455."""

import base64
import json
import os
import re
import socket
import struct
from urllib.parse import urlsplit

WAIT_S = 30
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The handshake was answered with another status; `answer` is all of it."""

    def __init__(self, answer):
        super().__init__(answer.split("\r\n", 1)[0])
        self.answer = answer


class CallClient:
    """An open call. Headers are `(name, value)` pairs."""

    def __init__(self, url, headers=(), query="", path="/v1/call"):
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port), WAIT_S)
        self._input = self._socket.makefile("rb")
        lines = [
            f"GET {path}{query} HTTP/1.1", f"Host: {address.netloc}", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: voiceforge.v1", *(f"{name}: {value}" for name, value in headers)]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.head = b"".join(iter(self._input.readline, b"\r\n")).decode()
        if " 101 " not in self.head.split("\r\n", 1)[0]:
            # Behind a proxy the connection stays open after it.
            length = re.search(r"^content-length: (\d+)", self.head, re.IGNORECASE | re.MULTILINE)
            raise Refused(self.head + self._input.read(int(length.group(1)) if length else -1).decode("utf-8", "replace"))

    def send(self, **message):
        """Sends a message: a JSON object."""
        self._frame(TEXT, json.dumps(message).encode())

    def receive(self, kind, **members):
        """The next message of that type with these members; others, and sound, are passed over."""
        while True:
            message = self._message()
            if message["type"] == kind and all(message.get(name) == value for name, value in members.items()):
                return message
            if message["type"] == "ended":
                raise AssertionError(f"the call ended before {kind}: {message}")

    def close(self):
        self._input.close()
        self._socket.close()

    def _message(self):
        while True:
            first, second = self._input.read(2)
            length = second & 127
            if length == 126:
                length = struct.unpack(">H", self._input.read(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self._input.read(8))[0]
            payload = self._input.read(length)
            kind = first & 15
            if kind == TEXT:
                return json.loads(payload)
            if kind == CLOSE:
                raise AssertionError(f"the server closed the call: {payload[2:].decode()}")
            if kind == PING:
                self._frame(PONG, payload)

    def _frame(self, kind, payload):
        mask = os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0xFE]) + struct.pack(">H", len(payload))
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | kind]) + length + mask + masked)
