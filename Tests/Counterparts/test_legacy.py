"""A client of the JSON wire at /ws/realtime, written from its description alone, holds conversations: by voice, by text, with pauses."""

import asyncio
import base64
import contextlib
import io
import json
import subprocess
import sys
import time
import wave
from pathlib import Path

import websockets

from asking import ask
from server import Server

RATE = 16_000
PIECE_SAMPLES = 4096
PIECE_S = PIECE_SAMPLES / RATE
WAIT_S = 120
LINES = ["I would like to book an appointment.", "On Wednesday.", "At nine in the morning."]
SERVER_TYPES = {
    "ready", "stt_partial", "stt_final", "agent_thinking", "agent_reply", "tts_chunk", "tts_complete", "metrics", "error", "ended"}


class Client:
    """One session. What came is in `messages`, what the agent said as samples in `heard`, by reply."""

    def __init__(self, socket):
        self.socket, self.messages, self.heard, self.faults = socket, [], [], []
        self._count = 0
        self._came = asyncio.Condition()
        self.is_over = False
        self._task = asyncio.create_task(self._listen())

    async def _listen(self):
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self.socket:
                message = json.loads(text)
                self._check(message)
                async with self._came:
                    self.messages.append(message)
                    self._came.notify_all()
        self.is_over = True
        async with self._came:
            self._came.notify_all()

    def _check(self, message):
        if message["type"] not in SERVER_TYPES or not isinstance(message.get("eventId"), str) or not message["eventId"]:
            self.faults.append(f"no message of the wire: {message}")
        if message["type"] == "tts_chunk":
            if message["sequence"] == 0:
                self.heard.append(bytearray())
            earlier = [m for m in self.messages if m["type"] == "tts_chunk"]
            if message["sequence"] not in (0, earlier[-1]["sequence"] + 1 if earlier else 0):
                self.faults.append(f"chunk {message['sequence']} comes out of order")
            # Each chunk is a whole file, as `decodeAudioData` of a browser wants it.
            with wave.open(io.BytesIO(base64.b64decode(message["chunk"], validate=True))) as file:
                if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                    self.faults.append(f"a chunk is {file.getparams()}")
                self.heard[-1] += file.readframes(file.getnframes())

    async def send(self, kind, **members):
        """Returns the id that it was given."""
        self._count += 1
        await self.socket.send(json.dumps({"type": kind, "eventId": f"{kind}-{self._count}", **members}))
        return f"{kind}-{self._count}"

    async def say(self, samples, silence_s=1.2):
        """Speaks in real time, as a microphone does."""
        audio = samples + bytes(int(silence_s * RATE) * 2)
        for place in range(0, len(audio), PIECE_SAMPLES * 2):
            await asyncio.sleep(PIECE_S)
            chunk = base64.b64encode(audio[place:place + PIECE_SAMPLES * 2]).decode()
            await self.send("audio_chunk", chunk=chunk, timestamp=int(time.time() * 1000))

    def of(self, kind):
        return [message for message in self.messages if message["type"] == kind]

    async def until(self, kind, count=1):
        """The message of this kind that comes `count`th."""
        async with asyncio.timeout(WAIT_S), self._came:
            await self._came.wait_for(lambda: len(self.of(kind)) >= count or self.is_over)
        return self.of(kind)[count - 1]

    async def over(self):
        await asyncio.wait_for(self._task, WAIT_S)
        return self.socket.close_code, self.socket.close_reason


@contextlib.asynccontextmanager
async def session(server, key="any", **config):
    async with websockets.connect(f"ws{server.url[4:]}/ws/realtime", compression=None, max_size=None) as socket:
        client = Client(socket)
        await client.send("init", apiKey=key, config=config)
        yield client


def callers(kept):
    return [line["text"] for line in kept["transcript"] if line["role"] == "caller"]


