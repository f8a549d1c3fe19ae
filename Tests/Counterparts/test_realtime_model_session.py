"""A Realtime session that a language model answers, event by event: interruptions, one response's own wishes, what is refused, a model that
fails, secrets, and a server without a model."""

import asyncio
import base64
import json
import time
from contextlib import asynccontextmanager

import pytest
import websockets

from asking import ask
from llm_agent import KEY, agents, check_questions, of, records, wait_for_ends
from realtime import PIECE_S, RATE, WAIT_S, Rules, base64_text, pieces
from scripted_server import playing

FLOWS = {"bye": {"states": {"bye": {"end": "over", "say": "Goodbye."}}}}
HOUSE = " ".join(f"Room number {number} is as large as the garden and has a window to the street." for number in range(1, 41))
STOP = "Stop. I want to book a room."
FREE = "There is a room."
NOTED = "Let me look up what the weather is like there today."
TOOL = {"type": "function", "name": "get_weather", "description": "The sky.", "parameters": {"type": "object", "properties": {}}}
# What is wrong with tools, by the parameter that the error names.
BAD_TOOLS = [
    ("tools", {"get_weather": TOOL}), ("tools", [TOOL] * 129), ("tools[0].type", [{**TOOL, "type": "mcp"}]),
    ("tools[0].name", [{**TOOL, "name": "get weather"}]), ("tools[1].name", [TOOL, TOOL]),
    ("tools[0].parameters", [{**TOOL, "parameters": "none"}]), ("tools[0].name", [{"type": "function"}])]


def user(text):
    return {"when": {"role": "user", "last": text}}


RULES = [
    {"when": {"system": "pirate"}, "answer": {"text": "Ahoy there."}},
    *[rule for name in ("house", "house-cut") for rule in of(
        name, {**user("(?i)house"), "answer": {"text": HOUSE}}, {**user("(?i)book"), "answer": {"text": FREE}})],
    *of("sky",
        {"when": {"role": "user", "last": "(?i)weather", "tools": ["get_weather"]},
         "answer": {"text": NOTED, "calls": [{"name": "get_weather"}]}},
        {"when": {"role": "tool", "last": "sunny"}, "answer": {"text": "It is sunny."}},
        {**user("(?i)book"), "answer": {"text": FREE}}),
    *of("ill",
        {**user("refused"), "fault": {"kind": "status", "status": 500}},
        {**user("nothing"), "fault": "empty"},
        {**user("(?i)breakfast"), "fault": {"kind": "status", "status": 500}},
        {**user("broken off"), "answer": {"text": HOUSE}, "fault": {"kind": "cut", "after_tokens": 40}}),
    *of("stranger", {**user("stranger"), "answer": {"calls": [{"name": "get_weather"}]}, "fault": "unknown-tool"}),
    *of("two", {**user("(?i)both"), "answer": {"calls": [
        {"name": "get_weather", "arguments": {"city": city}} for city in ("Rome", "Oslo")]}}),
    *of("written", {**user("(?i)weather"), "answer": {"calls": [{"name": "get_weather"}]}, "fault": "tool-json-in-text"}),
    *of("slow", {**user("stalls"), "fault": "stall-first"}),
    *of("resumed", {**user(r"(?i)morrow\W*$"), "fault": "stall-first"}),
    {"when": {"role": "user"}, "answer": {"text": "I see."}},
    {"when": {"role": "tool"}, "answer": {"text": "It is sunny."}},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with playing(RULES, tmp_path_factory.mktemp("model")) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def talking(model, tmp_path_factory):
    with agents(FLOWS, tmp_path_factory.mktemp("server"), model.url) as server:
        yield server


class Session:
    """A plain WebSocket: what came is in `rules`, the agent's audio in `heard`."""

    def __init__(self, socket):
        self._socket, self.rules, self.heard = socket, Rules(), bytearray()
        self.is_over = False
        self._came = asyncio.Condition()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self):
        try:
            async for text in self._socket:
                event = json.loads(text)
                async with self._came:
                    self.rules.add(event)
                    if event["type"] == "response.output_audio.delta":
                        self.heard += base64.b64decode(event["delta"])
                    self._came.notify_all()
        finally:
            self.is_over = True
            async with self._came:
                self._came.notify_all()

    async def send(self, kind, **members):
        await self._socket.send(json.dumps({"type": kind, **members}))

    async def wait(self, condition):
        async with asyncio.timeout(WAIT_S), self._came:
            await self._came.wait_for(lambda: condition() or self.is_over)
        assert condition(), self.rules.events[-5:]

    async def until(self, kind, count=1):
        await self.wait(lambda: len(self.rules.of(kind)) >= count)
        return self.rules.of(kind)[count - 1]

    async def update(self, **session):
        before = len(self.rules.of("session.updated"))
        await self.send("session.update", session={"type": "realtime", **session})
        return (await self.until("session.updated", before + 1))["session"]

    async def type(self, text, **response):
        """What becomes of a typed question: its response, as it is when done."""
        before = len(self.rules.of("response.done"))
        content = [{"type": "input_text", "text": text}]
        await self.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await self.send("response.create", **({"response": response} if response else {}))
        return (await self.until("response.done", before + 1))["response"]

    async def answer(self, call, output):
        """Tells the result of a call, by its id, and waits for what the model says to it."""
        before = len(self.rules.of("response.done"))
        await self.send("conversation.item.create", item={"type": "function_call_output", "call_id": call, "output": output})
        await self.send("response.create")
        return (await self.until("response.done", before + 1))["response"]

    async def refused(self, kind, **members):
        """The error that this event gets."""
        before = len(self.rules.of("error"))
        await self.send(kind, event_id="mine", **members)
        error = (await self.until("error", before + 1))["error"]
        assert error["event_id"] == "mine" and error["type"] == "invalid_request_error", error
        return error

    async def say(self, samples):
        for piece in pieces(samples):
            await self.send("input_audio_buffer.append", audio=base64_text(piece))
            await asyncio.sleep(PIECE_S)

    def words(self):
        return [event["transcript"] for event in self.rules.of("response.output_audio_transcript.done")]


