"""Runs over the telephone that ask a language model: for the caller's words, and what is judged of the agent that was heard."""

import json
import time

import pytest

from asking import ask
from scripted_server import playing
from server import Server
from twilio_double import TwilioDouble

TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "a-key-of-sixteen-characters-or-more"
MODEL_KEY = "planted-model-key-0123456789"
RUN_WAIT_S = 120
TRIES = 4
LATE = "leave over 20 ms late"
GOAL = "phone/goal"
CASE = f"""
id: {GOAL}
flow: appointment
caller: {{goal: To know on which days you are open.}}
expect: {{goal: reached, judged: names the days}}
"""
SCRIPT = [
    {"when": {"system": "^You check one statement"},
     "answer": {"json": {"answer": "yes", "quote": "Monday", "why": "It names the first."}}},
    {"when": {"last": "(?i)monday", "format": "json_schema"},
     "answer": {"json": {"say": "Thank you, now I know.", "facts_used": [], "goal_state": "reached", "hang_up": True}}},
    {"when": {"format": "json_schema"},
     "answer": {"json": {"say": "What are your opening hours?", "facts_used": [], "goal_state": "open", "hang_up": False}}},
]


@pytest.fixture(scope="module")
def dialer(tmp_path_factory):
    double = TwilioDouble(TOKEN)
    with playing(SCRIPT, tmp_path_factory.mktemp("model")) as model:
        running = Server(environment={
            "TWILIO_ACCOUNT_SID": double.account, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": double.url,
            "VOICEFORGE_PUBLIC_URL": "https://voice.example", "VOICEFORGE_DIAL_ALLOW": "+1555", "VOICE_API_KEY": KEY,
            "VOICEFORGE_DIAL_PER_MINUTE": "600", "ENABLE_LLM": "true", "OPENAI_BASE_URL": model.url,
            "OPENAI_API_KEY": MODEL_KEY, "OPENAI_MODEL": "scripted"}).wait_until_ready()
        double.server = double.bot_server = running.url
        try:
            added = ask(f"{running.url}/testcases", "POST", CASE, {"x-api-key": KEY, "Content-Type": "application/yaml"})
            assert added.status == 201, added
            yield running
        finally:
            running.stop()
            double.stop()


def with_key(server, path, method="GET", body=None, key=KEY):
    return ask(f"{server.url}{path}", method, body, {"x-api-key": key})


def run(server, key=KEY):
    body = {"test_id": GOAL, "mode": "live", "to_number": "+15550100", "from_number": "+15550199"}
    return with_key(server, "/test/run", "POST", body, key)


def finished(server, run_id):
    deadline = time.monotonic() + RUN_WAIT_S
    while time.monotonic() < deadline:
        document = with_key(server, f"/testruns/{run_id}").json
        if document["status"] in ("completed", "failed"):
            return document
        time.sleep(0.1)
    raise AssertionError(f"the run {run_id} was not over within {RUN_WAIT_S} s")


def held(server):
    """A run to its end; again where the machine was too busy to speak in time, which says nothing of anybody."""
    for _ in range(TRIES):
        started = run(server)
        assert started.status == 200, started
        document = finished(server, started.json["run_id"])
        if not any(LATE in text for text in document["evaluation"]["zipper_report"]["failures"]):
            break
    return document


def test_a_caller_with_a_goal_talks_and_the_agent_is_judged(dialer):
    document = held(dialer)
    report = document["evaluation"]["zipper_report"]
    assert document["evaluation"]["status"] == "pass", json.dumps(document, indent=1)
    assert [step["expected_user_input"] for step in report["steps"]] == ["What are your opening hours?", "Thank you, now I know."]
    (judged,) = report["judged"]
    assert (judged["statement"], judged["outcome"]) == ("names the days", "yes")
    assert judged["votes"][0]["quote"] == "Monday"
    assert judged["votes"][0]["at_ms"] > 0
    assert MODEL_KEY not in json.dumps(document)


def test_a_key_without_the_scope_model_places_no_such_call(dialer):
    made = with_key(dialer, "/api/keys", "POST", {"name": "caller", "scopes": ["manage", "dial", "read"]}).json
    refused = run(dialer, made["key"])
    assert refused.status == 403, refused
    assert "its caller has a goal" in refused.json["detail"]
    assert "lacks the scope model" in refused.json["detail"]