def test_a_spoken_appointment(server, kept, speak):
    async def call():
        async with session(server, mode="voice", agentEnabled=True, agentMode="assistant", model="appointment") as client:
            await client.until("tts_chunk")
            await asyncio.sleep(1)
            # Over the agent's opening.
            await client.say(speak(LINES[0], RATE))
            for turn, text in enumerate(LINES[1:], start=2):
                await client.until("tts_complete", turn)
                await client.say(speak(text, RATE))
            await client.until("tts_complete", 4)
            await client.send("end")
            return client, await client.over()

    client, close = asyncio.run(call())
    assert client.faults == [] and client.of("error") == [], (client.faults, client.of("error"))
    assert close[0] == 1000
    ready, ended = client.messages[0], client.messages[-1]
    assert ready["type"] == "ready" and ready["eventId"] == "init-1" and abs(ready["serverTimestamp"] / 1000 - time.time()) < 600
    assert ended["type"] == "ended" and ended["reason"] == "client_requested"
    record = kept()
    assert record["id"] == ready["sessionId"] and record["metadata"]["wire"] == "legacy"
    assert record["slots"].get("day"), record["transcript"]
    # The words: those of the record, with what was measured about them. A turn that was taken back is told twice.
    finals = client.of("stt_final")
    assert [final["text"] for final in finals if final["text"] in callers(record)] == callers(record), (finals, record["transcript"])
    for final in finals:
        assert final["language"] == "en" and "confidence" not in final and final["eventId"].startswith("audio_chunk-")
        assert 0.2 < final["duration"] < 10
        assert set(final["latency"]) == {"capture", "processing", "total"}
        assert final["latency"]["capture"] <= 256 and 0 <= final["latency"]["processing"] <= final["latency"]["total"]
    # Words while the caller speaks are real ones: each is made of what was understood in the end, or begins like it.
    assert client.of("stt_partial") and all(partial["text"] for partial in client.of("stt_partial"))
    # The agent: what it said is in the record, and its sound as long as that says.
    agents = [line for line in record["transcript"] if line["role"] == "agent"]
    assert [reply["text"] for reply in client.of("agent_reply")] == [line["text"] for line in agents]
    assert agents[0]["interrupted"] and not agents[1]["interrupted"]
    complete = client.of("tts_complete")
    assert [round(done["duration"] * 1000) for done in complete] == [line["heardMs"] for line in agents]
    assert len(client.heard) == len(agents)
    for sound, line, done in zip(client.heard[1:], agents[1:], complete[1:], strict=True):
        assert len(sound) * 1000 == line["heardMs"] * RATE * 2
        assert abs(done["latency"]["total"] - done["latency"]["processing"] - done["latency"]["streaming"]) <= 1
        assert max(abs(sample) for sample in memoryview(bytes(sound)).cast("h")) > 1000
    # What was cut off is heard for no longer than a chunk and the lead behind what was played.
    assert 0 <= len(client.heard[0]) / 2 / RATE * 1000 - agents[0]["heardMs"] <= 300
    # The figures are those of the record.
    assert [message["metrics"]["endToEndLatency"] for message in client.of("metrics")] == [
        turn["latencyMs"] for turn in record["turnLatencies"]]
    figures = client.of("metrics")[-1]["metrics"]
    assert set(figures) == {"sttLatency", "agentLatency", "ttsLatency", "endToEndLatency", "activeConnections", "queueDepth"}
    assert abs(figures["sttLatency"] + figures["agentLatency"] + figures["ttsLatency"] - figures["endToEndLatency"]) <= 3
    assert ended["stats"]["errorCount"] == 0 and ended["stats"]["avgLatency"] > 0
    assert abs(ended["stats"]["duration"] * 1000 - record["durationMs"]) <= 1


