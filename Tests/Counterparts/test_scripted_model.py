"""The scripted model's server, held against OpenAI's client and against a genuine server."""

import json
import socket

import openai
import pytest

from asking import ask
from model_server import NAME, serving
from scripted_server import PROGRAM, playing

TEXT = "Hello there, this is the practice of Doctor Lee. How can I help you today?"
TOKENS = ["Hello", " there,", " this", " is"]
KEY = "planted-0123456789abcdef"
BOOK = {"type": "function", "function": {"name": "book", "parameters": {"type": "object", "properties": {"day": {"type": "string"}}}}}
STALLED = 100


def fault(kind, **more):
    """A rule for a user who says the fault's name."""
    return {"when": {"last": f"^{kind}$"}, "answer": {"text": TEXT}, "fault": {"kind": kind, **more}}


def call_fault(kind):
    return {
        "when": {"last": f"^{kind}$"}, "answer": {"text": "Well. ", "calls": [{"name": "book", "arguments": {"day": "Tuesday"}}]},
        "fault": kind}


SCRIPT = [
    {"name": "tried once", "when": {"last": "^busy$"}, "fault": {"kind": "status", "status": 429, "retry_after": 0.25}, "times": 1},
    {"when": {"last": "^busy$"}, "answer": {"text": "Now I can."}},
    {"when": {"last": "^broken$"}, "fault": {"kind": "status", "status": 503, "body": "<html>down</html>"}},
    {"name": "books", "when": {"last": "(?i)book (\\w+) for (\\w+)", "role": "user", "tools": ["book"], "turn": 2},
     "answer": {"text": "Right, {1}.", "calls": [{"name": "book", "arguments": {"day": "{1}", "note": ["for {2}"]}},
                                                 {"name": "book", "arguments": {}}]}},
    {"when": {"role": "tool", "last": '"ok": true', "system": "practice"}, "answer": {"text": "Booked."}},
    {"when": {"format": "json_schema", "last": "says: (.*)"}, "answer": {"json": {"quote": "{1}", "slot": None}}},
    {"when": {"model": "^unknown$"}, "fault": {"kind": "status", "status": 404}},
    fault("no-done"), fault("no-events"), fault("null-role"), fault("empty"), fault("long", tokens=5000), fault("stall-first"),
    fault("stall-middle", after_tokens=4), fault("cut", after_tokens=4), fault("500-middle", after_tokens=4),
    call_fault("repeat-name"), call_fault("tool-json-in-text"), call_fault("unknown-tool"), call_fault("broken-arguments"),
    {"when": {"last": "^crowd$"}, "answer": {"text": TEXT}, "fault": {"kind": "stall-middle", "after_tokens": 4}},
    {"name": "greets", "when": {"last": "^Hello"}, "answer": {"text": TEXT}},
]


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    with playing(SCRIPT, tmp_path_factory.mktemp("scripted"), "--tokens-per-second", "0") as server:
        yield server


@pytest.fixture(scope="module")
def genuine():
    with serving(tokens_max=40) as server:
        yield server


@pytest.fixture(params=["scripted", "genuine"])
def either(request):
    return request.getfixturevalue(request.param).url


def client(url):
    return openai.OpenAI(base_url=url, api_key=KEY, max_retries=0, timeout=120)


def user(text):
    return [{"role": "user", "content": text}]


def stream(url, text, **more):
    return client(url).chat.completions.create(model="any", messages=user(text), stream=True, **more)


def contents(chunks):
    """The pieces of text, without those that are empty."""
    return [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]


def call_deltas(chunks):
    return [delta for chunk in chunks for delta in chunk.choices[0].delta.tool_calls or []]


def raw(url, text):
    return ask(f"{url}/chat/completions", "POST", {"model": "any", "stream": True, "messages": user(text)}).text


# --- As a genuine server speaks


def test_a_stream_is_shaped_as_a_genuine_one(either):
    chunks = list(stream(either, "Hello", max_tokens=4, stream_options={"include_usage": True}))
    *pieces, last, usage = chunks
    assert pieces[0].choices[0].delta.role == "assistant" and not pieces[0].choices[0].delta.content
    assert all(len(chunk.choices) == 1 and chunk.choices[0].finish_reason is None for chunk in pieces)
    assert len(contents(pieces)) == 4
    assert last.choices[0].finish_reason == "length" and not last.choices[0].delta.content
    assert usage.choices == [] and usage.usage.completion_tokens == 4
    assert usage.usage.total_tokens == usage.usage.prompt_tokens + 4
    assert len({(chunk.id, chunk.model, chunk.object) for chunk in chunks}) == 1 and chunks[0].object == "chat.completion.chunk"


def test_the_end_of_a_stream_is_marked_as_by_a_genuine_one(either):
    said = raw(either, "Hello")
    assert said.endswith("data: [DONE]\n\n") and said.count("[DONE]") == 1
    assert all(line == "" or line.startswith("data: ") for line in said.split("\n"))


