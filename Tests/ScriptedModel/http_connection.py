"""HTTP/1.1 of a server, as much of it as clients of language models speak: kept connections, bodies with a length, chunked answers. Who
hangs up ends the work on its answer at once."""

import asyncio
import http
import json

HEAD_BYTES_MAX = 64 << 10
BODY_BYTES_MAX = 16 << 20
WRITE_BUFFER_BYTES_MAX = 256 << 10


class Request:
    """`headers`: by their names in lower case."""

    def __init__(self, head):
        first, *lines = head.decode("latin-1").split("\r\n")
        try:
            self.method, target, version = first.split(" ")
            self.headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
            self.length = int(self.headers.get("content-length", "0"))
        except ValueError as error:
            raise BadHTTP(400, f"no request: {first[:100]!r}") from error
        self.path = target.partition("?")[0]
        self.body = b""
        if version != "HTTP/1.1":
            raise BadHTTP(505, f"{version[:20]} is not spoken here: use HTTP/1.1")
        if "transfer-encoding" in self.headers:
            raise BadHTTP(411, "a body in chunks is not read here: send Content-Length")
        if not 0 <= self.length <= BODY_BYTES_MAX:
            raise BadHTTP(413, f"a body may have {BODY_BYTES_MAX} bytes")

    @property
    def is_last(self):
        return self.headers.get("connection", "").lower() == "close"


class BadHTTP(Exception):
    """The connection is closed after it."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Connection(asyncio.Protocol):
    """`answer`: a coroutine that is given this and each request in turn, and is cancelled when the client hangs up. `is_lost`: it has."""

    def __init__(self, answer):
        self._answer = answer
        self.is_lost = False
        self._received = bytearray()
        self._more, self._writable = asyncio.Event(), asyncio.Event()
        self._writable.set()
        self._transport = self._task = None

    # --- what asyncio tells

    def connection_made(self, transport):
        self._transport = transport
        transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES_MAX)
        self._task = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data):
        self._received += data
        if len(self._received) > HEAD_BYTES_MAX + BODY_BYTES_MAX:
            self._transport.pause_reading()  # further requests wait in the client
        self._more.set()

    def eof_received(self):
        self._lose()

    def connection_lost(self, exc):  # noqa: ARG002  asyncio's
        self._lose()

    def pause_writing(self):
        self._writable.clear()

    def resume_writing(self):
        self._writable.set()

    def _lose(self):
        self.is_lost = True
        self._task.cancel()

    # --- requests

    async def _serve(self):
        try:
            while True:
                request = await self._request()
                await self._answer(self, request)
                if request.is_last or self._transport.is_closing():
                    break
        except BadHTTP as error:
            document = {"error": {"message": error.message, "type": "invalid_request_error", "param": None, "code": None}}
            await self.respond(error.status, document, {"Connection": "close"})
        except asyncio.CancelledError:
            if not self.is_lost:
                raise
        finally:
            self._transport.close()

    async def _request(self):
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            if len(self._received) > HEAD_BYTES_MAX:
                raise BadHTTP(431, f"the head of a request may have {HEAD_BYTES_MAX} bytes")
            await self._read()
        request = Request(bytes(self._received[:end]))
        del self._received[: end + 4]
        if request.headers.get("expect", "").lower() == "100-continue":
            await self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self._received) < request.length:
            await self._read()
        request.body = bytes(self._received[: request.length])
        del self._received[: request.length]
        return request

    async def _read(self):
        self._more.clear()
        self._transport.resume_reading()
        await self._more.wait()

    # --- answers

    async def write(self, data):
        """Returns when there is room for more."""
        self._transport.write(data)
        if not self._writable.is_set():
            await self._writable.wait()

    async def respond(self, status, document, headers=None):
        """`document`: as JSON; a text is sent as it is."""
        is_text = isinstance(document, str)
        body = (document if is_text else json.dumps(document)).encode()
        kind = "text/plain; charset=utf-8" if is_text else "application/json"
        await self.write(self._head(status, {"Content-Type": kind, "Content-Length": len(body), **(headers or {})}) + body)

    async def begin(self):
        """Opens an answer of events, whose pieces go to `send`."""
        await self.write(self._head(200, {
            "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}))

    async def send(self, piece, is_last=False):
        chunk = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        await self.write(chunk + (b"0\r\n\r\n" if is_last else b""))

    async def promise(self, length):
        """Opens an answer of JSON of which perhaps not all comes."""
        await self.write(self._head(200, {"Content-Type": "application/json", "Content-Length": length}))

    def close(self):
        """After what was written; an answer that is not whole is seen to be cut off."""
        self._transport.close()

    @staticmethod
    def _head(status, headers):
        reason = http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Unknown"
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1")