def test_a_text_conversation_without_audio(server, kept):
    async def call():
        async with session(server, mode="text", agentEnabled=True, model="appointment") as client:
            await client.until("agent_reply")
            ids = []
            for count, text in enumerate(LINES, start=2):
                ids.append(await client.send("text_input", text=text, timestamp=1))
                await client.until("metrics", count - 1)
            await client.send("audio_chunk", chunk=base64.b64encode(bytes(8192)).decode(), timestamp=1)
            await client.until("error")
            await client.send("end")
            return client, ids, await client.over()

    client, ids, close = asyncio.run(call())
    assert close[0] == 1000 and client.faults == []
    assert client.of("tts_chunk") == [] and client.of("stt_final") == []
    assert [reply["eventId"] for reply in client.of("agent_reply")] == ["init-1", *ids]
    assert [thinking["eventId"] for thinking in client.of("agent_thinking")] == ids
    assert "Wednesday" in client.of("agent_reply")[-1]["text"]
    assert client.of("error")[0]["recoverable"] is True
    record = kept()
    assert callers(record) == LINES and record["audio"]["received"] == 0


def test_words_alone_and_speech_alone(server, speak):
    """Without an agent: audio becomes words, and what is typed is spoken."""
    async def call():
        async with session(server, mode="hybrid") as client:
            await client.until("ready")
            await client.say(speak(LINES[0], RATE))
            final = await client.until("stt_final")
            typed = await client.send("text_input", text="Good morning, everybody.")
            complete = await client.until("tts_complete")
            await client.send("end")
            await client.over()
            return client, final, typed, complete

    client, final, typed, complete = asyncio.run(call())
    assert "appointment" in final["text"].lower()
    assert client.of("agent_reply") == [] and client.of("agent_thinking") == []
    assert len(client.heard) == 1 and complete["eventId"] == typed
    assert len(client.heard[0]) == round(complete["duration"] * RATE * 2) > RATE


def test_a_pause_is_quiet_both_ways(server, speak):
    async def call():
        async with session(server, mode="voice", agentEnabled=True, model="appointment") as client:
            await client.until("tts_chunk", 5)
            await client.send("pause")
            await client.until("tts_complete")
            before = len(client.messages)
            await client.say(speak(LINES[0], RATE), silence_s=3)
            quiet = client.messages[before:]
            await client.send("resume")
            # The opening was cut off: it is said again, and can be answered.
            await client.until("tts_complete", 2)
            await client.say(speak(LINES[0], RATE))
            await client.until("agent_reply", 3)
            await client.send("end")
            await client.over()
            return client, quiet

    client, quiet = asyncio.run(call())
    assert quiet == [], quiet
    replies = [reply["text"] for reply in client.of("agent_reply")]
    assert replies[0] == replies[1] and replies[2] != replies[0]
    assert len(client.of("stt_final")) == 1 and client.of("error") == []


def test_feedback_figures_and_history(server, kept):
    def errors():
        return ask(f"{server.url}/api/realtime/metrics").json["errors"]["connection"]

    async def call():
        async with session(server, mode="text", agentEnabled=True, agentMode="echo") as client:
            await client.send("text_input", text="Hello.")
            await client.until("metrics")
            for score in (5, 2):
                await client.send("quality_feedback", category="tts_quality", score=score, comment="so so")
            await client.send("quality_feedback", category="tts_quality", score=9)
            await client.until("error")
            await client.send("end")
            await client.over()
            return client

    before = errors()
    client = asyncio.run(call())
    assert client.of("agent_reply")[0]["text"] == "Hello."
    record = kept()
    assert record["metadata"]["quality.tts_quality"] == "2: so so" and record["flow"] == "echo"
    figures = ask(f"{server.url}/api/realtime/metrics").json
    assert figures["quality"]["tts_quality"] == {"count": 2, "mean": 3.5}
    assert figures["errors"]["connection"] == before + 1
    assert figures["endToEndLatency"]["count"] >= 1 and figures["activeConnections"] == 0
    latency = figures["endToEndLatency"]
    assert latency["p50"] <= latency["p95"] <= latency["p99"]
    samples = ask(f"{server.url}/api/realtime/metrics/history?format=json").json["samples"]
    assert len(samples) == figures["endToEndLatency"]["count"] <= 1000
    assert set(samples[-1]) == {"timestamp", "stt", "agent", "tts", "e2e", "queueDepth", "activeConnections"}
    table = ask(f"{server.url}/api/realtime/metrics/history?format=csv").text.splitlines()
    assert table[0] == "timestamp,stt,agent,tts,e2e,queueDepth,activeConnections" and len(table) == len(samples) + 1
    for path in ("/api/health", "/api/ready", "/api/live"):
        assert ask(server.url + path).json["status"] in ("ok", "ready")