def test_a_whole_answer_is_shaped_as_a_genuine_one(either):
    answer = client(either).chat.completions.create(model="any", messages=user("Hello"), max_tokens=4)
    (choice,) = answer.choices
    assert choice.message.role == "assistant" and choice.message.content and choice.message.tool_calls is None
    assert choice.finish_reason == "length" and answer.object == "chat.completion" and answer.usage.completion_tokens == 4


def test_the_model_is_listed_and_answers_to_any_name(scripted, genuine):
    for url, name in ((scripted.url, "scripted"), (genuine.url, NAME)):
        assert [model.id for model in client(url).models.list()] == [name]
        assert next(iter(stream(url, "Hello"))).model == name


@pytest.mark.parametrize("body", ["{", '{"model": "any"}', '{"model": "any", "messages": "Hello"}'])
def test_what_is_no_request_is_refused_as_by_a_genuine_one(either, body):
    answer = ask(f"{either}/chat/completions", "POST", body, {"Content-Type": "application/json"})
    assert answer.status == 400, answer
    assert answer.json["error"]["message"] and answer.json["error"]["type"]


def test_who_hangs_up_in_a_sentence_may_ask_again(either):
    with stream(either, "Hello") as chunks:
        next(iter(chunks))
    assert contents(stream(either, "Hello"))


# --- What a script says


def test_a_text_comes_word_by_word(scripted):
    pieces = contents(stream(scripted.url, "Hello"))
    assert "".join(pieces) == TEXT and pieces[:4] == TOKENS and len(pieces) == 15


def test_calls_come_in_pieces_with_what_was_said(scripted):
    messages = [
        {"role": "system", "content": "You answer the telephone of a practice."}, *user("Hello"), {"role": "assistant", "content": TEXT},
        *user([{"type": "text", "text": "Please book Tuesday for two"}])]
    chat = client(scripted.url).chat.completions
    chunks = list(chat.create(model="any", messages=messages, tools=[BOOK], stream=True))
    assert "".join(contents(chunks)) == "Right, Tuesday." and chunks[-1].choices[0].finish_reason == "tool_calls"
    deltas = call_deltas(chunks)
    named = [delta for delta in deltas if delta.id]
    assert [(delta.index, delta.id, delta.function.name) for delta in named] == [(0, "call_1", "book"), (1, "call_2", "book")]
    assert sum(delta.index == 0 for delta in deltas) > 5
    written = "".join(delta.function.arguments for delta in deltas if delta.index == 0)
    assert json.loads(written) == {"day": "Tuesday", "note": ["for two"]}
    # The same without a stream, and then what the tool said.
    message = chat.create(model="any", messages=messages, tools=[BOOK]).choices[0].message
    assert [call.function.arguments for call in message.tool_calls] == [written, "{}"]
    results = [{"role": "tool", "tool_call_id": call.id, "content": '{"ok": true}'} for call in message.tool_calls]
    assert contents(chat.create(model="any", messages=[*messages, message, *results], stream=True)) == ["Booked."]
    # As at OpenAI's, no call may stay without its result.
    for history in ([*messages, message, results[0]], [*messages, *results], [*messages, message, *user("Hello")]):
        with pytest.raises(openai.BadRequestError, match="call"):
            chat.create(model="any", messages=history)


def test_an_answer_may_be_asked_for_as_json(scripted):
    schema = {"type": "json_schema", "json_schema": {"name": "slots", "schema": {"type": "object"}}}
    pieces = contents(stream(scripted.url, 'She says: "Hi".', response_format=schema))
    assert json.loads("".join(pieces)) == {"quote": '"Hi".', "slot": None} and len(pieces) > 3


def test_a_hole_in_a_script_is_seen(scripted):
    with pytest.raises(openai.InternalServerError) as refused:
        client(scripted.url).chat.completions.create(model="m", messages=[{"role": "system", "content": "Be kind."}, *user("Book me")])
    for part in ("script.json", "model m", "turn 1", "of the user", '"Book me"', "tools: none", '"Be kind."', "rule "):
        assert part in refused.value.message, refused.value.message


def test_the_sample_script_holds_a_conversation(tmp_path):
    tools = [{"type": "function", "function": {"name": name}} for name in ("find_times", "book")]
    said, messages = [], []
    with playing(PROGRAM.with_name("appointment.json"), tmp_path, "--tokens-per-second", "0") as server:
        chat = client(server.url).chat.completions
        for heard in (None, "On Tuesday", '{"free": ["09:30"]}', "Yes please", '{"booked": true}'):
            if heard and heard.startswith("{"):
                messages.append({"role": "tool", "tool_call_id": messages[-1].tool_calls[0].id, "content": heard})
            else:
                messages += [{"role": "system", "content": "You answer the telephone."}] if heard is None else user(heard)
            messages.append(chat.create(model="any", messages=messages, tools=tools).choices[0].message)
            said.append([call.function.name for call in messages[-1].tool_calls or []] or messages[-1].content)
    assert said[1] == ["find_times"] and said[3] == ["book"]
    assert "09:30" in said[2] and said[4] == "You are booked. Goodbye."


# --- Faults, as a client sees them


