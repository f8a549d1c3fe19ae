"""Traces of calls, as a collector of OpenTelemetry gets them from a real server."""

import re
import socket
import subprocess
import time
from itertools import pairwise

import pytest

from asking import ask
from call_client import CallClient
from collector import Collector, Neighbour, open_until_the_end
from ports import free_port
from server import BINARY, READY_WAIT_S, Server

FLOW = """
voice: espeak:en-gb
variables: {{orders: "{url}"}}
states:
  ask:
    listen: How can I help?
    intents:
      track: {{hear: [track], next: look}}
      break: {{hear: [break], next: fail}}
      talk: {{hear: [talk], next: talk}}
      over: {{hear: [over], next: bye}}
    no-match: {{say: Pardon?, times: 9}}
    no-input-after: 60s
    else: bye
  look: {{tool: "GET {{orders}}/orders/4711?key=secret-of-the-tool", save: {{order: state}}, next: ask, failed: ask}}
  fail: {{tool: "POST {{orders}}/broken", next: ask, failed: ask}}
  talk:
    llm: You are polite.
    intents: {{over: {{hear: [over], next: bye}}}}
    failed: bye
  bye: {{end: done, say: Bye.}}
"""
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PHRASE = "Please track 47110815 for Miller"
STAGES = ["endpoint", "recognition", "flow", "synthesis", "playout"]
SERVER, CLIENT, INTERNAL, ERROR = 2, 3, 1, 2
LOSS_WAIT_S = 120
SECRET = "planted-header-value-93"


@pytest.fixture(scope="module")
def neighbour():
    with open_until_the_end(Neighbour()) as running:
        yield running


@pytest.fixture
def flows(neighbour, tmp_path):
    (tmp_path / "orders.yaml").write_text(FLOW.format(url=neighbour.url))
    return str(tmp_path)


@pytest.fixture
def collector():
    with open_until_the_end(Collector()) as running:
        yield running


@pytest.fixture
def served(flows, neighbour, collector):
    """A server that sends its traces to the collector; further variables may be given."""
    running = []

    def serve(endpoint=None, **variables):
        server = Server(
            "--flows", flows, "--node", "one", environment={
                "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint or collector.url, "VOICEFORGE_TOOL_HOSTS": "127.0.0.1", "ENABLE_LLM": "true",
                "OPENAI_BASE_URL": f"{neighbour.url}/v1", "OPENAI_MODEL": "small-model", **variables})
        running.append(server)
        return server.wait_until_ready()

    yield serve
    for server in running:
        server.vanish()


def place(server, *phrases, headers=(), **start):
    """A call in which these things are typed, each once the agent has begun to answer the one before; returns its record."""
    call = CallClient(server.url, headers)
    call.send(type="start", flow="orders", **start)
    call.receive("ready")
    for phrase in phrases:
        call.send(type="text", text=phrase)
        call.receive("turn")
    call.send(type="hangup")
    record = call.receive("ended")["record"]
    call.close()
    return record


def named(spans, name):
    return [span for span in spans if span.name == name]


def drawn_latencies(text):
    """The sums of the stages of each turn that is drawn, in milliseconds, by the turn's number."""
    sums, turn = {}, None
    for line in text.splitlines():
        name, length = re.match(r" *(.+?) +[\d.]+ s +(\d+) ms", line).groups()
        if name.startswith("turn "):
            turn = int(name.removeprefix("turn "))
            sums[turn] = 0
        elif name in STAGES:
            sums[turn] += int(length)
    return sums


def lost(server, reason):
    text = ask(f"{server.url}/metrics").text
    return int(re.search(rf'^voiceforge_trace_calls_lost_total{{reason="{reason}"}} (\d+)', text, re.MULTILINE).group(1))


