"""A Realtime session that a language model answers, event by event: interruptions, tools, and one response's own wishes."""

import asyncio
import json

import pytest

from llm_agent import check_questions, of, records
from realtime import RATE, WAIT_S, base64_text, pieces
from realtime_session import HOUSE, TOOL, asked, hold, served, user, wait_for_question

STOP = "Stop. I want to book a room."
FREE = "There is a room."
NOTED = "Let me look up what the weather is like there today."
RULES = [
    {"when": {"system": "pirate"}, "answer": {"text": "Ahoy there."}},
    *[rule for name in ("house", "house-cut") for rule in of(
        name, {**user("(?i)house"), "answer": {"text": HOUSE}}, {**user("(?i)book"), "answer": {"text": FREE}})],
    *of("sky",
        {"when": {"role": "user", "last": "(?i)weather", "tools": ["get_weather"]},
         "answer": {"text": NOTED, "calls": [{"name": "get_weather"}]}},
        {"when": {"role": "tool", "last": "sunny"}, "answer": {"text": "It is sunny."}},
        {**user("(?i)book"), "answer": {"text": FREE}}),
    *of("two", {**user("(?i)both"), "answer": {"calls": [
        {"name": "get_weather", "arguments": {"city": city}} for city in ("Rome", "Oslo")]}}),
    *of("written", {**user("(?i)weather"), "answer": {"calls": [{"name": "get_weather"}]}, "fault": "tool-json-in-text"}),
    *of("slow", {**user("stalls"), "fault": "stall-first"}),
    *of("resumed", {**user(r"(?i)morrow\W*$"), "fault": "stall-first"}),
    {"when": {"role": "user"}, "answer": {"text": "I see."}},
    {"when": {"role": "tool"}, "answer": {"text": "It is sunny."}},
]
model, talking = served(RULES)


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