def test_a_client_that_stops_reading_holds_up_nobody(server, speak):
    async def call():
        address = f"ws{server.url[4:]}/ws/realtime"
        async with websockets.connect(address, compression=None, max_queue=1) as deaf:
            await deaf.send(json.dumps({"type": "init", "eventId": "i", "config": {"agentEnabled": True, "model": "appointment"}}))
            # Answers to these pile up until the server has enough of it.
            with contextlib.suppress(websockets.ConnectionClosed):
                for _ in range(400):
                    await deaf.send(json.dumps({"type": "text_input", "eventId": "x" * 128, "text": ""}))
            async with session(server, mode="voice", agentEnabled=True, model="appointment") as client:
                await client.until("tts_chunk", 5)
                await client.say(speak(LINES[0], RATE))
                await client.until("agent_reply", 2)
                await client.send("end")
                assert (await client.over())[0] == 1000
                assert client.faults == [] and client.of("error") == []

    asyncio.run(call())


KEY = "a-key-of-the-environment"


def test_keys_come_in_the_first_message():
    running = Server(environment={"VOICE_API_KEY": KEY}).wait_until_ready()
    try:
        async def close(key):
            async with session(running, key=key, mode="text", agentEnabled=True) as client:
                await client.send("end")
                code = (await client.over())[0]
                return client.messages[0].get("code"), code

        assert asyncio.run(close(KEY)) == (None, 1000)
        assert asyncio.run(close("wrong")) == ("INVALID_API_KEY", 4001)
        assert asyncio.run(close("")) == ("INVALID_API_KEY", 4001)
        headers = {"x-api-key": KEY}
        made = ask(f"{running.url}/api/keys", "POST", {"name": "gone", "scopes": ["call"]}, headers).json
        assert asyncio.run(close(made["key"])) == (None, 1000)
        slow = ask(f"{running.url}/api/keys", "POST", {"name": "slow", "scopes": ["call"], "requestsPerMinute": 1}, headers).json
        assert asyncio.run(close(slow["key"])) == (None, 1000)
        assert asyncio.run(close(slow["key"])) == ("SERVER_BUSY", 1013)
        ask(f"{running.url}/api/keys/{made['id']}", "DELETE", headers=headers)
        assert asyncio.run(close(made["key"])) == ("INACTIVE_API_KEY", 4002)
        assert ask(f"{running.url}/api/realtime/metrics").status == 401
        assert ask(f"{running.url}/api/realtime/metrics", headers=headers).json["errors"]["connection"] == 0
        assert KEY not in running.output() and made["key"] not in running.output()
    finally:
        running.stop()


def test_the_documentation_s_example_runs(server):
    page = (Path(__file__).parent.parent.parent / "Sources/Documentation.docc/JSONWire.md").read_text()
    example = page.split("```python\n")[1].split("```")[0].replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
    printed = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
    kinds = [line.split()[0] for line in printed.splitlines()]
    assert kinds[0] == "ready" and kinds[-1] == "ended" and kinds.count("agent_reply") == 2
    for command in page.split("```console\n")[2].split("```")[0].strip().splitlines():
        told = command.removeprefix("$ ").replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
        assert subprocess.run(told, shell=True, capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