def test_a_call_is_one_trace_whose_stages_are_the_latencies_of_its_record(served, collector):
    record = place(served(), PHRASE, "Nothing of the kind 123")
    spans = collector.wait_for_call(record["id"])
    assert not collector.faults
    assert len({span.id for span in spans}) == len(spans) and all(len(span.id) == 16 for span in spans)
    assert {span.trace for span in spans} == {record["metadata"]["traceId"]}
    (root,) = [span for span in spans if not span.parent]
    assert (root.name, root.kind) == ("call", SERVER)
    assert {span.parent for span in spans if span is not root} <= {span.id for span in spans}
    assert abs(root.end_us - root.start_us - record["durationMs"] * 1000) <= 5000
    assert all(root.start_us <= span.start_us <= span.end_us <= root.end_us for span in spans), spans
    turns = named(spans, "turn")
    assert len(turns) == len(record["turnLatencies"]) == 2
    for turn, latency in zip(turns, record["turnLatencies"], strict=True):
        stages = [span for span in spans if span.parent == turn.id and span.name in STAGES]
        assert [span.name for span in stages] == STAGES
        assert all(before.end_us == after.start_us for before, after in pairwise(stages))
        assert abs(stages[-1].end_us - stages[0].start_us - latency["latencyMs"] * 1000) <= 5000
        assert turn.attributes["voiceforge.turn.number"] == latency["turn"]


