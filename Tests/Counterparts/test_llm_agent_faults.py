"""Whatever the server of a model does wrong, a call that it speaks in goes on, or ends where its flow says; and its key is told to nobody.

All calls are held at once, each with a flow and a fault of its own. The caller asks for a room, where the fault is, and then books.
"""

import json
from dataclasses import dataclass

import pytest

from asking import ask
from call_client import CallClient
from llm_agent import KEY, RUN_WAIT_S, SORRY, agents, caller, check_questions, flow, hold, of, records
from scripted_server import playing

HELLO = "Hello, how can I help you?"
BOOK = {"about": "Books it, once the caller agreed.", "arguments": {"room": "text"}, "go": "booked"}
# Its first sentence is said although no more comes.
ROOMS = "We have many rooms. The first one has a view of the sea and the"
# Nothing of it is.
HALF = "We have many rooms and the first one has a view of the sea and the"
CALL = {"name": "book", "arguments": {"room": "the first"}}
PIECE_MAX_MS = 1000
LONG_TOKENS = 60


def faulty(kind, text="", *calls, **more):
    return {"answer": {"text": text, "calls": list(calls)}, "fault": {"kind": kind, **more}}

@dataclass(frozen=True)
class Fault:
    """A rule's answer. `kind`: what the timeline calls it, where the model fails. `asked`: how often the model is, in all. `ends_as`: the
    flow's end. `turns`: of the caller until then. `told`: parts of what the model is told of its calls that came to nothing."""

    rule: dict
    kind: str = ""
    asked: int = 2
    ends_as: str = "booked"
    turns: int = 2
    told: tuple = ()


def failing(rule, kind, asked=1):
    return Fault(rule, kind, asked, "failed", 1)


def calling(kind, text=""):
    return Fault(faulty(kind, text, CALL), asked=1, turns=1)


UNKNOWN = "there is no such tool; there are: book"
BROKEN = "the arguments are no JSON object"
FAULTS = {
    "status-429": failing(faulty("status", status=429), "limited"),
    "status-500": failing(faulty("status", status=500), "failed"),
    "retry-after": Fault({**faulty("status", status=429, retry_after=0.1), "times": 1}, asked=3),
    "stall-first": failing(faulty("stall-first"), "late"),
    "stall-middle": Fault(faulty("stall-middle", ROOMS, after_tokens=8), "stalled"),
    "stall-unsaid": failing(faulty("stall-middle", HALF, after_tokens=8), "stalled"),
    "cut": Fault(faulty("cut", ROOMS, after_tokens=8), "unreachable"),
    "cut-unsaid": failing(faulty("cut", HALF, after_tokens=8), "unreachable"),
    "broken-off": Fault(faulty("500-middle", ROOMS, after_tokens=8), "failed"),
    "empty": failing(faulty("empty"), "empty", asked=2),
    "empty-once": Fault({**faulty("empty"), "times": 1}, asked=3),
    "tool-json": calling("tool-json-in-text"),
    "tool-json-behind": calling("tool-json-in-text", "One moment. "),
    "unknown-tool": Fault({**faulty("unknown-tool", "", CALL), "times": 1}, asked=3, told=(UNKNOWN,)),
    "broken-arguments": Fault({**faulty("broken-arguments", "", CALL), "times": 1}, asked=3, told=(BROKEN,)),
    # A model that does nothing but call tools is given up.
    "always-broken": Fault({**faulty("broken-arguments", "", CALL), "when": {}}, "", 8, "failed", 1, (BROKEN,) * 7),
    "no-done": Fault(faulty("no-done", f"{ROOMS} hills.")),
    "null-role": calling("null-role", "One moment."),
    "repeat-name": calling("repeat-name", "One moment."),
    "long": Fault(faulty("long", "There is a room and another. ", tokens=100_000)),
}
ENDS = {"stall": "closed by client", "cut": "cut by script"}


def flow_of(name):
    return flow(name, {"say-first": HELLO, "tools": {"book": BOOK}, "limits": {"tokens": LONG_TOKENS, "early": 0}})


def rules_of(name):
    fault = FAULTS[name].rule
    return of(
        name, {"when": {"last": "(?i)room"}, **fault}, {"when": {"last": "(?i)book", "role": "user"}, "answer": {"calls": [CALL]}},
        {"answer": {"text": "We have a fine one. Shall I?"}})


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    def calls(names, **more):
        cases = {name: {"turns": ["Do you have a room for me?", "Yes, please book it."]} for name in names}
        rules = [line for name in names for line in rules_of(name)]
        return hold(tmp_path_factory.mktemp("calls"), rules, {name: flow_of(name) for name in names}, {"voiceforge": cases}, jobs=5, **more)

    stalls = [name for name in FAULTS if name.startswith("stall")]
    return {
        **calls([name for name in FAULTS if name not in stalls]), **calls(stalls, VOICEFORGE_MODEL_PIECE_MAX=str(PIECE_MAX_MS))}


