"""Fixtures: a server, and what callers say to it as samples."""

import audioop
import json
import signal
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "PageTests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "ScriptedModel"))

from asking import ask
from server import served

RECORD_WAIT_S = 30
SPEECH_WAIT_S = 120
TEST_MAX_S = 600


@pytest.fixture(autouse=True)
def _ended_in_time():
    """A client that waits for ever, as Pipecat's runner does now and then when it is cancelled, fails its test and holds up no other."""
    def give_up(*_):
        signal.alarm(20)  # for what waits while it is cleaned up
        raise TimeoutError(f"not over after {TEST_MAX_S} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(TEST_MAX_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def server():
    with served() as running:
        yield running


@pytest.fixture
def next_kept(server):
    """Called before a call: gives what waits for the record of that, once it is over."""
    def ids():
        return [call["id"] for call in ask(f"{server.url}/api/calls?limit=50").json["calls"]]

    def begin():
        server.wait_for_no_calls()
        before = set(ids())

        def record():
            server.wait_for_no_calls()
            deadline = time.monotonic() + RECORD_WAIT_S
            # A record is written a moment after its call.
            while time.monotonic() < deadline:
                for call in ids():
                    if call not in before:
                        return ask(f"{server.url}/api/calls/{call}").json
                time.sleep(0.05)
            raise AssertionError("no call was kept")

        return record

    return begin


@pytest.fixture
def kept(next_kept):
    """The record of the call that a test holds, once that is over."""
    return next_kept()


def _spoken(server, body):
    """Asks again while the server says that its speech engines are busy."""
    deadline = time.monotonic() + SPEECH_WAIT_S
    while True:
        answer = ask(f"{server.url}/v1/audio/speech", "POST", body, {"Content-Type": "application/json"})
        if answer.status == 200:
            return answer.body
        assert answer.status == 503 and time.monotonic() < deadline, answer
        time.sleep(float(answer.headers.get("Retry-After", "1")))


@pytest.fixture(scope="session")
def speak(server):
    """Speaks a text: 16-bit samples at the rate that is asked for."""
    made = {}

    def samples(text, rate):
        if text not in made:
            body = json.dumps({"model": "tts-1", "voice": "heart", "input": text, "response_format": "pcm"})
            made[text] = _spoken(server, body)
        return audioop.ratecv(made[text], 2, 1, 24_000, rate, None)[0]

    return samples
