"""The scripted model's server keeps its pace, says what is wrong with a script, and stands what is no HTTP. Time is virtual."""

import asyncio
import json
import selectors
import socket
import ssl
import sys

import pytest

from asking import ask
from certificate import self_signed
from chat_answer import ChatAnswer
from chat_request import ChatRequest
from script import Script
from scripted_model import Exchange, Pace
from scripted_server import playing, run

WAIT_S = 60
FIRST_S, STEP_S = 0.25, 0.125


class VirtualSelector(selectors.DefaultSelector):
    """Whoever waits has waited at once."""

    now = 0.0

    def select(self, timeout=None):
        self.now += timeout or 0
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._virtual = VirtualSelector()
        super().__init__(self._virtual)

    def time(self):
        return self._virtual.now


class SlowClient:
    """Writes down when it was sent what; the piece whose number is `slow` takes `slow_s`."""

    def __init__(self, slow=None, slow_s=0):
        self.pieces, self._slow, self._slow_s = [], slow, slow_s

    async def begin(self):
        pass

    async def send(self, piece, is_last=False):  # noqa: ARG002  as a connection has it
        self.pieces.append((asyncio.get_running_loop().time(), piece.count(b'"content":" ')))
        if len(self.pieces) - 1 == self._slow:
            await asyncio.sleep(self._slow_s)


def said(client, words=8):
    """The exchange in which so many words were sent to a client."""
    rule = {"answer": {"text": " word" * words}}
    script = Script([rule], None)
    chat = ChatRequest({"model": "any", "stream": True, "messages": [{"role": "user", "content": "Hello"}]})

    async def hold():
        exchange = Exchange(client, Pace(FIRST_S * 1000, 1 / STEP_S))
        await exchange.answer(script.rule(chat), chat, "scripted", 1)
        return exchange

    loop = VirtualLoop()
    try:
        return loop.run_until_complete(hold())
    finally:
        loop.close()


def test_each_token_goes_out_when_it_is_due():
    client = SlowClient()
    exchange = said(client)
    assert exchange.tokens == 8 and exchange.late_s_max == 0
    assert client.pieces == [(FIRST_S + STEP_S * index, 1) for index in range(8)]


def test_a_token_that_is_late_makes_no_other_late():
    client = SlowClient(slow=2, slow_s=0.3)
    exchange = said(client)
    # What was due meanwhile goes out together, and what follows is on time again.
    begun = FIRST_S + 2 * STEP_S
    assert client.pieces[3:] == [(begun + 0.3, 2), *((FIRST_S + STEP_S * index, 1) for index in range(5, 8))]
    assert exchange.late_s_max == pytest.approx(0.3 - STEP_S)


def test_an_answer_of_many_tokens_is_made_while_it_is_sent():
    rule = {"answer": {"text": "word"}, "fault": {"kind": "long", "tokens": 10**12}}
    chat = ChatRequest({"model": "any", "messages": [{"role": "user", "content": "Hello"}]})
    answer = ChatAnswer(Script([rule], None).rule(chat), chat, "scripted", 1)
    assert next(answer.deltas()) == {"content": "word"} and answer.token_count == 10**12


@pytest.mark.parametrize("script, says", [
    ("[", "Expecting value"),
    ("{}", "a script is a list of rules"),
    ("[]", "with at least one"),
    ("[3]", "rule 1 must be an object"),
    ('[{"name": "greets", "wen": {}}]', "rule 1 (greets): wen is unknown; there is name, when, answer, fault, times"),
    ('[{"answer": {"text": "Hi"}}, {"when": {"lsat": "a"}}]', "rule 2: when: lsat is unknown; there is model, system, last"),
    ('[{"when": {"last": "("}}]', "rule 1: when.last is no regular expression: missing )"),
    ('[{"when": {"last": 3}}]', "when.last is no regular expression"),
    ('[{"when": {"role": "caller"}}]', "when.role must be one of system"),
    ('[{"when": {"turn": "1"}}]', "when.turn must be a whole number"),
    ('[{"when": {"tools": "book"}}]', "when.tools must be a list of names"),
    ('[{"when": {}}]', 'give it text, json or calls; the fault "empty"'),
    ('[{"answer": {"text": "Hi", "json": {}}}]', "answer: text or json, not both"),
    ('[{"answer": {"json": ["{1}"]}}]', "{1} stands for a group that when.last does not have"),
    ('[{"answer": {"text": 3}}]', "text and finish must be texts"),
    ('[{"answer": {"calls": [{"nam": "a"}]}}]', "answer.calls[0]: nam is unknown"),
    ('[{"answer": {"calls": [{"arguments": {}}]}}]', "answer.calls[0] must have a name"),
    ('[{"when": {"last": "(a)"}, "answer": {"text": "{2}"}}]', "{2} stands for a group that when.last does not have"),
    ('[{"answer": {"text": "Hi"}, "times": 0}]', "times must be a whole number above 0"),
    ('[{"answer": {"text": "Hi"}, "fault": "slow"}]', "fault must be one of status, no-done"),
    ('[{"answer": {"text": "Hi"}, "fault": {"kind": ["cut"]}}]', "fault must be one of status"),
    ('[{"answer": {"text": "Hi"}, "fault": "long"}]', "fault: long needs tokens"),
    ('[{"answer": {"text": "Hi"}, "fault": {"kind": "cut", "after": 3}}]', "fault: after is unknown; there is kind, after_tokens"),
    ('[{"fault": {"kind": "status", "status": 200}}]', "fault.status must be 400 to 599"),
    ('[{"answer": {"text": "Hi"}, "fault": "repeat-name"}]', "repeat-name is a fault of calls"),
])
def test_what_is_wrong_with_a_script_is_said(tmp_path, script, says):
    path = tmp_path / "script.json"
    path.write_text(script, encoding="utf-8")
    ran = run("--script", path)
    assert ran.returncode == 2 and ran.stderr.startswith(f"scripted_model.py: {path}: ") and says in ran.stderr, ran


