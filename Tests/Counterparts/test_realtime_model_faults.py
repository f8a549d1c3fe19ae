"""What a Realtime session with a language model refuses, what becomes of it when the model fails, secrets, and a server without a model."""

import asyncio
import json

import pytest

from asking import ask
from llm_agent import agents, check_questions, of
from realtime import RATE
from realtime_session import FLOWS, HOUSE, TOOL, asked, hold, served, session, user

# What is wrong with tools, by the parameter that the error names.
BAD_TOOLS = [
    ("tools", {"get_weather": TOOL}), ("tools", [TOOL] * 129), ("tools[0].type", [{**TOOL, "type": "mcp"}]),
    ("tools[0].name", [{**TOOL, "name": "get weather"}]), ("tools[1].name", [TOOL, TOOL]),
    ("tools[0].parameters", [{**TOOL, "parameters": "none"}]), ("tools[0].name", [{"type": "function"}])]
# Tokens: right behind the first sentence, of which nothing is spoken by then, and when some have been said.
CUTS = (17, 120)
RULES = [
    *of("ill",
        {**user("refused"), "fault": {"kind": "status", "status": 500}},
        {**user("nothing"), "fault": "empty"},
        {**user("(?i)breakfast"), "fault": {"kind": "status", "status": 500}},
        *[{**user(f"after {tokens} "), "answer": {"text": HOUSE}, "fault": {"kind": "cut", "after_tokens": tokens}} for tokens in CUTS]),
    *of("stranger", {**user("stranger"), "answer": {"calls": [{"name": "get_weather"}]}, "fault": "unknown-tool"}),
    {"when": {"role": "user"}, "answer": {"text": "I see."}},
    {"when": {"role": "tool"}, "answer": {"text": "It is sunny."}},
]
model, talking = served(RULES)


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


def test_a_response_beside_the_conversation_is_text_and_the_agent_knows_nothing_of_it(talking, model):
    async def story(talk):
        assert (await talk.refused("response.create", response={"conversation": "none"}))["param"] == "response.output_modalities"
        wanted = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello."}]}]
        assert (await talk.refused("response.create", response={"input": wanted}))["param"] == "response.input"
        await talk.send("response.create", response={
            "conversation": "none", "output_modalities": ["text"], "instructions": "Sum.", "metadata": {"topic": "sum"}, "input": wanted})
        told = (await talk.until("response.done"))["response"]
        assert told["status"] == "completed" and told["conversation_id"] is None and told["metadata"] == {"topic": "sum"}, told
        assert told["output"][0]["content"] == [{"type": "output_text", "text": "I see."}], told
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


@pytest.mark.parametrize("tokens", CUTS)
def test_an_answer_that_is_broken_off_is_told_and_the_next_one_comes(talking, tokens):
    async def story(talk):
        broken = await talk.type(f"It is cut after {tokens} tokens.")
        assert broken["output"][0]["type"] == "message", broken
        assert (await talk.type("Hello."))["status"] == "completed"

    talk = hold(talking, "ill", story)
    assert [event["error"]["code"] for event in talk.rules.of("error")] == ["model_broke_off"]
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
