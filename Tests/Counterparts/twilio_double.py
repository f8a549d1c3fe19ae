"""Stands in for Twilio: its REST API for calls, and the telephone network behind it. It dials by doing what the call's TwiML says, signs
what it sends as Twilio does, and connects the media stream to a bot's, so that whoever dialed talks with that bot."""

import asyncio
import base64
import json
import math
import struct
import threading
import time
import uuid
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import websockets
from twilio.request_validator import RequestValidator

from asking import ask
from phone import DIALECTS, Phone

WAIT_S = 120

# What a number that ends so does instead of being answered.
FATES = {"01": "busy", "02": "no-answer", "03": "failed", "04": "canceled", "05": "silence", "06": "no-stream", "07": "hangs-up"}


class Leg(Phone):
    """One end of a call: what it hears is said on the other end. Tones of keys are told to that, as a telephone network does."""

    other = None

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.keys = []
        self._tone, self._tone_frames = None, 0

    async def _play(self):
        before = len(self.heard)
        await super()._play()
        if self.other is None:
            return
        frame = bytes(self.heard[before:])
        self.other.say(frame)
        tone = key_in(frame)
        self._tone_frames = self._tone_frames + 1 if tone == self._tone else 1
        self._tone = tone
        if tone and self._tone_frames == 3:
            self.keys.append(tone)
            await self.other.press(tone)


ROWS, COLUMNS, KEYS = (697, 770, 852, 941), (1209, 1336, 1477), ("123", "456", "789", "*0#")


def key_in(frame):
    """The key whose two tones (ITU-T Q.23) make up nearly all of 20 ms at 8000 Hz; None: no key's."""
    samples = struct.unpack(f"<{len(frame) // 2}h", frame)
    energy = sum(sample * sample for sample in samples)
    if energy < 500 * 500 * len(samples):
        return None

    def share(frequency):
        turn = 2 * math.pi * frequency / 8000
        real = sum(sample * math.cos(turn * index) for index, sample in enumerate(samples))
        imaginary = sum(sample * math.sin(turn * index) for index, sample in enumerate(samples))
        return 2 * (real * real + imaginary * imaginary) / len(samples) / energy

    row, column = max(ROWS, key=share), max(COLUMNS, key=share)
    return KEYS[ROWS.index(row)][COLUMNS.index(column)] if min(share(row), share(column)) > 0.3 else None


class Call:
    def __init__(self, double, form):
        self.double, self.form = double, form
        self.sid = "CA" + uuid.uuid4().hex
        self.status = "queued"
        self.hang_ups = 0
        self.events = 0
        self.legs = []
        self.stream_refused = None
        self.stream_url = None
        self.over = threading.Event()

    def first(self, name):
        return self.form.get(name, [""])[0]

    @property
    def keys_heard(self):
        return self.legs[0].keys

    def document(self):
        """As the API writes it; members that nobody here reads are left out."""
        return {
            "sid": self.sid, "account_sid": self.double.account, "to": self.first("To"), "from": self.first("From"), "status": self.status,
            "direction": "outbound-api", "api_version": "2010-04-01", "date_created": "Mon, 02 Mar 2026 09:00:00 +0000", "price": None,
            "duration": None, "uri": f"/2010-04-01/Accounts/{self.double.account}/Calls/{self.sid}.json", "subresource_uris": {}}