@asynccontextmanager
async def session(server, name, headers=None):
    query = f"?model={name}" if name else ""
    async with websockets.connect(
            f"ws{server.url[4:]}/v1/realtime{query}", compression=None, max_size=None, additional_headers=headers) as socket:
        yield Session(socket)


def hold(server, name, story, **settings):
    """A session of an agent of this name, by `story`."""
    async def call():
        async with session(server, name) as talk:
            await talk.update(instructions=f"You are the agent {name}.", **settings)
            await story(talk)
            return talk

    talk = asyncio.run(call())
    assert talk.rules.faults == [], talk.rules.faults[:5]
    assert KEY not in json.dumps(talk.rules.events)
    return talk


def asked(model, name):
    """The bodies of the questions for this agent, and how their answers ended, once all have."""
    wait_for_ends(model)
    events = model.events()
    ends = {event["request"]: event for event in events if event["event"] == "end"}
    mine = [event for event in events if event["event"] == "request" and f"the agent {name}." in json.dumps(event["body"])]
    return [event["body"] for event in mine], [ends[event["request"]] for event in mine]


def wait_for_question(model, text):
    """Until the model was asked something with this text."""
    deadline = time.monotonic() + WAIT_S
    while not any(text in json.dumps(event["body"]) for event in model.asked()):
        assert time.monotonic() < deadline, model.events()
        time.sleep(0.02)


# --- interruptions


