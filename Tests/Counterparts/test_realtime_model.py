"""Clients of OpenAI's Realtime protocol, unmodified, with instructions and a tool of their own, whom a language model of ours answers: what
is asked aloud makes the model call the tool, which runs in the client, and its result is spoken."""

import asyncio
import audioop
import base64
import json

import pytest
from agents import function_tool as agents_tool
from livekit import rtc
from livekit.agents import function_tool as livekit_tool
from openai import AsyncOpenAI
from pipecat.adapters.llm.schemas.function_schema import FunctionSchema
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema
from pipecat.frames.frames import InputAudioRawFrame, LLMRunFrame, TTSAudioRawFrame

from llm_agent import Call, agents, check_questions, of, records, wait_for_ends
from realtime import PIECE_S, RATE, Relay, base64_text, pieces
from realtime_clients import with_agents, with_livekit_agent, with_pipecat
from scripted_server import playing

HELLO = "Hello. How can I help you?"
NOTED = "Let me look."
SUNNY = "It is sunny in Rome."
WELCOME = "You are welcome. Goodbye."
ASKED = ["What is the weather in Rome?", "Thank you very much."]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
# Of 16-bit samples; speech has some thousands.
LOUD_MIN = 300
NAMES = ("openai", "agents", "pipecat", "livekit")
RULES = [rule for name in NAMES for rule in of(
    name,
    {"when": {"role": "user", "last": "(?i)weather", "tools": ["get_weather"]},
     "answer": {"text": NOTED, "calls": [{"name": "get_weather", "arguments": {"city": "Rome"}}]}},
    {"when": {"role": "tool", "last": "sunny"}, "answer": {"text": SUNNY}},
    {"when": {"role": "user", "last": "(?i)thank"}, "answer": {"text": WELCOME}},
    {"when": {"role": "system"}, "answer": {"text": HELLO}})]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with playing(RULES, tmp_path_factory.mktemp("model")) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def talking(model, tmp_path_factory):
    """A server of ours whose Realtime sessions run on the model."""
    flows = {"bye": {"states": {"bye": {"end": "over", "say": "Goodbye."}}}}
    with agents(flows, tmp_path_factory.mktemp("server"), model.url) as server:
        yield server


def instructions(name):
    return f"You are the agent {name}. Be kind."


async def ask_twice(relay, speak, append, responses=0):
    """The weather, whose answer is three responses: what is said before the call, the call, and what is said of its result. Then thanks.

    `responses`: those there were before.
    """
    for text, count in zip(ASKED, (3, 1), strict=True):
        for piece in pieces(speak(text, RATE)):
            await append(piece)
            await asyncio.sleep(PIECE_S)
        responses += count
        await relay.until("response.done", responses)


def spoken(relay):
    """What was said, by its transcripts; each must be loud as well."""
    told = relay.rules.of("response.output_audio_transcript.done")
    for event in told:
        audio = b"".join(
            base64.b64decode(delta["delta"]) for delta in relay.rules.of("response.output_audio.delta")
            if delta["item_id"] == event["item_id"])
        assert len(audio) > RATE and audioop.rms(audio, 2) > LOUD_MIN, (event, len(audio))
    return [event["transcript"] for event in told]


def check(name, relay, talking, model, ran, heard, greeting=()):
    """What must hold, whatever client it was. `ran`: the arguments of each run of its tool. `heard`: the samples it gave its user."""
    record = records(talking, [name])[name]
    wait_for_ends(model)
    held = Call({"reasons": []}, record, model.events())
    assert relay.rules.faults == [], relay.rules.faults[:5]
    assert relay.rules.of("error") == [] and relay.sessions == 1
    assert ran == ["Rome"], ran
    answers = [*greeting, NOTED, SUNNY, WELCOME]
    assert spoken(relay) == answers == held.texts("agent") == held.heard(), held
    assert audioop.rms(bytes(heard), 2) > LOUD_MIN
    done = [event["response"] for event in relay.rules.of("response.done")]
    assert [response["status"] for response in done] == ["completed"] * (len(answers) + 1), done
    kinds = [[item["type"] for item in response["output"]] for response in done[len(greeting):]]
    assert kinds == [["message"], ["function_call"], ["message"], ["message"]]
    said = held.texts("caller")
    assert relay.heard_words() == said and len(said) == 2 and "weather" in said[0].lower(), held
    check_questions(held.asked)
    bodies = [event["body"] for event in model.asked() if event["body"]["messages"] in held.asked]
    assert all([tool["function"]["name"] for tool in body["tools"]] == ["get_weather"] for body in bodies), bodies
    (call,) = [item for response in done for item in response["output"] if item["type"] == "function_call"]
    assert json.loads(call["arguments"]) == {"city": "Rome"}, call
    system, *talked = held.asked[-1]
    assert system == {"role": "system", "content": instructions(name)}
    shown = [{key: value for key, value in message.items() if key not in ("tool_calls", "tool_call_id")} for message in talked]
    result = shown[len(greeting) + 2]
    assert result["role"] == "tool" and "sunny" in result["content"], held
    assert shown == [
        *[{"role": "assistant", "content": text} for text in greeting], {"role": "user", "content": said[0]},
        {"role": "assistant", "content": NOTED}, result, {"role": "assistant", "content": SUNNY}, {"role": "user", "content": said[1]}]