class TwilioDouble:
    """`public`: the address by which the server is reached, and `server`: where it really is. `bot`: the address of the media stream of
    whoever answers telephones, as it is signed, and `bot_server`: where that really is. `answers`: what the next requests get instead,
    (status, headers, body)."""

    account = "AC" + "0" * 32

    def __init__(self, token, public="https://voice.example"):
        self.token, self.public = token, public
        self.server = self.bot_server = None
        self.bot = "wss://voice.example/twilio/stream"
        self.flow = "appointment"
        self.calls, self.requests, self.answers = {}, [], []
        self.callbacks = []
        self.callback_repeats = 1
        self.validator = RequestValidator(token)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                double._answer(self, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                double._answer(self, parse_qs(body, keep_blank_values=True))

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def stop(self):
        self._http.shutdown()
        self._loop.call_soon_threadsafe(self._loop.stop)

    # --- the REST API

    def _answer(self, handler, form):
        self.requests.append((handler.command, handler.path, form))
        if self.answers:
            status, headers, body = self.answers.pop(0)
            if status is None:
                time.sleep(body)
            else:
                self._send(handler, status, body, headers)
            return
        wanted = "Basic " + base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if handler.headers.get("Authorization") != wanted:
            self._problem(handler, 401, 20003, "Authenticate")
            return
        root = f"/2010-04-01/Accounts/{self.account}/Calls"
        if handler.command == "POST" and handler.path == f"{root}.json":
            self._create(handler, form)
            return
        call = self.calls.get(handler.path.removeprefix(f"{root}/").removesuffix(".json"))
        if call is None:
            self._problem(handler, 404, 20404, f"The requested resource {handler.path} was not found")
            return
        if handler.command == "POST" and form.get("Status") == ["completed"]:
            call.hang_ups += 1
            if call.over.is_set():
                self._problem(handler, 404, 20404, "The call is over")
                return
            asyncio.run_coroutine_threadsafe(self._hang_up(call), self._loop)
            call.status = "completed"
        self._send(handler, 200, json.dumps(call.document()))

    def _create(self, handler, form):
        for name in ("To", "From"):
            if not form.get(name, [""])[0].startswith("+"):
                self._problem(handler, 400, 21211 if name == "To" else 21212, f"The '{name}' number is not a valid phone number.")
                return
        if not any(form.get(name) for name in ("Url", "Twiml", "ApplicationSid")):
            self._problem(handler, 400, 21205, "Url parameter is required.")
            return
        call = Call(self, form)
        self.calls[call.sid] = call
        answer = json.dumps(call.document())  # before anything becomes of it
        asyncio.run_coroutine_threadsafe(self._dial(call), self._loop)
        self._send(handler, 201, answer)

    def _problem(self, handler, status, code, message):
        body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
        self._send(handler, status, json.dumps(body))

    @staticmethod
    def _send(handler, status, body, headers=None):
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    # --- the telephone network

    async def _dial(self, call):
        try:
            fate = FATES.get(call.first("To")[-2:])
            await self._tell(call, "initiated")
            await self._tell(call, "ringing")
            if fate == "silence":
                return
            if fate in ("busy", "no-answer", "failed", "canceled"):
                await self._end(call, fate)
                return
            await self._tell(call, "in-progress")
            if fate == "no-stream":
                return
            await self._connect(call, fate)
            await self._end(call, "completed")
        except Exception as error:  # a double that fails silently would look like a telephone that is silent
            call.failure = error
            raise

    async def _connect(self, call, fate):
        document = ElementTree.fromstring(call.first("Twiml"))
        assert [child.tag for child in document] == ["Connect", "Hangup"]
        stream = document[0][0]
        assert stream.tag == "Stream" and stream.get("url").startswith("wss://") and "?" not in stream.get("url")
        parameters = {child.get("name"): child.get("value") for child in stream}
        leg = self._leg(stream.get("url"), self.server, parameters)
        call.stream_url = stream.get("url")
        try:
            async with leg:
                call.legs = [leg]
                if fate == "hangs-up":
                    await asyncio.sleep(1)
                    return await leg.hang_up()
                bot = self._leg(self.bot, self.bot_server, {"flow": self.flow})
                async with bot:
                    call.legs = [leg, bot]
                    leg.other, bot.other = bot, leg
                    ends = [asyncio.ensure_future(end.over()) for end in call.legs]
                    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED, timeout=WAIT_S)
                    for end in call.legs:
                        if not end.is_over:
                            await end.hang_up()
        except websockets.InvalidStatus as refused:
            call.stream_refused = refused.response.status_code

    def _leg(self, url, server, parameters):
        """As Twilio connects: the address as it stands in the TwiML is what is signed."""
        parts = urlsplit(url)
        headers = {"X-Twilio-Signature": self.validator.compute_signature(url, {})}
        return Leg(DIALECTS["twilio"](), f"ws{server[4:]}{parts.path}", parameters, headers)

    async def _hang_up(self, call):
        for leg in call.legs:
            if not leg.is_over:
                await leg.hang_up()
        await self._end(call, "completed")

    async def _end(self, call, status):
        if call.over.is_set():
            return
        call.over.set()
        await self._tell(call, status)

    async def _tell(self, call, status):
        call.status = status
        wanted = {"in-progress": "answered", "busy": "completed", "no-answer": "completed", "failed": "completed", "canceled": "completed"}
        if call.first("StatusCallback") and wanted.get(status, status) in call.form.get("StatusCallbackEvent", ["completed"]):
            form = {
                "CallSid": call.sid, "AccountSid": self.account, "From": call.first("From"), "To": call.first("To"), "CallStatus": status,
                "Direction": "outbound-api", "ApiVersion": "2010-04-01", "CallbackSource": "call-progress-events",
                "SequenceNumber": str(call.events)}
            call.events += 1
            for _ in range(self.callback_repeats):
                answer = await asyncio.to_thread(self.call_back, call.first("StatusCallback"), form)
                self.callbacks.append((status, answer.status))

    def call_back(self, url, form, signature=None, headers=None):
        """Posts a form to a callback, signed as Twilio signs it."""
        parts = urlsplit(url)
        signature = self.validator.compute_signature(url, form) if signature is None else signature
        where = f"{self.server}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return ask(where, "POST", urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature, "Host": parts.netloc, **(headers or {})})
