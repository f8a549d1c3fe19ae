"""The predecessor's page of agent flows, request by request as it makes them, and calls on the flows that it draws.

The model is the scripted server. Ids are the page's affair: nodes come without any, but in their `data`.
"""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from asking import ask
from llm_agent import PATIENT
from scripted_server import playing
from server import BINARY, Server

CALL_WAIT_S = 120
DESK = "You are the desk of the clinic."
CLINIC = {
    "name": "Clinic", "description": "Answers for a clinic.",
    "nodes": [
        {"id": "desk", "type": "subagent", "data": {"systemPrompt": DESK, "toolName": None, "phoneNumber": None, "message": None}},
        {"id": "bye", "type": "end_call", "data": {"message": "Goodbye.", "systemPrompt": None, "toolName": None, "phoneNumber": None}}],
    "edges": [{"source": "desk", "target": "bye", "label": "is done"}]}
WRONG = {**CLINIC, "edges": [{"source": "desk", "target": "nowhere", "label": "is done"}]}
RULES = [
    {"when": {"format": "json_schema", "last": "^This cannot be used: .*nowhere"}, "answer": {"json": CLINIC}},
    {"when": {"format": "json_schema", "last": "clinic"}, "answer": {"json": WRONG}},
    {"when": {"format": "json_schema"}, "answer": {"text": "I would rather not."}},
    *({"when": {"role": "user", "last": last, "tools": [tool]}, "answer": {"calls": [{"name": tool, "arguments": {}}]}}
      for last, tool in (("(?i)person", "wants-a-person"), ("(?i)done", "is-done"), ("(?i)money", "wants-money-back"))),
    {"when": {"role": "user", "last": "(?i)tomorrow", "tools": ["times"]},
     "answer": {"calls": [{"name": "times", "arguments": {"day": "tomorrow"}}]}},
    {"when": {"role": "tool", "last": "14:30"}, "answer": {"text": "Half past two is free."}},
    {"when": {}, "answer": {"text": "How can I help you?"}}]


class Page:
    """What its builder does with a flow."""

    def __init__(self, server):
        self.url = f"{server.url}/api/agent-flows"

    def ask(self, path="", method="GET", document=None):
        answer = ask(self.url + path, method, document)
        assert answer.status < 400, answer
        return answer.json

    def load(self, flow):
        nodes = [{**node, "data": {**node["data"], "id": node["id"]}} for node in self.ask(f"/{flow}/nodes")]
        edges = [{**edge, "source": edge["sourceNodeId"], "target": edge["targetNodeId"]} for edge in self.ask(f"/{flow}/edges")]
        return nodes, edges

    def save(self, flow, nodes, edges):
        self.ask(f"/{flow}/nodes", "POST", {"nodes": [{name: node[name] for name in ("type", "position", "data")} for node in nodes]})
        self.ask(f"/{flow}/edges", "POST", {"edges": [
            {"sourceNodeId": edge["source"], "targetNodeId": edge["target"], "label": edge.get("label"), "type": edge.get("type")}
            for edge in edges]})


