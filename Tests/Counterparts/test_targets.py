"""Targets by name, and bots that are called by their TwiML, as Twilio calls the webhook of a number."""

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

from server import BINARY

# Shared by the bot and its provider.
TOKEN = "fedcba9876543210fedcba9876543210"

RUN_WAIT_S = 120

SAMPLES = Path(__file__).parent.parent.parent / "Samples/targets"

CASE = """
flow: front-desk
caller: {patience: 2s, voice: heart-low}
turns:
  - press: "3"
  - hang-up: true
"""

TARGETS = """
front-desk:
  url: twilio+http://127.0.0.1:PORT/incoming-call?x=1
  from: "+15550199"
  parameters: {customer: "4711", plan: gold}
  signing-token: ${BOT_TOKEN}
  rewrite: {from: "wss://bot.example", to: "ws://127.0.0.1:PORT"}
sample: {url: "twilio+http://127.0.0.1:PORT/sample", rewrite: {from: "wss://bot.example", to: "ws://127.0.0.1:PORT"}}
one-way: {url: "twilio+http://127.0.0.1:PORT/one-way"}
nothing: {url: "twilio+http://127.0.0.1:PORT/nothing"}
signed-telnyx: {url: "telnyx+ws://127.0.0.1:PORT/ws", signing-token: "${BOT_TOKEN}"}
"""


class TwiMLBot:
    """A web server with TwiML and the stream that it names; keeps what it was asked and told."""

    def __init__(self):
        self.forms, self.starts, self.signatures, self.last = [], [], [], None
        self.app = FastAPI()
        self.app.post("/incoming-call")(self.incoming)
        self.app.post("/one-way")(self.one_way)
        self.app.post("/sample")(self.sample)
        self.app.websocket("/ws")(self.stream)
        self._server = uvicorn.Server(uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.05)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self):
        self._server.should_exit = True
        self._thread.join(30)

    async def incoming(self, request: Request):
        form = dict(await request.form())
        validator = RequestValidator(TOKEN)
        if not validator.validate(str(request.url), form, request.headers.get("x-twilio-signature", "")):
            return Response(status_code=403)
        self.forms.append(form)
        answer, connect = VoiceResponse(), Connect()
        stream = connect.stream(url="wss://bot.example/ws")
        stream.parameter(name="caller", value=f"<{form['From']}> & \"co\"")
        stream.parameter(name="plan", value="silver")
        answer.append(connect)
        return Response(str(answer), media_type="text/xml")

    async def one_way(self):
        return Response("<Response><Start><Stream url='wss://bot.example/ws'/></Start></Response>", media_type="text/xml")

    async def sample(self):
        return Response((SAMPLES / "incoming_call.xml").read_text(), media_type="text/xml")

    async def stream(self, socket: WebSocket):
        self.signatures.append(socket.headers.get("x-twilio-signature"))
        await socket.accept()
        async for text in socket.iter_text():
            message = json.loads(text)
            self.last = message["event"]
            if self.last == "start":
                self.starts.append(message["start"])


@pytest.fixture(scope="module")
def bot():
    running = TwiMLBot()
    yield running
    running.stop()


def run(folder, bot, *command, token=TOKEN):
    (folder / "case.yaml").write_text(CASE)
    (folder / "targets.yaml").write_text(TARGETS.replace("PORT", str(bot.port)))
    return subprocess.run(
        [os.path.abspath(BINARY), *command], check=False, cwd=folder, capture_output=True, text=True, timeout=RUN_WAIT_S,
        env={**os.environ, "BOT_TOKEN": token})