def test_openai(talking, model, speak):
    """Its user runs the tool, as OpenAI's guide says."""
    ran, heard = [], bytearray()

    async def listen(connection):
        async for event in connection:
            if event.type == "response.output_audio.delta":
                heard.extend(base64.b64decode(event.delta))
            elif event.type == "response.done":
                calls = [item for item in event.response.output if item.type == "function_call"]
                for item in calls:
                    ran.append(json.loads(item.arguments)["city"])
                    await connection.conversation.item.create(
                        item={"type": "function_call_output", "call_id": item.call_id, "output": '{"sky":"sunny"}'})
                if calls:
                    await connection.response.create()

    async def call():
        async with Relay(talking) as relay:
            openai = AsyncOpenAI(api_key="sk-test", websocket_base_url=f"{relay.url}/v1")
            async with openai.realtime.connect(model="openai") as connection:
                await connection.session.update(session={
                    "type": "realtime", "instructions": instructions("openai"), "tool_choice": "auto",
                    "tools": [{"type": "function", "name": "get_weather", "description": "The sky.", "parameters": PARAMETERS}]})
                task = asyncio.create_task(listen(connection))
                await ask_twice(relay, speak, lambda piece: connection.input_audio_buffer.append(audio=base64_text(piece)))
                task.cancel()
            return relay

    check("openai", asyncio.run(call()), talking, model, ran, heard)


def test_openai_agents(talking, model, speak):
    ran = []

    @agents_tool
    def get_weather(city: str) -> str:
        """The sky over a city."""
        ran.append(city)
        return "sunny"

    relay, seen = with_agents(
        talking, lambda relay, session: ask_twice(relay, speak, session.send_audio), "agents", instructions("agents"), [get_weather])
    assert "error" not in seen and seen["tool_start"] == seen["tool_end"] == 1 and seen["audio"], seen
    check("agents", relay, talking, model, ran, relay.heard)


def test_pipecat(talking, model, speak):
    """Its context makes it speak first."""
    ran = []

    async def get_weather(params):
        ran.append(params.arguments["city"])
        await params.result_callback({"sky": "sunny"})

    async def story(relay, worker):
        await worker.queue_frame(LLMRunFrame())
        await relay.until("response.done")
        await ask_twice(relay, speak, lambda piece: worker.queue_frame(InputAudioRawFrame(piece, RATE, 1)), 1)

    tools = ToolsSchema([FunctionSchema("get_weather", "The sky over a city.", PARAMETERS["properties"], ["city"], get_weather)])
    relay, frames = with_pipecat(talking, story, "pipecat", instructions("pipecat"), tools)
    heard = b"".join(frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame))
    check("pipecat", relay, talking, model, ran, heard, [HELLO])


def test_livekit(talking, model, speak):
    ran = []

    @livekit_tool
    async def get_weather(city: str) -> str:
        """The sky over a city."""
        ran.append(city)
        return "sunny"

    async def story(relay, microphone):
        async def append(piece):
            await microphone.put(rtc.AudioFrame(piece, RATE, 1, len(piece) // 2))

        await ask_twice(relay, speak, append)

    relay, errors, heard = with_livekit_agent(talking, story, "livekit", instructions("livekit"), [get_weather])
    assert errors == []
    check("livekit", relay, talking, model, ran, heard)
