"""A Realtime session over a plain WebSocket, event by event, with an agent that a language model speaks for."""

import asyncio
import base64
import json
import time
from contextlib import asynccontextmanager

import pytest
import websockets

from llm_agent import KEY, agents, wait_for_ends
from realtime import PIECE_S, WAIT_S, Rules, base64_text, pieces
from scripted_server import playing

# A server has at least one.
FLOWS = {"bye": {"states": {"bye": {"end": "over", "say": "Goodbye."}}}}
HOUSE = " ".join(f"Room number {number} is as large as the garden and has a window to the street." for number in range(1, 41))
TOOL = {"type": "function", "name": "get_weather", "description": "The sky.", "parameters": {"type": "object", "properties": {}}}


def user(text):
    """Of a rule: whom it answers."""
    return {"when": {"role": "user", "last": text}}


def served(rules):
    """Two fixtures of a module: the model that plays these rules, and a server whose sessions run on it."""
    @pytest.fixture(scope="module")
    def model(tmp_path_factory):
        with playing(rules, tmp_path_factory.mktemp("model")) as scripted:
            yield scripted

    @pytest.fixture(scope="module")
    def talking(model, tmp_path_factory):
        with agents(FLOWS, tmp_path_factory.mktemp("server"), model.url) as server:
            yield server

    return model, talking


class Session:
    """A plain WebSocket: what came is in `rules`, the agent's audio in `heard`."""

    def __init__(self, socket):
        self._socket, self.rules, self.heard = socket, Rules(), bytearray()
        self.is_over, self.close = False, None
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
        except websockets.ConnectionClosed as closed:
            self.close = closed.rcvd
        finally:
            self.is_over = True
            async with self._came:
                self._came.notify_all()

    async def send(self, kind, **members):
        await self._socket.send(json.dumps({"type": kind, **members}))

    async def wait(self, condition):
        async with asyncio.timeout(WAIT_S), self._came:
            await self._came.wait_for(lambda: condition() or self.is_over)
        assert condition(), (self.close, [event for event in self.rules.events if "delta" not in event["type"]][-5:])

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