@pytest.mark.parametrize("name, played_ms", [("house", None), ("house-cut", 1000)])
def test_who_is_interrupted_stops_and_is_told_what_was_heard(talking, model, speak, name, played_ms):
    """`played_ms`: what the client says that it has played."""
    async def story(talk):
        await talk.send("conversation.item.create", item={
            "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Tell me about the house."}]})
        await talk.send("response.create")
        await talk.wait(lambda: len(talk.heard) > 3 * RATE * 2)
        saying = asyncio.create_task(talk.say(speak(STOP, RATE)))
        await talk.until("input_audio_buffer.speech_started")
        if played_ms:
            item = talk.rules.of("response.output_item.added")[0]["item"]["id"]
            await talk.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=played_ms)
        await talk.until("response.done", 2)
        await saying

    talk = hold(talking, name, story)
    record = records(talking, [name])[name]
    bodies, ends = asked(model, name)
    assert talk.rules.of("error") == []
    first, last = [event["response"] for event in talk.rules.of("response.done")]
    assert (first["status"], first["status_details"]["reason"]) == ("cancelled", "turn_detected"), first
    assert last["status"] == "completed" and talk.words()[-1] == FREE
    assert ends[0]["end"] == "closed by client" and 0 < ends[0]["tokens"] < len(HOUSE.split()), ends
    line = next(line for line in record["transcript"] if line["role"] == "agent")
    assert line["interrupted"] and line["heardMs"] <= (played_ms or WAIT_S * 1000), line
    messages = bodies[-1]["messages"]
    told = messages[2]["content"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"], messages
    assert told == line["heardText"] and 0 < len(told) < len(line["text"]) and HOUSE.startswith(told), (told, line)
    assert len(told.split()) < ends[0]["tokens"]
    check_questions([body["messages"] for body in bodies])


def test_a_tool_that_was_wanted_runs_once_although_the_caller_speaks_before(talking, model, speak):
    async def story(talk):
        await talk.send("conversation.item.create", item={
            "type": "message", "role": "user", "content": [{"type": "input_text", "text": "How is the weather?"}]})
        await talk.send("response.create")
        await talk.until("response.output_audio.delta")
        await talk.say(speak(STOP, RATE))
        await talk.until("response.function_call_arguments.done")
        await talk.wait(lambda: FREE in talk.words())
        (called,) = talk.rules.of("response.function_call_arguments.done")
        await talk.send("conversation.item.create", item={
            "type": "function_call_output", "call_id": called["call_id"], "output": '{"sky":"sunny"}'})
        await talk.type("And now?")

    talk = hold(talking, "sky", story, tools=[TOOL])
    bodies, _ = asked(model, "sky")
    assert talk.rules.of("error") == []
    for body in bodies:
        check_questions([body["messages"]])
    results = [message["content"] for message in bodies[-1]["messages"] if message["role"] == "tool"]
    assert results == ['{"sky":"sunny"}'], bodies[-1]
    told = [message["content"] for message in bodies[-1]["messages"] if message.get("tool_calls")]
    assert len(told) == 1 and NOTED.startswith(told[0]) and told[0] != NOTED, told


def test_two_calls_of_one_answer_are_one_response_and_each_has_one_result(talking, model):
    """Although the client forgets the second."""
    async def story(talk):
        wanted = await talk.type("How is it in both towns?")
        assert [json.loads(item["arguments"]) for item in wanted["output"]] == [{"city": "Rome"}, {"city": "Oslo"}], wanted
        await talk.answer(wanted["output"][0]["call_id"], "sunny")

    talk = hold(talking, "two", story, tools=[TOOL])
    bodies, _ = asked(model, "two")
    assert talk.rules.of("error") == [] and talk.words() == ["It is sunny."]
    check_questions([body["messages"] for body in bodies])
    first, second = bodies[-1]["messages"][-2:]
    assert first["content"] == "sunny" and "error" in json.loads(second["content"]), bodies[-1]


def test_a_call_that_a_model_writes_into_its_text_is_a_call_and_is_not_said(talking, model):
    async def story(talk):
        wanted = await talk.type("How is the weather?")
        (call,) = wanted["output"]
        assert (call["type"], call["name"]) == ("function_call", "get_weather"), wanted
        await talk.answer(call["call_id"], "sunny")

    talk = hold(talking, "written", story, tools=[TOOL])
    assert talk.rules.of("error") == [] and talk.words() == ["It is sunny."]
    check_questions([body["messages"] for body in asked(model, "written")[0]])


def test_what_a_client_says_while_its_caller_goes_on_is_kept(talking, model, speak):
    """The model is asked after the first half, and has said nothing when the caller goes on."""
    async def story(talk):
        await talk.say(speak("I would like to come tomorrow.", RATE))
        await talk.until("conversation.item.input_audio_transcription.completed")
        await asyncio.to_thread(wait_for_question, model, "the agent resumed.")
        await talk.update(instructions="You are the agent resumed. Be brief.", tools=[TOOL])
        await talk.say(speak("At ten in the morning.", RATE))
        await talk.until("response.done")

    talk = hold(talking, "resumed", story)
    bodies, ends = asked(model, "resumed")
    assert talk.rules.of("error") == [] and talk.words() == ["I see."], bodies
    assert [end["end"] for end in ends] == ["closed by client", "whole"], ends
    system, *said = bodies[-1]["messages"]
    assert [message["role"] for message in said] == ["user"] and "morning" in said[0]["content"], said
    assert system["content"] == "You are the agent resumed. Be brief.", system
    assert [tool["function"]["name"] for tool in bodies[-1]["tools"]] == ["get_weather"]


def test_a_response_is_cancelled_while_the_model_says_nothing_yet(talking, model):
    async def story(talk):
        content = [{"type": "input_text", "text": "It stalls."}]
        await talk.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await talk.send("response.create")
        await asyncio.to_thread(wait_for_question, model, "It stalls.")
        await talk.send("response.cancel")
        done = (await talk.until("response.done"))["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled"), done
        assert (await talk.type("Hello."))["status"] == "completed"

    talk = hold(talking, "slow", story)
    assert talk.rules.of("error") == [] and talk.words() == ["I see."]
    assert [end["end"] for end in model.ends("It stalls.")] == ["closed by client"]


def test_turns_that_are_committed_by_hand_are_answered_when_that_is_wanted(talking, model, speak):
    async def story(talk):
        for piece in pieces(speak("Thank you very much.", RATE), 0.3):
            await talk.send("input_audio_buffer.append", audio=base64_text(piece))
        await talk.send("input_audio_buffer.commit")
        await talk.until("conversation.item.input_audio_transcription.completed")
        assert talk.rules.of("response.created") == []
        await talk.send("response.create", response={"metadata": {"mine": "1"}})
        assert (await talk.until("response.done"))["response"]["metadata"] == {"mine": "1"}

    talk = hold(talking, "hand", story, audio={"input": {"turn_detection": None}})
    (body,), _ = asked(model, "hand")
    assert talk.rules.of("error") == [] and talk.words() == ["I see."]
    assert [message["content"] for message in body["messages"][1:]] == talk.rules.heard_words()


def test_a_model_is_told_of_a_silence_where_its_client_wants_that(talking, model):
    async def story(talk):
        await talk.say(bytes(RATE * 2))
        await talk.until("input_audio_buffer.timeout_triggered")
        await talk.until("response.done")

    settings = {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 5000}}
    talk = hold(talking, "silent", story, audio={"input": settings})
    assert talk.rules.of("error") == [] and talk.words()[0] == "I see."
    assert asked(model, "silent")[0][0]["messages"][-1]["role"] == "user"