@pytest.mark.parametrize("name", FAULTS)
def test_a_call_goes_on_or_ends_where_its_flow_says(held, name):
    call, fault = held[name], FAULTS[name]
    assert (call.record["reason"], call.record["outcome"]) == ("completed", fault.ends_as), call
    assert call.states() == ["desk", "booked" if fault.ends_as == "booked" else "sorry"], call
    assert len(call.asked) == fault.asked and len(call.texts("caller")) == fault.turns, call
    assert call.entries("model-failed") == [fault.kind] * bool(fault.kind), call
    assert [end["end"] for end in call.ends] == [ENDS.get(name.split("-")[0], "whole")] + ["whole"] * (fault.asked - 1), call
    results = [json.loads(message["content"]) for message in call.asked[-1] if message["role"] == "tool"]
    assert results == [{"error": why} for why in fault.told], call
    if fault.ends_as == "failed":
        assert call.heard() == [HELLO, SORRY], call
    check_questions(call.asked)


@pytest.mark.parametrize("name", FAULTS)
def test_the_model_is_told_what_was_heard_and_nothing_else(held, name):
    call = held[name]
    told = [message["content"] for message in call.asked[-1] if message["role"] == "assistant" and message["content"]]
    assert told == call.heard()[:len(told)], call
    # What follows is the end of the flow, and what was said on the way there.
    assert len(call.heard()) == len(told) + 1, call


def test_what_is_said_of_a_long_answer_ends_with_a_sentence(held):
    """The server may say no more than it was asked for, and stops in mid-sentence."""
    long = held["long"]
    assert long.ends[0]["tokens"] == LONG_TOKENS
    assert long.heard()[1] == " ".join(["There is a room and another."] * (LONG_TOKENS // 7)), long


def test_the_models_key_is_told_to_nobody(tmp_path):
    """Not even when the model's server repeats it."""
    refusal = {"error": {"message": f"Incorrect key: {KEY}", "code": KEY, "type": KEY}}
    rules = [
        *of("refused", faulty("status", status=401, body=refusal)), *of("broken", faulty("status", status=500, body=f"<p>{KEY}</p>")),
        *rules_of("null-role")]
    flows = {name: flow_of(name) for name in ("refused", "broken", "null-role")}
    traces = tmp_path / "traces"
    seen = {}
    with playing(rules, tmp_path) as model, agents(
            flows, tmp_path, model.url, "--trace-dir", str(traces), VOICEFORGE_LOG_LEVEL="debug") as server:
        run = caller(server, tmp_path, [{"id": name, "flow": name, "turns": ["Do you have a room?"]} for name in flows])
        seen["the caller's output"] = "".join(run.communicate(timeout=RUN_WAIT_S))
        seen["messages of a call"] = typed_call(server, "refused")
        for name, record in records(server, flows).items():
            seen[f"record of {name}"] = json.dumps(record)
            assert record["outcome"] == ("booked" if name == "null-role" else "failed"), record
            for more in ("", "/timeline", "/recording"):
                seen[f"call of {name}{more}"] = repr(ask(f"{server.url}/api/calls/{record['id']}{more}").body)
        for path in ("/api/calls", "/v1/models", "/api/flows", "/metrics", "/readyz", "/api/usage", "/openapi.json", "/"):
            answer = ask(server.url + path)
            seen[path] = f"{answer.headers}\n{answer.text}"
        assert len(model.asked()) == 4 and all(request["authorization"] for request in model.asked())
        kept = [*traces.rglob("*"), *(tmp_path / "voiceforge-out").rglob("*")]
        seen |= {str(file): file.read_bytes().decode("latin-1") for file in kept if file.is_file()}
        assert "incorrect key" in json.dumps(seen).lower()  # it is told why, without the key
    seen["log"] = server.output()
    assert len(list(traces.iterdir())) == 4 and (tmp_path / "voiceforge-out/report.json").exists()
    for name, text in seen.items():
        assert text and KEY not in text, name


def typed_call(server, name):
    """All that it is told."""
    call, told = CallClient(server.url), []
    call.send(type="start", flow=name)
    call.receive("ready")
    call.send(type="text", text="Do you have a room?")
    told.append(call.receive("error"))
    told.append(call.receive("ended"))
    call.close()
    return json.dumps(told)