def test_a_bot_is_called_by_its_twiml_signed_and_told_what_stands_there(bot, tmp_path):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "front-desk", "--json", "--target-parameter", "note=x")
    result = json.loads(ended.stdout)["cases"][0]
    assert result["failure"] is None and result["ended"] == "caller-hung-up", (result, ended.stderr)
    form, start = bot.forms[-1], bot.starts[-1]
    assert (form["From"], form["CallStatus"], form["Direction"]) == ("+15550199", "ringing", "inbound")
    assert (form["CallSid"], form["AccountSid"]) == (start["callSid"], start["accountSid"])
    assert start["customParameters"] == {
        "flow": "front-desk", "customer": "4711", "note": "x", "plan": "silver", "caller": "<+15550199> & \"co\""}
    assert bot.signatures[-1] == RequestValidator(TOKEN).compute_signature("wss://bot.example/ws", {})
    assert bot.last == "stop"
    assert TOKEN not in ended.stdout + ended.stderr and result["replay"].endswith("--target front-desk --target-parameter note=x")


def test_the_sample_s_twiml_leads_to_the_bot(bot, tmp_path):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "sample", "--json")
    result = json.loads(ended.stdout)["cases"][0]
    assert result["failure"] is None and result["ended"] == "caller-hung-up", (result, ended.stderr)
    assert bot.starts[-1]["customParameters"] == {"flow": "front-desk", "plan": "silver"} and bot.last == "stop"


@pytest.mark.parametrize("target, token, status, says", [
    ("front-desk", "f" * 32, 3, "the signing-token is another one"),
    ("one-way", TOKEN, 1, "one-way"),
    ("nothing", TOKEN, 4, "answered with 404"),
])
def test_a_twiml_that_leads_nowhere_is_told(bot, tmp_path, target, token, status, says):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", target, "--json", token=token)
    assert (ended.returncode, says in ended.stdout) == (status, True), ended
    assert token not in ended.stdout + ended.stderr


def test_a_token_that_is_not_there_is_told_before_any_call(bot, tmp_path):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "front-desk", token="")
    assert ended.returncode == 2 and "signing-token of front-desk: the environment has no BOT_TOKEN" in ended.stderr, ended


def test_a_token_for_another_provider_is_refused(bot, tmp_path):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "signed-telnyx")
    assert ended.returncode == 2 and "only Twilio's signature is known" in ended.stderr, ended


def test_a_name_that_is_not_in_the_file_is_told_with_those_that_are(bot, tmp_path):
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "desk", "--targets", "targets.yaml")
    assert ended.returncode == 2, ended
    assert "targets.yaml has no desk; there are front-desk, sample, one-way, nothing, signed-telnyx" in ended.stderr, ended


def test_what_is_wrong_in_the_file_is_told_with_its_line(bot, tmp_path):
    (tmp_path / "bad.yaml").write_text("a:\n  url: twilio+ws://h/ws\n  signing-token: s3cr3t\n  ur: x\n")
    ended = run(tmp_path, bot, "simulate", "case.yaml", "--target", "a", "--targets", "bad.yaml")
    assert ended.returncode == 2 and "bad.yaml:3:18: `signing-token`" in ended.stderr and "bad.yaml:4:3" in ended.stderr, ended
    assert "s3cr3t" not in ended.stderr


def test_the_doctor_calls_a_target_and_says_what_was_seen(bot, tmp_path):
    ended = run(tmp_path, bot, "doctor", "--target", "front-desk", "--json")
    call, voice = json.loads(ended.stdout)["sections"][0]["checks"]
    assert (ended.returncode, call["state"], call["detail"]) == (0, "fine", "held over twilio"), ended
    assert (voice["state"], voice["detail"]) == ("note", "silent for 2.0 s")
    ended = run(tmp_path, bot, "doctor", "--target", "nothing", "--json")
    call, = json.loads(ended.stdout)["sections"][0]["checks"]
    assert ended.returncode == 1 and call["state"] == "missing" and "answered with 404" in call["detail"], ended


def test_the_doctor_refuses_what_is_no_bot(bot, tmp_path):
    ended = run(tmp_path, bot, "doctor", "--target", "ws://127.0.0.1:1/v1/call")
    assert ended.returncode == 2 and "expected a bot, such as twilio+ws://" in ended.stderr, ended