# --- what one response wishes


def test_a_response_s_own_instructions_and_tools_hold_for_it_alone(talking, model):
    async def story(talk):
        await talk.type("One.")
        answer = await talk.type("Two.", instructions="You are the agent once. Speak as a pirate.", tools=[], output_modalities=["text"],
                                 max_output_tokens=50, tool_choice="none")
        assert answer["output"][0]["content"] == [{"type": "output_text", "text": "Ahoy there."}], answer
        await talk.type("Three.")

    talk = hold(talking, "once", story, tools=[TOOL], tool_choice="auto")
    bodies, _ = asked(model, "once")
    assert talk.rules.of("error") == [] and talk.words() == ["I see.", "I see."]
    usual = "You are the agent once."
    assert [body["messages"][0]["content"] for body in bodies] == [usual, f"{usual} Speak as a pirate.", usual]
    assert [[tool["function"]["name"] for tool in body.get("tools", [])] for body in bodies] == [["get_weather"], [], ["get_weather"]]
    assert [body.get("max_tokens", body.get("max_completion_tokens")) == 50 for body in bodies] == [False, True, False], bodies
    words = [message["content"] for message in bodies[-1]["messages"][1:]]
    assert words == ["One.", "I see.", "Two.", "Ahoy there.", "Three."], bodies


# --- what is refused


def test_tools_that_are_wrong_are_refused_by_name_and_the_session_goes_on(talking, model):
    async def story(talk):
        for place, tools in BAD_TOOLS:
            for event, where in (("session.update", "session"), ("response.create", "response")):
                fields = {"tools": tools, **({"type": "realtime"} if where == "session" else {})}
                error = await talk.refused(event, **{where: fields})
                assert error["param"] == f"{where}.{place}" and error["message"], (error, tools)
        assert (await talk.type("Hello."))["status"] == "completed"

    hold(talking, "picky", story, tools=[TOOL])
    (body,), _ = asked(model, "picky")
    assert [tool["function"]["name"] for tool in body["tools"]] == ["get_weather"]


def test_a_response_beside_the_conversation_is_refused_by_name_and_the_session_goes_on(talking, model):
    async def story(talk):
        assert (await talk.refused("response.create", response={"conversation": "none"}))["param"] == "response.conversation"
        wanted = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello."}]}]
        assert (await talk.refused("response.create", response={"input": wanted}))["param"] == "response.input"
        assert (await talk.type("Hello."))["status"] == "completed"

    hold(talking, "beside", story)
    assert len(asked(model, "beside")[0]) == 1


def test_the_result_of_no_call_is_refused_and_the_session_goes_on(talking, model):
    async def story(talk):
        await talk.refused(
            "conversation.item.create", item={"type": "function_call_output", "call_id": "call-of-nobody", "output": "sunny"})
        assert (await talk.type("Hello."))["status"] == "completed"

    hold(talking, "nobody", story)
    assert [message["role"] for message in asked(model, "nobody")[0][0]["messages"]] == ["system", "user"]


