"""Two processes of ours hold the same conversations over every wire that has both its ends here: a simulated caller, and a server's agent.

Each end is judged by what the other one said: the caller's verdict by what the agent did, the agent's record by what the caller said.
A call that the machine held up is held again.
"""

import json
import os
import subprocess

import pytest

from server import BINARY
from test_pipecat import RUN_WAIT_S, TRIES, given_up, was_held_up

CASES = """
cases:
  - id: book
    flow: appointment
    turns:
      - say: I would like to book an appointment.
        expect: {keywords: [which day]}
      - say: On Thursday, please.
        expect: {keywords: [time]}
      - hang-up: true
  - id: interrupt
    flow: appointment
    turns:
      - say: What are your opening hours?
        at: 800ms
        expect: {keywords: [Monday to Friday]}
      - say: Goodbye.
"""
PATHS = {
    "voiceforge": "/v1/call", "twilio": "/twilio/stream", "telnyx": "/telnyx/stream", "telnyx pcma": "/telnyx/stream",
    "plivo": "/plivo/stream", "exotel": "/exotel/stream", "vonage": "/vonage/stream", "realtime": "/v1/realtime"}
# What travels: the recogniser hears a telephone's band, or the whole of a voice.
CODECS = {
    "voiceforge": "opus", "twilio": "mulaw", "telnyx": "mulaw", "telnyx pcma": "alaw", "plivo": "mulaw", "exotel": "pcm16",
    "vonage": "pcm16", "realtime": "pcm16"}


def hold(server, wire, kept, folder, case):
    """One case, held until the machine lets it: the caller's result, and the agent's record."""
    name, _, audio = wire.partition(" ")
    scheme = "" if name == "voiceforge" else f"{name}+"
    target = f"{scheme}{server.url.replace('http', 'ws')}{PATHS[wire]}"
    if audio:
        (folder / "targets.yaml").write_text(f"agent:\n  url: {target}\n  audio: {audio}\n")
        target = "agent"
    (folder / "cases.yaml").write_text(CASES)
    for _ in range(TRIES):
        newest = kept()
        ended = subprocess.run(
            [os.path.abspath(BINARY), "simulate", "cases.yaml", "--id", case, "--target", target, "--json"], check=False, cwd=folder,
            capture_output=True, text=True, timeout=RUN_WAIT_S)
        assert ended.returncode in (0, 1, 3), ended
        result, = json.loads(ended.stdout)["cases"]
        if not was_held_up(result):
            return result, newest()
    raise given_up(f"{case} over {wire}")


@pytest.fixture(params=PATHS)
def wire(request):
    return request.param


def said(record, role):
    return [line for line in record["transcript"] if line["role"] == role]


def test_an_appointment_is_understood_at_both_ends(server, wire, next_kept, tmp_path):
    result, record = hold(server, wire, next_kept, tmp_path, "book")
    assert result["verdict"] == "passed", result["reasons"]
    assert (result.get("wire", "voiceforge"), record["metadata"].get("wire", "voiceforge")) == (wire.split()[0], wire.split()[0])
    assert record["codec"].startswith(CODECS[wire])
    words = " ".join(line["text"] for line in said(record, "caller")).lower()
    assert "appointment" in words and "thursday" in words, words
    assert len(said(record, "agent")) == 3
    assert record["reason"] == "caller-hung-up"


def test_an_interruption_is_one_at_both_ends(server, wire, next_kept, tmp_path):
    result, record = hold(server, wire, next_kept, tmp_path, "interrupt")
    assert result["verdict"] == "passed", result["reasons"]
    first, *others = said(record, "agent")
    assert first["interrupted"] and 0 < len(first["heardText"]) < len(first["text"])
    assert not any(line["interrupted"] for line in others)
    heard = next(line for line in result["transcript"] if line["role"] == "agent")
    assert heard["interrupted"]
    assert record["reason"] == "completed"
