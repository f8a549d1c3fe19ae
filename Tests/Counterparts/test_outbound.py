"""Runs over the telephone: our server dials through Twilio's REST API, and holds the case as the caller on the media stream that comes back."""

import time

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from asking import ask
from server import Server
from twilio_double import TwilioDouble

TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "a-key-of-sixteen-characters-or-more"
RUN_WAIT_S = 120


@pytest.fixture(scope="module")
def double():
    running = TwilioDouble(TOKEN)
    yield running
    running.stop()


def environment(double, **more):
    return {
        "TWILIO_ACCOUNT_SID": double.account, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": double.url,
        "VOICEFORGE_PUBLIC_URL": "https://voice.example", "VOICEFORGE_DIAL_ALLOW": "+1555", "VOICEFORGE_DIAL_PER_MINUTE": "600",
        "VOICEFORGE_DIAL_RING_SECONDS": "5", "VOICE_API_KEY": KEY, **more}


@pytest.fixture(scope="module")
def dialer(double):
    running = Server(environment=environment(double)).wait_until_ready()
    double.server = double.bot_server = running.url
    yield running
    running.stop()


def with_key(server, path, method="GET", body=None, key=KEY):
    return ask(f"{server.url}{path}", method, body, {"x-api-key": key})


def run(server, to="+15550100", test_id="appointment_hours", **more):
    body = {"test_id": test_id, "mode": "live", "to_number": to, "from_number": "+15550199", **more}
    return with_key(server, "/test/run", "POST", body)


def finished(server, run_id):
    deadline = time.monotonic() + RUN_WAIT_S
    while time.monotonic() < deadline:
        document = with_key(server, f"/testruns/{run_id}").json
        if document["status"] in ("completed", "failed"):
            return document
        time.sleep(0.1)
    raise AssertionError(f"the run {run_id} was not over within {RUN_WAIT_S} s")


def call_of(double, document):
    return double.calls[document["provider_call_id"]]


def test_a_case_is_held_over_the_telephone(double, dialer):
    started = run(dialer)
    assert started.status == 200, started
    assert started.json["status"] == "running" and started.json["provider_call_id"] in double.calls
    document = finished(dialer, started.json["run_id"])
    assert document["status"] == "completed", document
    assert document["evaluation"]["status"] == "pass", document["evaluation"]
    call = call_of(double, document)
    assert call.over.wait(10) and call.hang_ups == 1
    print(document)