def test_what_is_deleted_is_not_told_to_the_model(talking, model):
    async def story(talk):
        await talk.send("conversation.item.create", item={
            "id": "secret", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "My number is seven."}]})
        await talk.send("conversation.item.delete", item_id="secret")
        await talk.until("conversation.item.deleted")
        await talk.type("Hello.")

    hold(talking, "deleted", story)
    assert [message["content"] for message in asked(model, "deleted")[0][0]["messages"][1:]] == ["Hello."]


# --- a model that fails


@pytest.mark.parametrize("text", ["It is refused.", "Say nothing."])
def test_an_answer_that_does_not_come_ends_its_response_and_the_next_one_comes(talking, text):
    async def story(talk):
        failed = await talk.type(text)
        assert failed["output"] == [], failed
        if "refused" in text:
            assert failed["status"] == "failed" and failed["status_details"]["error"]["code"] == "model_failed", failed
        assert (await talk.type("Hello."))["status"] == "completed"

    assert hold(talking, "ill", story, tools=[TOOL]).words() == ["I see."]


def test_a_tool_that_the_client_never_offered_is_not_asked_of_it(talking, model):
    """Clients that do not know it answer so and wait: nobody would speak again."""
    async def story(talk):
        await talk.type("Call a stranger.")
        assert (await talk.type("Hello."))["status"] == "completed"

    talk = hold(talking, "stranger", story, tools=[TOOL])
    assert talk.rules.of("response.function_call_arguments.done") == []
    assert talk.words()[-1] == "I see."
    check_questions([body["messages"] for body in asked(model, "stranger")[0]])


def test_an_answer_that_is_broken_off_is_told_and_the_next_one_comes(talking):
    async def story(talk):
        broken = await talk.type("It is broken off.")
        assert broken["output"][0]["type"] == "message", broken
        assert (await talk.type("Hello."))["status"] == "completed"

    talk = hold(talking, "ill", story)
    assert [event["error"]["code"] for event in talk.rules.of("error")] == ["model_failed"]
    assert HOUSE.startswith(talk.words()[0]) and talk.words()[1:] == ["I see."]


def test_who_speaks_to_a_model_that_fails_is_told_by_an_error(talking, speak):
    async def story(talk):
        await talk.say(speak("When is breakfast?", RATE))
        error = (await talk.until("error"))["error"]
        assert (error["type"], error["code"]) == ("server_error", "model_failed"), error
        await talk.say(speak("Thank you very much.", RATE))
        await talk.until("response.done")

    assert hold(talking, "ill", story).words() == ["I see."]


# --- secrets, and no model


def test_a_secret_s_sessions_begin_with_its_instructions_and_tools(model, tmp_path):
    key = "a-key-of-the-environment"
    wanted = {"type": "realtime", "model": "hidden", "instructions": "You are the agent hidden.", "tools": [TOOL],
              "tool_choice": "required"}

    async def call(server, secret):
        async with session(server, None, {"Authorization": f"Bearer {secret}"}) as talk:
            created = (await talk.until("session.created"))["session"]
            assert {name: created[name] for name in wanted} == wanted
            assert (await talk.type("Hello."))["status"] == "completed"
            return talk

    with agents(FLOWS, tmp_path, model.url, VOICE_API_KEY=key) as server:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        made = ask(f"{server.url}/v1/realtime/client_secrets", "POST", json.dumps({"session": wanted}), headers)
        assert made.status == 200, made
        assert {name: made.json["session"][name] for name in wanted} == wanted
        talk = asyncio.run(call(server, made.json["value"]))
    assert talk.rules.faults == [] and talk.rules.of("error") == [] and talk.words() == ["I see."]
    (body,), _ = asked(model, "hidden")
    assert body["messages"][0] == {"role": "system", "content": wanted["instructions"]}
    assert [tool["function"]["name"] for tool in body["tools"]] == ["get_weather"] and body["tool_choice"] == "required"


def test_where_no_model_is_allowed_there_is_none_and_nobody_is_asked(model, tmp_path):
    async def call(server):
        async with session(server, "forbidden") as talk:
            return (await talk.until("error"))["error"]

    before = len(model.asked())
    with agents(FLOWS, tmp_path, model.url, ENABLE_LLM="false") as server:
        error = asyncio.run(call(server))
    assert error["code"] == "model_not_found" and "no language model" in error["message"] and "bye" in error["message"], error
    assert len(model.asked()) == before