class Times(BaseHTTPRequestHandler):
    """What a tool of the flow asks."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = b'{"free": ["14:30"]}' if self.path == "/times?day=tomorrow" else b"{}"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def times():
    """Its address."""
    service = ThreadingHTTPServer(("127.0.0.1", 0), Times)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_address[1]}"
    service.shutdown()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with playing(RULES, tmp_path_factory.mktemp("model"), "--tokens-per-second", "0") as running:
        yield running


@pytest.fixture(scope="module")
def server(model):
    running = Server(environment={
        "ENABLE_LLM": "true", "OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "any", "OPENAI_API_KEY": "planted-0123",
        "VOICEFORGE_TOOL_HOSTS": "127.0.0.1", **PATIENT})
    yield running.wait_until_ready()
    running.stop()


def call(server, flow, *lines):
    typed = [part for line in lines for part in ("--type", line)]
    return subprocess.run(
        [os.path.abspath(BINARY), "call", "--target", f"ws{server.url[4:]}/v1/call", "--flow", flow, "--json", *typed],
        capture_output=True, text=True, check=False, timeout=CALL_WAIT_S)


def end(process):
    record = json.loads(process.stdout)["record"]
    return record["reason"], record["outcome"]


def test_what_the_page_draws_is_called(server):
    page = Page(server)
    flow = page.ask("", "POST", {"name": "Front desk", "description": "", "configuration": {}})["id"]
    assert "cannot be called yet: the flow has no nodes" in call(server, flow, "hello").stderr
    # As it makes them when they are dragged in: the node's own id is nowhere but in edges.
    desk, person = (
        {"type": kind, "position": {"x": 4, "y": place}, "data": {"label": kind, "id": f"node-170000000000{place}", **data}}
        for place, kind, data in (
            (1, "subagent", {"systemPrompt": DESK, "turnEagerness": 0.9, "tools": [""]}),
            (2, "phone_transfer", {"phoneNumber": "+15550100", "message": "One moment."})))
    page.save(flow, [desk, person], [{
        "source": "subagent-1700000000001", "target": "phone_transfer-1700000000002", "label": "Wants a person!", "type": "conditional"}])
    assert page.ask(f"/{flow}")["callable"]
    assert end(call(server, flow, "Hello.", "A person, please.")) == ("transferred", "+15550100")
    # Loaded and saved again it stays as it was, and so it does with a new node.
    nodes, edges = page.load(flow)
    page.save(flow, nodes, edges)
    assert page.load(flow) == (nodes, edges)
    bye = {"type": "end_call", "position": {"x": 1, "y": 2}, "data": {"id": "node-9", "message": "Goodbye."}}
    page.save(flow, [*nodes, bye], [*edges, {"source": nodes[0]["id"], "target": "end_call-9", "label": "is done"}])
    assert len(page.load(flow)[1]) == 2
    assert end(call(server, flow, "I am done.")) == ("completed", "node-9")
    assert page.ask(f"/{flow}", "DELETE") == {"success": True}
    assert ask(f"{page.url}/{flow}").status == 404


def test_tools_make_their_requests_and_another_agent_is_told_what_this_one_says(server, model, times):
    page = Page(server)
    money = page.ask("", "POST", {"name": "Money"})["id"]
    place = {"x": 0, "y": 0}
    page.ask(f"/{money}/nodes", "POST", {"nodes": [{"type": "subagent", "position": place, "data": {"systemPrompt": "You pay."}}]})
    tool = {"tool": f"GET {times}/times?day={{day}}", "about": "Free times.", "arguments": {"day": "text"}, "save": {"free": "free.0"}}
    flow = page.ask("", "POST", {"name": "Desk", "configuration": {"tools": {"times": tool}}})["id"]
    page.ask(f"/{flow}/nodes", "POST", {"nodes": [
        {"id": "desk", "type": "subagent", "position": place, "data": {"systemPrompt": DESK, "tools": ["times"]}},
        {"id": "to-money", "type": "agent_transfer", "position": place, "data": {"targetAgentId": money, "context": "Wants 40 back."}}]})
    page.ask(f"/{flow}/edges", "POST", {"edges": [{"sourceNodeId": "desk", "targetNodeId": "to-money", "label": "wants money back"}]})
    assert page.ask(f"/{flow}")["faults"] == []
    record = json.loads(call(server, flow, "Is tomorrow free?", "I want my money.", "Hello?").stdout)["record"]
    said = [line["text"] for line in record["transcript"] if line["role"] == "agent"]
    assert "Half past two is free." in said and record["slots"]["free"] == "14:30", record
    prompt = model.asked()[-1]["body"]["messages"][0]["content"]
    assert prompt.startswith("You pay.\n\nWhat the agent before you says: Wants 40 back.\n"), prompt


def test_a_model_writes_a_flow_and_is_told_what_is_wrong_with_it(server, model):
    page = Page(server)
    made = page.ask("/generate", "POST", {"description": "Answers for a clinic."})
    assert made["name"] == "Clinic" and [node["id"] for node in made["nodes"]] == ["desk", "bye"]
    assert made["nodes"][1]["position"] == {"x": 0, "y": 160}
    asked = [event["body"] for event in model.asked()][-2:]
    assert asked[0]["response_format"]["json_schema"]["name"] == "agent_flow"
    assert "the edge `edge-1` names the node `nowhere`, which there is not" in asked[1]["messages"][-1]["content"]
    # The page shows it and saves it like one of its own.
    flow = page.ask("", "POST", {"name": made["name"]})["id"]
    page.save(flow, [{**node, "data": {**node["data"], "id": node["id"]}} for node in made["nodes"]], [
        {**edge, "type": "smoothstep"} for edge in made["edges"]])
    assert page.ask(f"/{flow}")["faults"] == []
    assert end(call(server, flow, "I am done.")) == ("completed", "bye")


def test_an_answer_that_is_no_flow_is_an_error(server):
    answer = ask(f"{server.url}/api/agent-flows/generate", "POST", {"description": "Something else."})
    assert answer.status == 502 and "twice: the answer is no flow: it has no JSON object" in answer.json["error"], answer
    assert ask(f"{server.url}/api/agent-flows/generate", "POST", {}).status == 400


def test_without_a_model_the_error_says_what_to_set():
    running = Server().wait_until_ready()
    try:
        answer = ask(f"{running.url}/api/agent-flows/generate", "POST", {"description": "A clinic."})
    finally:
        running.stop()
    assert answer.status == 503 and "ENABLE_LLM" in answer.json["error"], answer