def test_an_error_has_its_status_and_says_when_to_try_again(scripted):
    with pytest.raises(openai.RateLimitError) as refused:
        list(stream(scripted.url, "busy"))
    assert refused.value.response.headers["retry-after"] == "0.25"
    assert contents(stream(scripted.url, "busy")) == ["Now", " I", " can."]
    with pytest.raises(openai.InternalServerError) as broken:
        list(stream(scripted.url, "broken"))
    assert broken.value.response.text == "<html>down</html>"
    with pytest.raises(openai.NotFoundError):
        client(scripted.url).chat.completions.create(model="unknown", messages=user("Hi"))


def test_a_stream_may_lack_its_end_or_everything(scripted):
    assert "[DONE]" not in raw(scripted.url, "no-done")
    assert "".join(contents(stream(scripted.url, "no-done"))) == TEXT
    assert raw(scripted.url, "no-events") == "" and list(stream(scripted.url, "no-events")) == []
    chunks = list(stream(scripted.url, "empty"))
    assert not contents(chunks) and chunks[-1].choices[0].finish_reason == "stop"


def test_a_role_may_be_null(scripted):
    first, *others = list(stream(scripted.url, "null-role"))
    assert first.choices[0].delta.role == "assistant" and "".join(contents(others)) == TEXT
    assert raw(scripted.url, "null-role").count('"role":null') == len(others)


def test_calls_may_be_wrong(scripted):
    deltas = call_deltas(stream(scripted.url, "repeat-name"))
    assert len(deltas) > 3 and {(delta.id, delta.function.name) for delta in deltas} == {("call_1", "book")}
    chunks = list(stream(scripted.url, "tool-json-in-text"))
    assert not call_deltas(chunks) and chunks[-1].choices[0].finish_reason == "stop"
    assert json.loads("".join(contents(chunks)).removeprefix("Well. ")) == {"name": "book", "arguments": {"day": "Tuesday"}}
    first, *_ = call_deltas(stream(scripted.url, "unknown-tool"))
    assert first.function.name == "no_such_tool"
    written = "".join(delta.function.arguments for delta in call_deltas(stream(scripted.url, "broken-arguments")))
    with pytest.raises(json.JSONDecodeError):
        json.loads(written)


def test_an_answer_may_go_on_and_on(scripted):
    assert len(contents(stream(scripted.url, "long"))) == 5000


@pytest.mark.parametrize("kind, says, end", [
    ("500-middle", "while it answered", "whole"), ("cut", "Connection error", "cut by script")])
def test_an_answer_may_break_off(scripted, kind, says, end):
    """With an error among the events, or with nothing at all."""
    heard = []
    with pytest.raises(openai.APIError, match=says):
        heard.extend(chunk.choices[0].delta.content for chunk in stream(scripted.url, kind))
    assert heard == ["", *TOKENS]
    (told,) = scripted.ends(kind)
    assert (told["end"], told["tokens"]) == (end, 4), told


@pytest.mark.parametrize("kind, tokens", [("stall-first", []), ("stall-middle", TOKENS)])
def test_an_answer_may_stand_still_until_the_client_hangs_up(scripted, kind, tokens):
    with stream(scripted.url, kind) as chunks:
        heard = iter(chunks)
        next(heard)
        assert contents(next(heard) for _ in tokens) == tokens
        assert not scripted.ended(kind)
    (end,) = scripted.ends(kind)
    assert (end["end"], end["tokens"]) == ("closed by client", len(tokens)), end


# --- The log, the pace, the start


def test_the_log_has_what_was_asked_and_never_a_key(tmp_path):
    with playing(SCRIPT, tmp_path, "--tokens-per-second", "0", "--model", "other") as server:
        assert next(iter(stream(server.url, "Hello"))).model == "other"
        ask(f"{server.url}/nowhere")
        ask(f"{server.url}/chat/completions", "POST", "nonsense")
        ends = server.ends("Hello") + server.ends(None) + server.ends("nonsense")
        asked = server.asked()
        written = json.dumps(server.events())
    assert [request["authorization"] for request in asked] == [True, False, False] and KEY not in written
    assert asked[0]["body"] == {"model": "any", "messages": user("Hello"), "stream": True}
    assert [end["status"] for end in ends] == [200, 404, 400]
    assert ends[0]["rule"] == "rule 22 (greets)" and ends[0]["at_ms"] >= asked[0]["at_ms"]


def test_many_are_answered_at_once(scripted):
    head, body = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {scripted.url}\r\n", json.dumps(
        {"model": "any", "stream": True, "messages": user("crowd")})
    host, port = scripted.url.split("/")[2].split(":")
    clients = [socket.create_connection((host, int(port)), timeout=120) for _ in range(STALLED)]
    for each in clients:
        each.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    for each in clients:
        heard = b""
        while TOKENS[-1].encode() not in heard:
            heard += each.recv(65_536)
    assert not scripted.ended("crowd")  # all of them are under way
    for each in clients:
        each.close()
    ends = scripted.ends("crowd", STALLED)
    assert {(end["end"], end["tokens"]) for end in ends} == {("closed by client", 4)}
