"""A telephone provider's end of a media stream, written from the providers' documentation: it connects to a bot, sends what its caller says
every 20 ms, plays what the bot sends at the pace of sound, and returns the bot's marks once the audio before them has been played."""

import asyncio
import audioop
import base64
import json
import time

import websockets

FRAME_S = 0.020
WAIT_S = 120


class Dialect:
    """How one provider writes it. `rate` samples a second, `linear`: 16-bit samples, else µ-law."""

    def __init__(self, name, rate=8000, linear=False):
        self.name, self.rate, self.linear = name, rate, linear
        self.frame_bytes = rate // 50 * (2 if linear else 1)
        self.silence = b"\0" * self.frame_bytes if linear else b"\xff" * self.frame_bytes

    def encode(self, samples):
        return samples if self.linear else audioop.lin2ulaw(samples, 2)

    def decode(self, audio):
        return audio if self.linear else audioop.ulaw2lin(audio, 2)


class Twilio(Dialect):
    stream_key = "streamSid"
    media, clear, mark = "media", "clear", "mark"
    returns_marks_on_clear = True

    def __init__(self, name="twilio", **form):
        super().__init__(name, **form)
        self.count = 0
        self.chunk = 0

    def opening(self, parameters):
        yield {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        yield self._numbered({
            "event": "start", "streamSid": "MZ1", "start": {
                "accountSid": "AC1", "streamSid": "MZ1", "callSid": "CA1", "tracks": ["inbound"], "customParameters": parameters,
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}})

    def _numbered(self, message):
        self.count += 1
        return {**message, "sequenceNumber": str(self.count)}

    def audio(self, frame, milliseconds):
        self.chunk += 1
        return self._numbered({
            "event": "media", "streamSid": "MZ1", "media": {
                "track": "inbound", "chunk": str(self.chunk), "timestamp": str(milliseconds),
                "payload": base64.b64encode(frame).decode()}})

    def key(self, digit):
        return self._numbered({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": digit}})

    def reached(self, name):
        return self._numbered({"event": "mark", "streamSid": "MZ1", "mark": {"name": name}})

    def closing(self):
        return self._numbered({"event": "stop", "streamSid": "MZ1", "stop": {"accountSid": "AC1", "callSid": "CA1"}})

    def name_of(self, message):
        return message["mark"]["name"]

    def check(self, message):
        """What the provider would complain about, by Twilio's number."""
        wanted = {"media": {"event", "streamSid", "media"}, "mark": {"event", "streamSid", "mark"}, "clear": {"event", "streamSid"}}
        event = message.get("event")
        if event not in wanted or set(message) != wanted[event] or message["streamSid"] != "MZ1":
            return 31951
        inner = {"media": {"payload"}, "mark": {"name"}}.get(event)
        return 31951 if inner and set(message[event]) != inner else None


class Telnyx(Twilio):
    def __init__(self):
        super().__init__("telnyx")

    def opening(self, parameters):
        yield {"event": "connected", "version": "1.0.0"}
        yield self._numbered({
            "event": "start", "stream_id": "ST1", "start": {
                "call_control_id": "CC1", "from": "+15550100", "to": "+15550101", "custom_parameters": parameters,
                "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}}})

    def _numbered(self, message):
        self.count += 1
        message.pop("streamSid", None)
        return {**message, "stream_id": "ST1", "sequence_number": str(self.count)}

    def check(self, message):
        return None if message.get("event") in ("media", "mark", "clear") and "streamSid" not in message else 31951


class Plivo(Twilio):
    media, clear, mark = "playAudio", "clearAudio", "checkpoint"
    returns_marks_on_clear = False

    def __init__(self):
        super().__init__("plivo", linear=True)

    def opening(self, _parameters):
        yield self._numbered({
            "event": "start", "start": {
                "callId": "CL1", "streamId": "ST1", "accountId": "AC1", "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 8000}}})

    def _numbered(self, message):
        self.count += 1
        message.pop("streamSid", None)
        return {**message, "streamId": "ST1", "sequenceNumber": self.count}

    def audio(self, frame, _milliseconds):
        self.chunk += 1
        return self._numbered({
            "event": "media", "media": {
                "track": "inbound", "chunk": self.chunk, "timestamp": str(int(time.time() * 1000)),
                "payload": base64.b64encode(frame).decode()}})

    def reached(self, name):
        return self._numbered({"event": "playedStream", "name": name})

    def name_of(self, message):
        return message["name"]

    def check(self, message):
        if message.get("event") not in ("playAudio", "checkpoint", "clearAudio") or message.get("streamId") != "ST1":
            return 31951
        media = message.get("media", {"contentType": "audio/x-l16", "sampleRate": 8000})
        return None if (media["contentType"], media["sampleRate"]) == ("audio/x-l16", 8000) else 31951


class Exotel(Twilio):
    """Sends 100 ms at a time, and leaves gaps where a message has less than 3,200 bytes."""

    def __init__(self):
        super().__init__("exotel", linear=True)

    def opening(self, parameters):
        yield {"event": "connected"}
        yield self._numbered({
            "event": "start", "start": {
                "stream_sid": "ST1", "call_sid": "CA1", "account_sid": "AC1", "from": "+15550100", "to": "+15550101",
                "custom_parameters": parameters,
                "media_format": {"encoding": "base64", "sample_rate": "8000", "bit_rate": "128kbps"}}})

    def _numbered(self, message):
        self.count += 1
        message.pop("streamSid", None)
        return {**message, "stream_sid": "ST1", "sequence_number": str(self.count)}

    def check(self, message):
        if message.get("event") not in ("media", "mark", "clear") or message.get("stream_sid") != "ST1":
            return 31951
        if message["event"] == "media":
            count = len(base64.b64decode(message["media"]["payload"]))
            return None if 3200 <= count <= 100_000 and count % 320 == 0 else 31951
        return None


class Vonage(Twilio):
    """Binary messages of 20 ms at 16 kHz."""

    returns_marks_on_clear = False

    def __init__(self):
        super().__init__("vonage", rate=16_000, linear=True)

    def opening(self, parameters):
        yield {"event": "websocket:connected", "content-type": "audio/l16;rate=16000", **parameters}

    def audio(self, frame, _milliseconds):
        return frame

    def key(self, digit):
        return {"event": "websocket:dtmf", "digit": digit, "duration": 260}

    def reached(self, name):
        return {"event": "websocket:notify", "payload": {"mark": name}}

    def closing(self):
        return None

    def name_of(self, message):
        return message["payload"]["mark"]

    def check(self, message):
        return None if message.get("action") in ("clear", "notify") else 31951


DIALECTS = {"twilio": Twilio, "telnyx": Telnyx, "plivo": Plivo, "exotel": Exotel, "vonage": Vonage}


class Phone:
    """One call. `heard`: what was played, as samples; `said_over`: bytes of the bot's that `clear` dropped."""

    def __init__(self, dialect, url, parameters=None, headers=None):
        self.dialect, self.url = dialect, url
        self.parameters, self.headers = parameters or {}, headers or {}
        self.heard = bytearray()
        self.clears, self.said_over = 0, 0
        self.marks, self.complaints = [], []
        self.close_code = None
        self._queue = []
        self._speech = b""
        self._silent_for = 0
        self._has_heard = False
        self._over = asyncio.Event()

    async def __aenter__(self):
        self._socket = await websockets.connect(self.url, additional_headers=self.headers, compression=None)
        for message in self.dialect.opening(self.parameters):
            await self._send(message)
        self._tasks = [asyncio.create_task(self._clock()), asyncio.create_task(self._listen())]
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    async def _send(self, message):
        if message is not None:
            await self.send_raw(message if isinstance(message, bytes) else json.dumps(message))

    async def send_raw(self, frame):
        """Sends what may be anything."""
        await self._socket.send(frame)

    async def _listen(self):
        try:
            async for frame in self._socket:
                if isinstance(frame, bytes):
                    (self._queue.append if self.dialect.name == "vonage" else self._complain)(frame)
                    continue
                message = json.loads(frame)
                complaint = self.dialect.check(message)
                if complaint:
                    self.complaints.append((complaint, frame[:200]))
                event = message.get("event") or message.get("action")
                if event == self.dialect.media:
                    self._queue.append(base64.b64decode(message["media"]["payload"]))
                elif event == self.dialect.clear:
                    await self._clear()
                else:
                    self._queue.append(self.dialect.name_of(message))
        except websockets.ConnectionClosed:
            pass
        self.close_code = self._socket.close_code
        self._over.set()

    def _complain(self, frame):
        self.complaints.append((31950, frame[:20]))

    async def _clear(self):
        self.clears += 1
        dropped, self._queue = self._queue, []
        self.said_over += sum(len(part) for part in dropped if isinstance(part, bytes))
        for part in dropped:
            if isinstance(part, str) and self.dialect.returns_marks_on_clear:
                await self._send(self.dialect.reached(part))

    async def _clock(self):
        start = time.monotonic()
        frame = 0
        try:
            while True:
                await self._play()
                piece, self._speech = self._speech[:self.dialect.frame_bytes], self._speech[self.dialect.frame_bytes:]
                await self._send(self.dialect.audio(piece.ljust(self.dialect.frame_bytes, self.dialect.silence[:1]), frame * 20))
                frame += 1
                await asyncio.sleep(max(0, start + frame * FRAME_S - time.monotonic()))
        except websockets.ConnectionClosed:
            pass

    async def _play(self):
        """Plays 20 ms of what is queued."""
        played = bytearray()
        while self._queue and len(played) < self.dialect.frame_bytes:
            part = self._queue.pop(0)
            if isinstance(part, str):
                self.marks.append(part)
                await self._send(self.dialect.reached(part))
                continue
            missing = self.dialect.frame_bytes - len(played)
            played += part[:missing]
            if len(part) > missing:
                self._queue.insert(0, part[missing:])
        samples = self.dialect.decode(bytes(played.ljust(self.dialect.frame_bytes, self.dialect.silence[:1])))
        is_audible = audioop.rms(samples, 2) > 200
        self._has_heard = self._has_heard or is_audible
        self._silent_for = 0 if is_audible else self._silent_for + FRAME_S
        self.heard += samples

    async def agent_done(self, pause=0.9):
        """Waits until the caller has said all, and the agent something after it, and both are silent."""
        await self._until(lambda: not self._speech)
        self._has_heard = False
        await self._until(lambda: self._has_heard and self._silent_for >= pause)

    async def agent_speaking(self, seconds):
        """Waits until the agent has been audible, and so many seconds more."""
        self._has_heard = False
        await self._until(lambda: self._has_heard)
        await asyncio.sleep(seconds)

    async def _until(self, is_so):
        async with asyncio.timeout(WAIT_S):
            while not is_so() and not self._over.is_set():
                await asyncio.sleep(FRAME_S)

    def say(self, samples):
        """`samples`: 16-bit, at the dialect's rate."""
        self._speech += self.dialect.encode(samples)

    async def press(self, digit):
        await self._send(self.dialect.key(digit))

    async def hang_up(self):
        await self._send(self.dialect.closing())
        await self._socket.close()
        await self.over()

    @property
    def is_over(self):
        return self._over.is_set()

    async def over(self):
        async with asyncio.timeout(WAIT_S):
            await self._over.wait()
