"""The page "Test a phone number": its settings, its case and its commands as they stand there, against a double of Twilio."""

import json
import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from asking import ask
from ports import free_port
from server import BINARY, Server
from terminal import Terminal
from twilio_double import TwilioDouble

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "Sources/Documentation.docc/PhoneNumber.md").read_text()
SETTINGS, CALL, REST = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
[CASE] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMAND, QUESTION = CALL.splitlines()
CURL, ANSWER = REST.removeprefix("$ ").rsplit("\n", 2)[:2]

TOKEN = "13579bdf13579bdf13579bdf13579bdf"
KEY = "a-key-of-sixteen-characters-or-more"
RUN_WAIT_S = 120
TRIES = 4
LATE = "leave over 20 ms late"


def settings(double):
    """The page's variables, with the double's account in place of one at Twilio."""
    named = dict(re.findall(r"^\$ export (\w+)=(\S+)", SETTINGS, re.MULTILINE))
    assert {name for name, value in named.items() if "…" in value} == {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}, named
    return {**named, "TWILIO_ACCOUNT_SID": double.account, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": double.url}


@pytest.fixture(scope="module")
def double():
    running = TwilioDouble(TOKEN)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(double):
    """Set up as the page says, with a key; it also is who answers the telephone."""
    running = Server(environment={**settings(double), "VOICE_API_KEY": KEY}).wait_until_ready()
    double.server = double.bot_server = running.url
    yield running
    running.stop()


def call(double, folder, answer, command, case):
    """The page's command for the terminal, its question answered. Gives what stands there, the status, and the calls that came of it."""
    words = shlex.split(command.removeprefix("$ "))
    assert words[:3] == ["voiceforge", "call", "--phone"]
    (folder / "hours.yaml").write_text(case)
    port = free_port()
    usual, double.server = double.server, f"http://127.0.0.1:{port}"
    before = set(double.calls)
    environment = {**os.environ, **settings(double), "VOICEFORGE_PORT": str(port), "TERM": "xterm"}
    try:
        with Terminal([os.path.abspath(BINARY), *words[1:]], RUN_WAIT_S, cwd=folder, env=environment) as terminal:
            terminal.until("[y/N]")
            terminal.type(answer)
            status = terminal.ended()
            return terminal.shown, status, [double.calls[sid] for sid in double.calls if sid not in before]
    finally:
        double.server = usual


def held(*what):
    """A call; again where the machine was too busy to speak in time, which says nothing of anybody."""
    for _ in range(TRIES):
        shown, status, calls = call(*what)
        if LATE not in shown:
            break
    return shown, status, calls


# What a terminal is told, by the page.
VERDICT = re.search(r"The exit code is that of `simulate`: (.*?)\n\n", PAGE, re.DOTALL)[1]


@pytest.mark.parametrize("number, case, status, said, says", [
    ("+15550100", CASE, 0, "0 passed", "1 passed"),
    ("+15550100", CASE.replace("Friday", "Sunday"), 1, "1 failed", "Sunday"),
    ("+15550101", CASE, 4, "4 the number could not be reached", "the line is busy"),
])
@pytest.mark.usefixtures("server")
def test_the_pages_command_asks_calls_and_ends_with_the_codes_of_the_page(double, tmp_path, number, case, status, said, says):
    assert said in " ".join(VERDICT.split()) and "+15550100" in COMMAND
    shown, ended, calls = held(double, tmp_path, "y\n", COMMAND.replace("+15550100", number), case)
    assert (ended, says in shown) == (status, True), shown
    assert shown.startswith(QUESTION.replace("+15550100", number)) and shown.count("[y/N]") == 1, shown
    [made] = calls
    assert (made.first("To"), made.first("From")) == (number, "+15550199") and made.over.wait(RUN_WAIT_S)
    assert made.stream_refused is None and TOKEN not in shown
    # The last thing the caller does is to hang up.
    assert made.hang_ups == (0 if status == 4 else 1)
    [result] = json.loads((tmp_path / "out/report.json").read_text())["cases"]
    assert result["id"] == "hours" and ("<audio" in (tmp_path / "out/index.html").read_text()) == (status != 4)


@pytest.mark.usefixtures("server")
def test_the_pages_command_calls_nobody_without_a_yes(double, tmp_path):
    before = len(double.requests)
    shown, status, calls = call(double, tmp_path, "n\n", COMMAND, CASE)
    assert (status, calls, len(double.requests)) == (2, [], before), shown
    assert shown.rstrip().endswith("no call was placed") and not (tmp_path / "out/report.json").exists(), shown


def finished(server, run_id):
    deadline = time.monotonic() + RUN_WAIT_S
    while time.monotonic() < deadline:
        document = ask(f"{server.url}/testruns/{run_id}", headers={"x-api-key": KEY}).json
        if document["status"] in ("completed", "failed"):
            return document
        time.sleep(0.1)
    raise AssertionError(f"the run {run_id} was not over within {RUN_WAIT_S} s")


def request(server, key, command=CURL):
    """The page's request to this server. Gives what curl prints."""
    assert "http://127.0.0.1:8080/test/run" in command
    return subprocess.run(
        command.replace("http://127.0.0.1:8080", server.url), shell=True, check=True, capture_output=True, text=True, timeout=RUN_WAIT_S,
        env={**os.environ, "KEY": key}).stdout


def test_the_pages_request_has_the_number_called_and_the_run_has_its_verdict(double, server):
    assert "GET /testruns/{run_id}" in PAGE
    for _ in range(TRIES):
        told = request(server, KEY)
        # What is different in each answer stands as … on the page.
        assert re.fullmatch(re.escape(ANSWER).replace("…", '[^"]+'), told), told
        begun = json.loads(told)
        document = finished(server, begun["run_id"])
        if LATE not in json.dumps(document):
            break
    report = document["evaluation"]["zipper_report"]
    assert document["status"] == "completed" and report["metrics"]["coverage"] == 1, json.dumps(document, indent=1)
    assert report["metrics"]["failure_steps"] == [], json.dumps(document, indent=1)
    heard = [line["text"] for line in document["transcript"] if line["speaker"] == "agent"]
    assert any("Monday" in text and "Friday" in text for text in heard) and re.search("good-?bye", heard[-1], re.IGNORECASE), heard
    made = double.calls[begun["provider_call_id"]]
    assert made.over.wait(RUN_WAIT_S) and made.first("To") == "+15550100"


def test_the_pages_request_needs_the_servers_key(double, server):
    before = len(double.requests)
    for key in ("", "a wrong key"):
        refused = json.loads(request(server, key))
        assert refused["status"] == 401 and len(double.requests) == before, refused


def test_a_server_without_keys_takes_the_pages_request_without_one(double):
    running = Server(environment={**settings(double), "VOICE_API_KEY": ""}).wait_until_ready()
    usual, double.server = double.server, running.url
    try:
        begun = json.loads(request(running, "", CURL.replace("+15550100", "+15550101")))
        assert finished(running, begun["run_id"])["evaluation"]["sentiment_summary"].count("the line is busy") == 1, begun
    finally:
        running.stop()
        double.server = usual
    assert double.calls[begun["provider_call_id"]].first("To") == "+15550101"
