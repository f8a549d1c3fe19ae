"""Agents for which a model's server speaks, and simulated callers that call them over a server of ours.

Each flow is called once: what was asked of the model for it is found by its name, which stands in its prompt.
"""

import itertools
import json
import os
import subprocess
import time
from contextlib import contextmanager

from asking import ask
from scripted_server import playing
from server import BINARY, Server

RUN_WAIT_S = 400
RECORD_WAIT_S = 30
KEY = "planted-0123456789abcdef"
SORRY = "I am sorry, I cannot help you right now."
TARGETS = {
    "voiceforge": "{}/v1/call", "twilio": "twilio+{}/twilio/stream", "realtime": "realtime+{}/v1/realtime"}
# A busy machine is slow; only what never comes is waited for in vain.
PATIENT = {"VOICEFORGE_MODEL_PIECE_MAX": "60000", "VOICEFORGE_MODEL_ANSWER_MAX": "120000"}


def flow(name, state, **states):
    """One whose first state, desk, is spoken by a model, and that ends as booked or failed. `state`: more of desk."""
    desk = {"llm": f"You are the agent {name}. Today is {{today}}.", "failed": "sorry", **state}
    return {"states": {
        "desk": desk, **states, "booked": {"end": "booked", "say": "It is booked. Goodbye."}, "sorry": {"end": "failed", "say": SORRY}}}


def of(name, *rules):
    """The rules for this flow alone."""
    return [{**rule, "when": {**rule.get("when", {}), "system": f"the agent {name}\\."}} for rule in rules]


class Call:
    """`result`: the caller's. `record`: the server's. `asked`, `ends`: what the model was asked for this flow, and how its answers ended.
    `events`: what it saw of all calls."""

    def __init__(self, result, record, events):
        self.result, self.record, self.events = result, record, events
        name = record["flow"]
        requests = [event for event in events if event["event"] == "request" and f"the agent {name}." in json.dumps(event["body"])]
        self.asked = [event["body"]["messages"] for event in requests]
        numbers = [event["request"] for event in requests]
        ends = {event["request"]: event for event in events if event["event"] == "end"}
        self.ends = [ends[number] for number in numbers]

    def said(self, role):
        return [line for line in self.record["transcript"] if line["role"] == role]

    def texts(self, role):
        return [line["text"] for line in self.said(role)]

    def heard(self):
        return [line["heardText"] for line in self.said("agent")]

    def entries(self, kind):
        return [entry["detail"] for entry in self.record["timeline"] if entry["kind"] == kind]

    def states(self):
        return self.entries("state-entered")

    def __repr__(self):
        return json.dumps({
            name: self.record[name] for name in ("reason", "outcome", "slots", "transcript", "timeline")} | {
            "asked": self.asked, "ends": self.ends, "caller": self.result["reasons"]}, indent=1)


@contextmanager
def agents(flows, folder, url, *options, **more):
    """A server of ours with these flows alone, whose model is at `url`. `more`: further variables of its environment."""
    where = folder / "flows"
    where.mkdir(exist_ok=True)
    for name, document in flows.items():
        (where / f"{name}.yaml").write_text(json.dumps({"title": name, **document}))
    environment = {
        "ENABLE_LLM": "true", "OPENAI_BASE_URL": url, "OPENAI_MODEL": "any", "OPENAI_API_KEY": KEY, **PATIENT, **more}
    running = Server("--flows", str(where), *options, environment=environment).wait_until_ready()
    try:
        yield running
    finally:
        running.stop()


def caller(server, folder, cases, wire="voiceforge", jobs=4):
    """Starts the callers of these cases, all over one wire."""
    file = folder / f"{wire}.yaml"
    file.write_text(json.dumps({"cases": cases}))
    target = TARGETS[wire].format(f"ws{server.url[4:]}")
    # A busy machine may be slow between two sentences; our own wire tells when there are no more.
    pause = [] if wire == "voiceforge" else ["--agent-pause", "3s"]
    return subprocess.Popen(
        [os.path.abspath(BINARY), "simulate", file.name, "--target", target, "--jobs", str(jobs), "--report", f"{wire}-out", "--json",
         *pause], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def results(process):
    """By case."""
    try:
        told, faults = process.communicate(timeout=RUN_WAIT_S)
    finally:
        process.kill()
    assert process.returncode in (0, 1, 3), (process.returncode, told[-2000:], faults)
    return {case["id"]: case for case in json.loads(told)["cases"]}


def records(server, flows):
    """The server's, by flow, once there is one of each."""
    server.wait_for_no_calls()
    deadline = time.monotonic() + RECORD_WAIT_S
    while True:
        calls = ask(f"{server.url}/api/calls?limit=100").json["calls"]
        kept = {call["flow"]: call["id"] for call in calls}
        if set(flows) <= set(kept):
            return {name: ask(f"{server.url}/api/calls/{kept[name]}").json for name in flows}
        assert time.monotonic() < deadline, (flows, kept)
        time.sleep(0.05)


def hold(folder, rules, flows, cases, *options, speed=30, jobs=3, **environment):
    """Calls every flow once, all wires at once. A machine that holds callers up changes their verdicts, and nothing that is looked at here.

    `cases`: by wire and flow, without either. `options`: of the server. Gives the calls by flow.
    """
    with playing(rules, folder, "--tokens-per-second", str(speed)) as model:
        with agents(flows, folder, model.url, *options, **environment) as server:
            runs = [
                caller(server, folder, [{"id": name, "flow": name, **case} for name, case in of_wire.items()], wire, jobs)
                for wire, of_wire in cases.items()]
            told = {name: result for run in runs for name, result in results(run).items()}
            kept = records(server, told)
            wait_for_ends(model)
        return {name: Call(result, kept[name], model.events()) for name, result in told.items()}


def wait_for_ends(model):
    """Until every answer has ended: the server of a model notices a moment later who hung up."""
    deadline = time.monotonic() + RECORD_WAIT_S
    while len(model.asked()) != sum(event["event"] == "end" for event in model.events()):
        assert time.monotonic() < deadline, model.events()
        time.sleep(0.05)


def check_questions(asked):
    """What must hold of all that a model is asked in a call: one system message, the first; each call of a tool with one result, right
    behind it; and whoever was told something is told it again."""
    for messages in asked:
        assert [message["role"] for message in messages].count("system") == 1 and messages[0]["role"] == "system", messages
        open_calls, ids = [], []
        for message in messages:
            if message["role"] == "tool":
                assert message["tool_call_id"] in open_calls, messages
                open_calls.remove(message["tool_call_id"])
                continue
            assert open_calls == [], messages
            open_calls = [call["id"] for call in message.get("tool_calls", [])]
            ids += open_calls
        assert open_calls == [] and len(ids) == len(set(ids)), messages
    for before, after in itertools.pairwise(asked):
        assert after[:len(before)] == before, (before, after)
