"""Fixtures: a server, and what callers say to it as samples."""

import audioop
import json
import sys
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "PageTests"))

from server import Server


@pytest.fixture(scope="session")
def server():
    running = Server().wait_until_ready()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def speak(server):
    """Speaks a text: 16-bit samples at the rate that is asked for."""
    made = {}

    def samples(text, rate):
        if text not in made:
            body = json.dumps({"model": "tts-1", "voice": "heart", "input": text, "response_format": "pcm"}).encode()
            request = urllib.request.Request(
                f"{server.url}/v1/audio/speech", data=body, headers={"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                made[text] = answer.read()
        return audioop.ratecv(made[text], 2, 1, 24_000, rate, None)[0]

    return samples