def test_what_is_wrong_with_the_command_is_said(tmp_path):
    assert "--script" in run().stderr
    assert "No such file" in run("--script", tmp_path / "none.json").stderr
    ran = run("--script", tmp_path / "none.json", "--tokens-per-second", "-1")
    assert ran.returncode == 2 and "numbers from 0" in ran.stderr
    told = run("--help")
    assert told.returncode == 0 and "examples:" in told.stdout and "stall-middle" in told.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    rules = [{"when": {"last": "^Hi$"}, "answer": {"text": "Hello."}}]
    with playing(rules, tmp_path_factory.mktemp("pace"), "--tokens-per-second", "0") as running:
        yield running


def exchanged(server, sent):
    """All that a connection gets back until the server closes it."""
    host, port = server.url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as client:
        client.sendall(sent)
        heard = b""
        while piece := client.recv(65_536):
            heard += piece
    return heard.decode()


@pytest.mark.parametrize("head, status", [
    ("nonsense", 400), ("GET /v1/models HTTP/1.0", 505), ("POST /v1/models HTTP/1.1\r\nTransfer-Encoding: chunked", 411),
    (f"POST /v1/models HTTP/1.1\r\nContent-Length: {1 << 30}", 413), ("POST /v1/models HTTP/1.1\r\nContent-Length: -1", 413),
    ("GET /v1/models HTTP/1.1\r\nno colon", 400), (f"GET /{'a' * 70_000} HTTP/1.1", 431)])
def test_what_is_no_request_is_refused(server, head, status):
    heard = exchanged(server, f"{head}\r\n\r\n".encode() if status != 431 else head.encode())
    assert heard.startswith(f"HTTP/1.1 {status} "), heard


def test_requests_on_one_connection_are_answered_in_order(server):
    body = json.dumps({"model": "any", "stream": True, "messages": [{"role": "user", "content": "Hi"}]})
    ask_chat = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    last = "DELETE /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n"
    heard = exchanged(server, (ask_chat + "GET /v1/models HTTP/1.1\r\n\r\n" + last).encode())
    events, models, refused = heard.split("HTTP/1.1 ")[1:]
    assert events.startswith("200") and "Hello." in events and events.endswith("0\r\n\r\n")
    assert '"id": "scripted"' in models and refused.startswith("405") and "Allow: GET" in refused


@pytest.mark.parametrize("change, says", [
    ({"model": ""}, "model is missing"), ({"messages": []}, "messages must be a list"),
    ({"messages": [{"role": "caller", "content": "Hi"}]}, "messages[0].role must be one of"),
    ({"messages": [{"role": "user", "content": None}]}, "messages[0].content must be a text"),
    ({"messages": [{"role": "user", "content": "Hi", "tool_calls": []}]}, "messages[0].tool_calls must be"),
    ({"messages": [{"role": "assistant", "content": None, "tool_calls": [{"id": 3}]}]}, "messages[0].tool_calls must be"),
    ({"messages": [{"role": "tool", "content": "x", "tool_call_id": []}]}, "messages[0] is the result of a call"),
    ({"tools": [{"name": "book"}]}, "tools must be a list"), ({"tools": [{"function": {"name": 3}}]}, "function.name must be a text"),
    ({"response_format": {"type": "xml"}}, "response_format.type must be one of"), ({"max_tokens": 0}, "max_tokens must be a whole"),
])
def test_what_openai_refuses_is_refused(server, change, says):
    body = {"model": "any", "messages": [{"role": "user", "content": "Hi"}], **change}
    answer = ask(f"{server.url}/chat/completions", "POST", body)
    assert answer.status == 400 and says in answer.json["error"]["message"], answer


def test_a_body_that_is_no_object_is_refused(server):
    answer = ask(f"{server.url}/chat/completions", "POST", "[1]")
    assert answer.status == 400 and "must be a JSON object" in answer.text, answer


def test_a_body_that_is_nested_too_deep_is_refused(server):
    depth = sys.getrecursionlimit() * 100
    answer = ask(f"{server.url}/chat/completions", "POST", "[" * depth + "]" * depth)
    assert answer.status == 400 and "no JSON" in answer.text, answer


def test_it_speaks_tls(tmp_path):
    options, trust = self_signed(tmp_path)
    with playing([{"answer": {"text": "Hello."}}], tmp_path, "--tls", options[1], options[3]) as server:
        host, port = server.url.removeprefix("https://").split("/")[0].split(":")
        with socket.create_connection((host, int(port)), timeout=WAIT_S) as plain, trust.wrap_socket(plain, server_hostname=host) as client:
            client.sendall(b"GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        with socket.create_connection((host, int(port)), timeout=WAIT_S) as plain, pytest.raises(ssl.SSLCertVerificationError):
            trust.wrap_socket(plain, server_hostname="other.example")
