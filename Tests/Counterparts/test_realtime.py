"""OpenAI's own client talks to our agent over the Realtime protocol, by another address and nothing else."""

import asyncio
import base64
import json
import subprocess
import sys
from pathlib import Path

import websockets
from openai import AsyncOpenAI, OpenAI

from asking import ask
from realtime import LINES, PIECE_S, RATE, WAIT_S, Rules, base64_text, pieces
from server import Server


def client(server):
    return AsyncOpenAI(api_key="sk-test", base_url=f"{server.url}/v1")


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


def test_an_appointment_is_booked_by_voice(server, speak, kept):
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
    record = kept()
    assert talk.rules.faults == [], talk.rules.faults[:5]
    assert talk.rules.of("error") == []
    assert record["outcome"] == "booked", record["transcript"]
    assert record["metadata"]["wire"] == "realtime"
    assert talk.said_words() == [line["text"] for line in record["transcript"] if line["role"] == "agent"]
    assert talk.heard_words() == [line["text"] for line in record["transcript"] if line["role"] == "caller"]
    assert len(talk.heard) > RATE * 2 * 5
    assert {event["response"]["status"] for event in talk.rules.of("response.done")} == {"completed"}


def test_a_caller_who_says_nothing_is_asked_again_after_the_client_s_own_time(server, kept):
    async def call():
        async with client(server).realtime.connect(model="appointment") as connection:
            talk = Talk(connection)
            await connection.session.update(
                session={"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 1000}}}})
            await talk.until("response.done")
            # Silence, which the client goes on to append.
            await talk.append(b"", silence_s=2)
            await talk.until("response.done", 2)
            await connection.close()
            return talk

    talk = asyncio.run(call())
    assert talk.rules.faults == [], talk.rules.faults[:5]
    kinds = [event["type"] for event in talk.rules.events]
    place = kinds.index("input_audio_buffer.timeout_triggered")
    assert kinds[place + 1:place + 6] == [
        "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done",
        "conversation.item.input_audio_transcription.completed", "response.created"]
    silence = talk.rules.events[place]
    assert silence["audio_start_ms"] <= silence["audio_end_ms"]
    assert talk.heard_words() == [""] and len(talk.said_words()) == 2
    assert [entry for entry in kept()["timeline"] if entry["kind"] == "no-input"], kept()["timeline"]


def test_the_beta_is_refused(server):
    async def call():
        openai = AsyncOpenAI(api_key="sk-test", websocket_base_url=f"ws{server.url[4:]}/v1")
        async with openai.beta.realtime.connect(model="appointment") as connection:
            talk = Talk(connection)
            await talk.over()
            return talk

    talk = asyncio.run(call())
    [error] = talk.rules.of("error")
    assert error["error"]["code"] == "beta_api_shape_disabled"
    assert talk.close == (1008, "refused")
    assert talk.rules.faults == []


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


async def talk_with(server, *, model="appointment", **options):
    """A session whose agent has finished its opening."""
    connection = await client(server).realtime.connect(model=model, **options).enter()
    talk = Talk(connection)
    await talk.until("response.done")
    return talk


def run(server, kept, story, **options):
    """Holds a session by `story`, hangs up, and gives back the talk and the server's record."""
    async def call():
        talk = await talk_with(server, **options)
        await story(talk)
        await talk.connection.close()
        return talk

    talk = asyncio.run(call())
    assert talk.rules.faults == [], talk.rules.faults[:5]
    return talk, kept()


def test_a_file_appended_at_once_is_heard_at_the_pace_of_sound(server, speak, kept):
    async def story(talk):
        await talk.connection.input_audio_buffer.append(audio=base64_text(speak(LINES[0], RATE) + bytes(RATE * 2)))
        await talk.until("response.done", 2)

    talk, record = run(server, kept, story)
    assert talk.heard_words() == [line["text"] for line in record["transcript"] if line["role"] == "caller"]
    assert "appointment" in talk.heard_words()[0]
    [stopped] = talk.rules.of("input_audio_buffer.speech_stopped")
    assert 1000 < stopped["audio_end_ms"] < len(speak(LINES[0], RATE)) / RATE / 2 * 1000 + 1000


def test_a_turn_that_is_committed_by_hand_is_answered_when_that_is_wanted(server, speak, kept):
    async def story(talk):
        await talk.connection.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        await talk.until("session.updated")
        await talk.connection.input_audio_buffer.commit()
        assert (await talk.until("error"))["error"]["code"] == "input_audio_buffer_commit_empty"
        await talk.append(speak(LINES[0], RATE), silence_s=0.3, paced=False)
        await talk.connection.input_audio_buffer.commit()
        await talk.until("conversation.item.input_audio_transcription.completed")
        assert len(talk.rules.of("response.created")) == 1
        await talk.connection.response.create(response={"metadata": {"mine": "1"}})
        assert (await talk.until("response.created", 2))["response"]["metadata"] == {"mine": "1"}
        await talk.until("response.done", 2)
        # And all at once.
        await talk.append(speak("On Wednesday.", RATE), silence_s=0.3, paced=False)
        await talk.connection.input_audio_buffer.commit()
        await talk.connection.response.create()
        await talk.until("response.done", 3)

    talk, record = run(server, kept, story)
    assert talk.rules.of("input_audio_buffer.speech_started") == []
    assert len(talk.rules.of("error")) == 1
    assert talk.heard_words() == [line["text"] for line in record["transcript"] if line["role"] == "caller"]
    assert record["slots"].get("day"), record["transcript"]


def test_typed_items_are_answered_kept_and_deleted(server, kept):
    async def story(talk):
        say = talk.connection.conversation.item
        await say.create(item={"id": "mine", "type": "message", "role": "user", "content": [
            {"type": "input_text", "text": LINES[0]}]})
        assert (await talk.until("conversation.item.done", 2))["item"]["id"] == "mine"
        await talk.connection.response.create()
        await talk.until("response.done", 2)
        await say.retrieve(item_id="mine")
        assert (await talk.until("conversation.item.retrieved"))["item"]["content"][0]["text"] == LINES[0]
        await say.delete(item_id="mine")
        await talk.until("conversation.item.deleted")
        await say.retrieve(item_id="mine", event_id="rci_mine")
        error = (await talk.until("error"))["error"]
        assert (error["code"], error["event_id"]) == ("item_retrieve_invalid_item_id", "rci_mine")

    _, record = run(server, kept, story)
    assert [line["text"] for line in record["transcript"] if line["role"] == "caller"] == [LINES[0]]
    assert record["transcript"][1]["source"] == "text"


def test_one_answer_at_a_time_and_a_cancelled_one_is_over(server, kept):
    async def story(talk):
        await talk.connection.response.cancel(event_id="c1")
        assert (await talk.until("error"))["error"]["code"] == "response_cancel_not_active"
        await talk.connection.response.create()
        await talk.until("response.output_audio_transcript.delta", 2)
        await talk.connection.response.create(event_id="c2")
        error = (await talk.until("error", 2))["error"]
        assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "c2")
        await talk.connection.response.cancel()
        done = await talk.until("response.done", 2)
        assert done["response"]["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
        for response in ({"instructions": "Sing."}, {"conversation": "none"}):
            await talk.connection.response.create(response=response, event_id="c3")
        errors = [(await talk.until("error", count))["error"] for count in (3, 4)]
        assert {(error["code"], error["event_id"]) for error in errors} == {("language_model_required", "c3")}

    _, record = run(server, kept, story)
    assert [line["interrupted"] for line in record["transcript"]] == [False, True]


def test_what_is_too_long_or_no_text_is_an_error_and_the_session_goes_on(server):
    async def call():
        rules = Rules()
        url = f"ws{server.url[4:]}/v1/realtime?model=appointment"

        async def until(socket, kind, count=1):
            while len(rules.of(kind)) < count:
                rules.add(json.loads(await asyncio.wait_for(socket.recv(), WAIT_S)))
            return rules.of(kind)[count - 1]

        async with websockets.connect(url, compression=None) as socket:
            await socket.send('{"type":"input_audio_buffer.append","audio":"' + "A" * (5 << 20) + '"}')
            assert (await until(socket, "error"))["error"]["code"] == "event_too_large"
            await socket.send(b"audio")
            assert (await until(socket, "error", 2))["error"]["code"] == "invalid_event"
            for _ in range(30):
                await socket.send("no JSON")
            await until(socket, "error", 32)
            # In fragments, as a proxy may send it on.
            await socket.send(['{"type":"session.update",', '"session":{"type":', '"realtime"}}'])
            await until(socket, "session.updated")
        return rules

    rules = asyncio.run(call())
    assert rules.faults == [], rules.faults[:5]


KEY = "a-key-of-the-environment"


def test_keys_secrets_and_subprotocols():
    running = Server(environment={"VOICE_API_KEY": KEY}).wait_until_ready()
    try:
        base = f"ws{running.url[4:]}/v1/realtime"

        async def opens(headers=None, protocols=None, session=None):
            try:
                async with websockets.connect(base, additional_headers=headers, subprotocols=protocols) as socket:
                    created, rules = json.loads(await socket.recv()), Rules()
                    rules.add(created)
                    assert created["type"] == "session.created" and rules.faults == [], rules.faults
                    for name, value in (session or {}).items():
                        assert created["session"][name] == value
                    return socket.subprotocol
            except websockets.InvalidStatus as refused:
                return refused.response.status_code

        async def calls():
            openai = AsyncOpenAI(api_key=KEY, base_url=f"{running.url}/v1")
            made = await openai.realtime.client_secrets.create(
                expires_after={"anchor": "created_at", "seconds": 60},
                session={"type": "realtime", "model": "order-status", "instructions": "Be brief.", "audio": {"output": {"voice": "ash"}}})
            assert made.value.startswith("ek_") and made.session.model == "order-status"
            assert made.session.audio.output.voice == "ash"
            assert await opens() == 401
            assert await opens({"Authorization": f"Bearer {KEY}"}) is None
            assert await opens({"Authorization": "Bearer ek_" + "0" * 64}) == 401
            # Its sessions begin as it says, by either way.
            session = {"model": "order-status", "instructions": "Be brief.", "audio": made.session.audio.model_dump(exclude_unset=True)}
            for _ in range(2):
                assert await opens({"Authorization": f"Bearer {made.value}"}, session=session) is None
                assert await opens(protocols=["realtime", f"openai-insecure-api-key.{made.value}"], session=session) == "realtime"
            assert await opens(protocols=["realtime", f"openai-insecure-api-key.{KEY}"]) == "realtime"
            assert await opens(protocols=["realtime", "openai-insecure-api-key.wrong"]) == 401
            # The secret opens nothing else.
            refused = ask(f"{running.url}/api/calls", headers={"Authorization": f"Bearer {made.value}"})
            assert refused.status == 401

        asyncio.run(calls())
        assert KEY not in running.output() and "ek_" not in running.output()
    finally:
        running.stop()


def test_the_documentation_s_examples_run(server):
    page = (Path(__file__).parent.parent.parent / "Sources/Documentation.docc/RealtimeServer.md").read_text()
    example = page.split("```python\n")[1].split("```")[0].replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
    printed = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
    assert printed.splitlines()[0] == "session.created" and printed.splitlines()[-1] == "response.done"
    command = page.split("$ curl ")[1].split("\n")[0].replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
    made = subprocess.run(f"curl {command}", shell=True, capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
    assert json.loads(made)["value"].startswith("ek_")


def test_the_blocking_client_by_a_websocket_address_and_with_the_subprotocol(server):
    openai = OpenAI(api_key="sk-test", websocket_base_url=f"ws{server.url[4:]}/v1")
    rules = Rules()
    with openai.realtime.connect(
            model="appointment", websocket_connection_options={"subprotocols": ["realtime"]}) as connection:
        for event in connection:
            rules.add(event.model_dump(exclude_unset=True))
            if event.type == "response.done":
                break
    assert rules.faults == []
    assert rules.events[0]["type"] == "session.created"
