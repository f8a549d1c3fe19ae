"""OpenAI's own client talks to our agent over the Realtime protocol, by another address and nothing else."""

import asyncio
import base64

import websockets
from openai import AsyncOpenAI

from asking import ask
from realtime import LINES, PIECE_S, RATE, WAIT_S, Rules, base64_text, pieces


def client(server):
    return AsyncOpenAI(api_key="sk-test", base_url=f"{server.url}/v1")


def record(server):
    """The call that ended last."""
    server.wait_for_no_calls()
    call = ask(f"{server.url}/api/calls?limit=1").json["calls"][0]["id"]
    return ask(f"{server.url}/api/calls/{call}").json


class Talk:
    """One session over an open connection of the client: what came is in `rules`, what the agent said as samples in `heard`."""

    def __init__(self, connection):
        self.connection, self.rules = connection, Rules()
        self.heard = bytearray()
        self._came = asyncio.Condition()
        self.is_over = False
        self.close = (1000, "")
        self._task = asyncio.create_task(self._listen())

    async def _listen(self):
        """The client raises when the server closes with another code than 1000."""
        try:
            async for event in self.connection:
                if event.type == "response.output_audio.delta":
                    self.heard += base64.b64decode(event.delta)
                await self._add(event.model_dump(exclude_unset=True))
        except websockets.ConnectionClosed as closed:
            self.close = (closed.rcvd.code, closed.rcvd.reason)
        finally:
            self.is_over = True
            async with self._came:
                self._came.notify_all()

    async def _add(self, event):
        async with self._came:
            self.rules.add(event)
            self._came.notify_all()

    async def until(self, kind, count=1):
        """The event of this kind that comes `count`th in the session."""
        async with asyncio.timeout(WAIT_S), self._came:
            await self._came.wait_for(lambda: len(self.rules.of(kind)) >= count or self.is_over)
        return self.rules.of(kind)[count - 1]

    async def append(self, samples, silence_s=1.0, paced=True):
        for piece in pieces(samples, silence_s):
            if self.is_over:
                return
            await self.connection.input_audio_buffer.append(audio=base64_text(piece))
            if paced:
                await asyncio.sleep(PIECE_S)

    async def over(self):
        async with asyncio.timeout(WAIT_S):
            await self._task

    def heard_words(self):
        return self.rules.heard_words()

    def said_words(self):
        return [event["transcript"] for event in self.rules.of("response.output_audio_transcript.done")]


def test_an_appointment_is_booked_by_voice(server, speak):
    async def call():
        async with client(server).realtime.connect(model="appointment", extra_query={"unknown": "1"}) as connection:
            talk = Talk(connection)
            created = await talk.until("session.created")
            assert (created["session"]["model"], created["session"]["type"]) == ("appointment", "realtime")
            await connection.session.update(
                session={"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}})
            updated = await talk.until("session.updated")
            assert updated["session"]["audio"]["input"]["turn_detection"]["create_response"] is True
            for turn, text in enumerate(LINES):
                await talk.until("response.done", turn + 1)
                await talk.append(speak(text, RATE))
            await talk.over()
            return talk

    talk = asyncio.run(call())
    kept = record(server)
    assert talk.rules.faults == [], talk.rules.faults[:5]
    assert talk.rules.of("error") == []
    assert kept["outcome"] == "booked", kept["transcript"]
    assert kept["metadata"]["wire"] == "realtime"
    assert talk.said_words() == [line["text"] for line in kept["transcript"] if line["role"] == "agent"]
    assert talk.heard_words() == [line["text"] for line in kept["transcript"] if line["role"] == "caller"]
    assert len(talk.heard) > RATE * 2 * 5
    assert {event["response"]["status"] for event in talk.rules.of("response.done")} == {"completed"}


def test_a_model_that_is_no_flow_is_refused_with_what_there_is(server):
    async def call():
        async with client(server).realtime.connect(model="gpt-realtime") as connection:
            talk = Talk(connection)
            await talk.over()
            return talk

    talk = asyncio.run(call())
    [error] = talk.rules.of("error")
    assert error["error"]["code"] == "model_not_found"
    assert "appointment" in error["error"]["message"] and "no language model" in error["error"]["message"]
    assert talk.close == (1008, "refused")
    assert talk.rules.faults == []