def test_spans_say_who_sends_them_and_what_they_are(served, collector):
    server = served(
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=a%20test,service.name=other", OTEL_SERVICE_NAME="desk")
    record = place(server, PHRASE)
    spans = collector.wait_for_call(record["id"])
    assert spans[0].resource["service.name"] == "desk"
    assert spans[0].resource["service.instance.id"] == "one"
    assert spans[0].resource["deployment.environment.name"] == "a test"
    assert spans[0].scope.name == "voiceforge.calls" and spans[0].scope.version
    (root,) = named(spans, "call")
    assert root.attributes["voiceforge.flow.name"] == "orders"
    assert root.attributes["voiceforge.call.reason"] == "caller-hung-up"
    assert root.message.status.code == 0
    (tool,) = named(spans, "GET")
    assert tool.kind == CLIENT and tool.attributes["http.response.status_code"] == 200
    assert named(spans, "utterance") and all(span.kind == INTERNAL for span in named(spans, "utterance"))


def test_nothing_that_was_said_stands_in_a_trace_unless_the_log_shows_it(served, collector):
    record = place(served(), PHRASE)
    sent = " ".join(str(span.message) for span in collector.wait_for_call(record["id"]))
    assert not [word for word in ["47110815", "Miller", "secret-of-the-tool", "/orders/", "How can I", "Pardon"] if word in sent], sent
    record = place(served(VOICEFORGE_LOG_WORDS="true"), PHRASE)
    texts = [span.attributes.get("voiceforge.text") for span in collector.wait_for_call(record["id"])]
    assert PHRASE in texts and "How can I help?" in texts


@pytest.mark.parametrize("way", ["header", "start"])
def test_the_trace_of_whoever_calls_goes_on_and_is_passed_to_tools_and_models(served, collector, neighbour, way):
    neighbour.asked.clear()
    server = served()
    given = {"headers": [("traceparent", PARENT)]} if way == "header" else {"traceparent": PARENT}
    record = place(server, PHRASE, "talk to me", **given)
    spans = collector.wait_for_call(record["id"])
    _, trace, parent, _ = PARENT.split("-")
    (root,) = named(spans, "call")
    assert (root.trace, root.parent) == (trace, parent)
    assert root.message.flags == 0x301
    (tool,), (chat, *_) = named(spans, "GET"), named(spans, "chat small-model")
    assert neighbour.traceparents("/orders") == [f"00-{trace}-{tool.id}-01"]
    assert neighbour.traceparents("/v1/chat")[0] == f"00-{trace}-{chat.id}-01"
    assert chat.attributes["gen_ai.operation.name"] == "chat" and chat.attributes["gen_ai.response.model"] == "small-model"
    assert (chat.attributes["gen_ai.usage.input_tokens"], chat.attributes["gen_ai.usage.output_tokens"]) == (11, 7)


def test_a_tool_that_fails_is_an_error(served, collector):
    spans = collector.wait_for_call(place(served(), "break")["id"])
    (tool,) = named(spans, "POST")
    assert tool.message.status.code == ERROR and tool.attributes["error.type"] == "failed"


@pytest.mark.parametrize("wrong", [
    "", "00", PARENT.upper(), PARENT.replace("b7ad6b7169203331", "0" * 16), "ff" + PARENT[2:], PARENT + "-00"])
def test_a_traceparent_that_is_none_is_ignored(served, collector, wrong):
    record = place(served(), headers=[("traceparent", wrong)])
    (root,) = [span for span in collector.wait_for_call(record["id"]) if span.name == "call"]
    assert not root.parent and root.trace == record["metadata"]["traceId"] and root.trace not in wrong.lower()


def test_a_call_of_a_trace_that_is_not_kept_is_not_sent_and_passes_it_on(served, collector, neighbour):
    neighbour.asked.clear()
    server = served()
    unsampled = PARENT[:-2] + "00"
    record = place(server, PHRASE, headers=[("traceparent", unsampled)])
    assert "traceId" not in record["metadata"]
    assert neighbour.traceparents("/orders") == [unsampled]
    # Nothing but the call after it comes.
    kept = place(server)
    collector.wait_for_call(kept["id"])
    assert {span.attributes["session.id"] for span in named(collector.spans, "call")} == {kept["id"]}


def test_without_a_collector_nothing_is_sent_and_a_trace_is_passed_on(served, collector, neighbour):
    neighbour.asked.clear()
    server = served(OTEL_TRACES_EXPORTER="none")
    record = place(server, PHRASE, headers=[("traceparent", PARENT)])
    assert neighbour.traceparents("/orders") == [PARENT] and "traceId" not in record["metadata"]
    place(server, PHRASE)
    assert neighbour.traceparents("/orders") == [PARENT, None]
    assert "voiceforge_trace" not in ask(f"{server.url}/metrics").text
    server.stop()
    assert not collector.headers


def test_a_collector_that_is_busy_gets_everything_once_it_is_not(served, collector):
    collector.refusals = [(503, {"Retry-After": "0"}, b""), (429, {"Retry-After": "0"}, b"")]
    server = served()
    spans = collector.wait_for_call(place(server, PHRASE)["id"])
    assert len(named(spans, "call")) == 1 and len(collector.headers) == 3
    assert "spans cannot be sent" in server.output()


def test_what_a_collector_refuses_is_not_sent_again(served, collector):
    collector.refusals = [(400, {}, b"")]
    server = served()
    place(server)
    collector.wait_for_requests(1)
    kept = place(server)
    spans = collector.wait_for_call(kept["id"])
    assert len(named(spans, "call")) == 1 and len(collector.headers) == 2
    assert lost(server, "refused") == 1


def test_calls_go_on_while_the_collector_is_away_and_what_is_lost_is_counted(served):
    server = served(f"http://127.0.0.1:{free_port()}")
    records = [place(server, PHRASE) for _ in range(3)]
    assert all(record["reason"] == "caller-hung-up" for record in records)
    # Five times, with pauses of 15 s in all at most; the calls may be in two requests.
    deadline = time.monotonic() + LOSS_WAIT_S
    while lost(server, "unreachable") < len(records):
        assert time.monotonic() < deadline, ask(f"{server.url}/metrics").text
        time.sleep(0.2)
    last = place(server, PHRASE)
    assert last["reason"] == "caller-hung-up"
    assert "voiceforge_trace_calls_sent_total 0\n" in ask(f"{server.url}/metrics").text
    server.stop()
    assert server.output().count("spans cannot be sent") == 1


def test_the_last_calls_are_sent_when_the_server_stops(served, collector):
    server = served()
    record = place(server, PHRASE)
    server.stop()
    assert [span for span in named(collector.spans, "call") if span.attributes["session.id"] == record["id"]]


def test_headers_are_sent_and_never_told(served, collector):
    server = served(OTEL_EXPORTER_OTLP_HEADERS=f"x-key={SECRET}%20two, x-other = b ", VOICEFORGE_LOG_LEVEL="trace")
    collector.wait_for_call(place(server)["id"])
    headers = {name.lower(): value for name, value in collector.headers[0].items()}
    assert (headers["x-key"], headers["x-other"]) == (f"{SECRET} two", "b")
    assert SECRET not in server.output() and SECRET not in ask(f"{server.url}/metrics").text


@pytest.mark.parametrize(("variables", "told"), [
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT: expected an address"),
    ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL: VoiceForge sends traces as http/protobuf"),
    ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER: expected otlp or none"),
    ({"OTEL_TRACES_SAMPLER": "sometimes"}, "OTEL_TRACES_SAMPLER"),
    ({"OTEL_TRACES_SAMPLER_ARG": "2"}, "OTEL_TRACES_SAMPLER_ARG: expected a share from 0 to 1"),
    ({"OTEL_EXPORTER_OTLP_TIMEOUT": "soon"}, "OTEL_EXPORTER_OTLP_TIMEOUT"),
    ({"OTEL_EXPORTER_OTLP_HEADERS": SECRET}, "OTEL_EXPORTER_OTLP_HEADERS: expected NAME=VALUE"),
    ({"OTEL_EXPORTER_OTLP_HEADERS": f"a={SECRET}%0Ab: c"}, "OTEL_EXPORTER_OTLP_HEADERS: header 1"),
    ({"OTEL_EXPORTER_OTLP_HEADERS": f"Content-Type={SECRET}"}, "content-type is set by VoiceForge"),
    ({"OTEL_RESOURCE_ATTRIBUTES": "a=%"}, "OTEL_RESOURCE_ATTRIBUTES: expected NAME=VALUE"),
])
def test_settings_that_make_no_sense_are_said_at_the_start(variables, told, flows):
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", **variables}
    ended = subprocess.run(
        ["env", *(f"{name}={value}" for name, value in environment.items()), BINARY, "serve", "--port", "0", "--flows", flows],
        capture_output=True, text=True, check=False, timeout=READY_WAIT_S)
    assert ended.returncode != 0 and told in ended.stderr, ended
    assert SECRET not in ended.stdout + ended.stderr


def test_a_call_is_drawn_as_text_without_what_was_said(served):
    server = served()
    record = place(server, PHRASE)
    drawn = ask(f"{server.url}/api/calls/{record['id']}/spans")
    assert drawn.status == 200 and drawn.headers["Content-Type"].startswith("text/plain")
    assert abs(drawn_latencies(drawn.text)[1] - record["turnLatencies"][0]["latencyMs"]) <= 5
    assert "47110815" not in drawn.text and ask(f"{server.url}/api/calls/nowhere/spans").status == 404


def test_doctor_says_whether_the_collector_takes_spans(collector):
    def told(endpoint):
        return subprocess.run(
            ["env", f"OTEL_EXPORTER_OTLP_ENDPOINT={endpoint}", f"OTEL_EXPORTER_OTLP_HEADERS=k={SECRET}", BINARY, "doctor"],
            capture_output=True, text=True, check=False, timeout=READY_WAIT_S).stdout

    assert re.search(r"✓ Collector +takes spans", told(collector.url)) and collector.headers
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    away = told(f"http://127.0.0.1:{port}")
    assert re.search(r"✗ Collector +it cannot be reached", away) and SECRET not in away


def test_the_demonstration_call_drawn_as_text_adds_up_to_the_latencies_of_its_record(collector):
    server = Server("--demo", environment={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
    try:
        # The record is kept before its spans are sent.
        (root,) = collector.wait_for_spans("call", 1)
        record = ask(f"{server.url}/api/calls/{root.attributes['session.id']}").json
        assert record["reason"] == "completed" and len(record["turnLatencies"]) >= 5, record
        latencies = {latency["turn"]: latency["latencyMs"] for latency in record["turnLatencies"]}
        sums = drawn_latencies(ask(f"{server.url}/api/calls/{record['id']}/spans").text)
        assert sums.keys() == latencies.keys()
        assert all(abs(sums[turn] - latencies[turn]) <= 5 for turn in sums), (sums, latencies)
        sent = {}
        spans = collector.wait_for_call(record["id"])
        for turn in named(spans, "turn"):
            stages = [span for span in spans if span.parent == turn.id and span.name in STAGES]
            sent[turn.attributes["voiceforge.turn.number"]] = sum(span.end_us - span.start_us for span in stages) / 1000
        assert sent.keys() == latencies.keys()
        assert all(abs(sent[turn] - latencies[turn]) <= 5 for turn in sent), (sent, latencies)
        assert named(spans, "speech.recognize") and named(spans, "speech.synthesize")
    finally:
        server.vanish()
