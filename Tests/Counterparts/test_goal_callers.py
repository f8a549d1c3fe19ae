"""Callers with a goal, whose words a language model finds, call a server over three wires in real time; over one of them they know what the
agent says by ear alone.

The model is a scripted server. A machine that holds callers up changes their verdicts, and nothing that is looked at here.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from asking import ask
from llm_agent import PATIENT, RUN_WAIT_S, TARGETS
from scripted_server import playing
from server import BINARY, Server

SAMPLES = Path(__file__).parent.parent.parent / "Samples" / "llm"


@pytest.fixture(scope="module", name="calls")
def _calls(tmp_path_factory):
    """What the callers' runs told, by wire, and the server's calls."""
    folder = tmp_path_factory.mktemp("goals")
    with playing(SAMPLES / "callers-script.json", folder, "--tokens-per-second", "0") as model:
        server = Server(environment=PATIENT).wait_until_ready()
        environment = {**os.environ, "ENABLE_LLM": "true", "OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "any"}
        try:
            runs = {wire: _run(server, folder, wire, environment) for wire in TARGETS}
            told = {wire: json.loads(run.communicate(timeout=RUN_WAIT_S)[0]) for wire, run in runs.items()}
            server.wait_for_no_calls()
            yield told, ask(f"{server.url}/api/calls?limit=100").json["calls"]
        finally:
            server.stop()


def _run(server, folder, wire, environment):
    of_bots = [] if wire == "voiceforge" else ["--agent-pause", "2s", "--skip-unobservable"]
    return subprocess.Popen(
        [os.path.abspath(BINARY), "simulate", str(SAMPLES / "callers.yaml"), "--id", "goal-cancel", "--llm", "live", "--json",
         "--target", TARGETS[wire].format(f"ws{server.url[4:]}"), *of_bots],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("wire", TARGETS)
def test_it_reaches_its_goal(calls, wire):
    told, _ = calls
    case = told[wire]["cases"][0]
    assert case["improvised"]["goal"] == "reached", case
    assert case["improvised"]["model"] == "scripted", case
    assert "misbehavior" not in case["improvised"], case
    assert [turn["said"] for turn in case["turns"]][-1] == "It is Anna Miller.", case


def test_the_agent_did_what_it_wanted(calls):
    _, kept = calls
    assert sum(call["outcome"] == "cancelled" for call in kept) == len(TARGETS), kept
