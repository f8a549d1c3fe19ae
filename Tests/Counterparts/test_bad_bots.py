"""Bots that our simulated caller calls as a telephone provider would: each bad one fails for its own reason, and none holds the run up."""

import asyncio
import audioop
import base64
import json
import os
import subprocess
import threading

import pytest
import websockets

from server import BINARY

RUN_WAIT_S = 180

CASE = """
flow: appointment
caller: {patience: 2s, voice: heart-low}
turns:
  - press: "3"
    expect: {keywords: [hours]}
  - hang-up: true
"""


def tone(milliseconds):
    """µ-law that is audible: a square wave of 200 Hz."""
    return (b"\x90" * 20 + b"\x10" * 20) * (milliseconds // 5)


class Stream:
    """The bot's end of one of Twilio's streams."""

    def __init__(self, socket):
        self.socket, self.sid, self.start, self.keys, self.marks = socket, None, None, [], []

    async def begin(self):
        assert json.loads(await self.socket.recv()) == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        message = json.loads(await self.socket.recv())
        assert (message["event"], message["sequenceNumber"]) == ("start", "1")
        self.sid, self.start = message["streamSid"], message["start"]
        assert self.start["streamSid"] == self.sid and self.start["mediaFormat"] == {
            "encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}

    async def say(self, audio):
        await self.send({"event": "media", "media": {"payload": base64.b64encode(audio).decode()}})

    async def send(self, message):
        await self.socket.send(json.dumps({**message, "streamSid": message.get("streamSid", self.sid)}))

    async def listen(self, hear=None):
        """Reads until the caller hangs up, and checks the counters; says how it ended. Each 20 ms of the caller go to `hear`."""
        sequence, chunk, last = 1, 0, None
        async for frame in self.socket:
            last = json.loads(frame)
            sequence += 1
            assert last["sequenceNumber"] == str(sequence) and last["streamSid"] == self.sid
            if last["event"] == "media":
                chunk += 1
                media = last["media"]
                assert (media["track"], media["chunk"], media["timestamp"]) == ("inbound", str(chunk), str((chunk - 1) * 20))
                sound = base64.b64decode(media["payload"])
                assert len(sound) == 160
                if hear:
                    await hear(sound)
            elif last["event"] == "dtmf":
                assert last["dtmf"]["track"] == "inbound_track"
                self.keys.append(last["dtmf"]["digit"])
            elif last["event"] == "mark":
                self.marks.append(last["mark"]["name"])
        return last["event"] if last else None


def simulate(folder, bot, *options, case=CASE):
    """Runs the case against the bot; gives exit code, the case's result and the bot's stream."""
    streams, failures = [], []
    (folder / "case.yaml").write_text(case)

    async def serve(loop_ready, stop):
        async def answer(socket):
            stream = Stream(socket)
            streams.append(stream)
            try:
                await bot(stream)
            except websockets.ConnectionClosed:
                pass
            except Exception as fault:  # noqa: BLE001 - told to the test, whose thread this is not
                failures.append(fault)

        async with websockets.serve(answer, "127.0.0.1", 0, compression=None) as server:
            loop_ready(server.sockets[0].getsockname()[1])
            await stop.wait()

    ready = threading.Event()
    place = {}

    def thread():
        async def main():
            place["loop"], place["stop"] = asyncio.get_running_loop(), asyncio.Event()

            def started(port):
                place["port"] = port
                ready.set()

            await serve(started, place["stop"])

        asyncio.run(main())

    worker = threading.Thread(target=thread)
    worker.start()
    ready.wait(30)
    try:
        ended = subprocess.run(  # noqa: PLW1510 - the test looks at its status
            [os.path.abspath(BINARY), "simulate", str(folder / "case.yaml"), "--target",
             f"twilio+ws://127.0.0.1:{place['port']}/ws", "--json", *options],
            capture_output=True, text=True, timeout=RUN_WAIT_S)
    finally:
        place["loop"].call_soon_threadsafe(place["stop"].set)
        worker.join(60)
    assert failures == []
    return ended.returncode, json.loads(ended.stdout)["cases"][0], streams[0]


def reasons(result):
    """What the case did not pass by; that the machine was too busy is nobody's fault."""
    return {reason["kind"]: reason["actual"] for reason in result["reasons"] if "over 20 ms late" not in reason["expected"]}


def codes(result):
    return [finding["code"] for finding in result["conformance"]]


async def silent(stream):
    await stream.begin()
    stream.last = await stream.listen()


async def closing(stream):
    await stream.begin()
    await stream.say(tone(1000))
    async for frame in stream.socket:  # for a second, by the caller's clock
        if json.loads(frame).get("media", {}).get("timestamp") == "1000":
            break
    await stream.socket.close(1000)


async def hasty(stream):
    """Sends all that it has to say at once and closes."""
    await stream.begin()
    await stream.say(tone(4000))
    await stream.socket.close(1000)


async def vanishing(stream):
    await stream.begin()
    await stream.say(tone(1000))
    stream.socket.transport.abort()


async def wrong(stream):
    await stream.begin()
    await stream.socket.send(b"\0" * 160)
    await stream.socket.send("{")
    await stream.send({"event": "media", "streamSid": "MZ9", "media": {"payload": "////"}})
    for _minute in range(11):
        await stream.say(b"\xff" * 480_000)
    for number in range(40_000):
        await stream.send({"event": "mark", "mark": {"name": str(number)}})
    await stream.listen()


async def marking(stream):
    await stream.begin()
    await stream.send({"event": "mark", "mark": {"name": "at once"}})
    await stream.say(tone(500))
    await stream.send({"event": "mark", "mark": {"name": "played"}})
    await stream.say(tone(60_000))
    await stream.send({"event": "mark", "mark": {"name": "dropped 1"}})
    await stream.send({"event": "mark", "mark": {"name": "dropped 2"}})
    seen = asyncio.create_task(stream.listen())
    while "played" not in stream.marks:
        await asyncio.sleep(0.02)
    await stream.send({"event": "clear"})
    await stream.send({"event": "mark", "mark": {"name": "after"}})
    stream.last = await seen


GREETING = "Good morning, this is the Harbour Clinic. On which day would you like to come?"
LONG = GREETING + " We are open from Monday to Friday, from eight in the morning until six, and on Saturdays until noon."
TALK = """
flow: appointment
caller: {patience: 12s, voice: heart-low}
turns:
  - say: WORDS
  - hang-up: true
"""
WORDS = "I would like to book an appointment."
# What each bot with a voice does wrong, by the check that it fails, and what its caller says.
HABITS = {
    "understood": ("deaf", WORDS), "echo": ("echoing", WORDS),
    "yield": ("talks on", f"{WORDS}\n    at: 800ms\n    expect: {{yield: 800ms}}"),
    "interruption": ("interrupting", "I would like [pause 300ms] to book [pause 300ms] an appointment.")}


def talking(speak, habit):
    """A bot with a voice and a bad habit. It counts time by the caller's frames."""
    def sound(text):
        return audioop.lin2ulaw(speak(text, 8000), 2)

    async def bot(stream):
        heard, count, quiet = bytearray(), 0, 0

        async def hear(frame):
            nonlocal count, quiet
            count += 1
            is_loud = audioop.rms(audioop.ulaw2lin(frame, 2), 2) > 300
            quiet = 0 if is_loud else quiet + 1
            if heard or is_loud:
                heard.extend(frame)
            if habit == "deaf" and count == 500:  # 10 s
                await stream.say(sound(GREETING))
            elif habit == "echoing" and heard and quiet == 40:
                await stream.say(bytes(heard))
                heard.clear()
            elif habit == "interrupting" and len(heard) == 160 * 25:  # 500 ms into the turn
                await stream.say(sound(LONG))

        await stream.begin()
        await stream.say(sound(LONG if habit == "talks on" else GREETING))
        await stream.listen(hear)

    return bot


@pytest.mark.parametrize("kind", HABITS)
def test_a_bot_with_a_voice_fails_by_its_own_bad_habit_and_no_other(tmp_path, speak, kind):
    habit, words = HABITS[kind]
    status, result, _ = simulate(tmp_path, talking(speak, habit), case=TALK.replace("WORDS", words))
    assert status in (1, 3)
    assert HABITS.keys() & reasons(result).keys() == {kind}, (habit, result["reasons"], result["transcript"])


def test_a_silent_bot_fails_by_its_silence(tmp_path):
    status, result, stream = simulate(tmp_path, silent)
    assert status in (1, 3)
    assert reasons(result)["reply"] in ("it said nothing", "there was none")
    assert (stream.keys, stream.last) == (["3"], "stop")
    assert codes(result) == [] and result["ended"] == "caller-hung-up"
    assert stream.start["customParameters"] == {"flow": "appointment"}


def test_parameters_reach_the_bot(tmp_path):
    _, _, stream = simulate(tmp_path, silent, "--target-parameter", "customer=4711", "--target-parameter", "flow=other")
    assert stream.start["customParameters"] == {"customer": "4711", "flow": "other"}


def test_a_bot_that_closes_early_fails_by_the_turns_that_were_not_reached(tmp_path):
    status, result, _ = simulate(tmp_path, closing)
    assert status in (1, 3)
    assert reasons(result)["coverage"].startswith("0 were reached, and the call ended: completed")
    assert codes(result) == [31921] and result["failure"] is None


def test_what_waits_when_a_bot_closes_is_played_to_its_end(tmp_path):
    _, result, _ = simulate(tmp_path, hasty)
    assert result["ended"] == "completed" and result["failure"] is None
    assert 4000 <= result["durationMs"] <= 4200  # by the media: it is played faster
    assert codes(result) == [31921]


def test_a_bot_that_vanishes_fails_by_the_line(tmp_path):
    status, result, _ = simulate(tmp_path, vanishing)
    assert status in (1, 3)
    assert "the bot went away without a word" in reasons(result)["line"]
    assert codes(result) == [31921]


def test_what_a_bot_does_wrong_is_told_by_twilios_codes_once_each(tmp_path):
    _, result, _stream = simulate(tmp_path, wrong)
    assert sorted(codes(result)) == [31931, 31950, 31951]
    offsets = {finding["code"]: finding["offset"] for finding in result["conformance"]}
    assert (offsets[31950], offsets[31951]) == (0, 160)


def test_marks_come_back_when_played_and_after_clear_in_order(tmp_path):
    _, result, stream = simulate(tmp_path, marking)
    assert stream.marks == ["at once", "played", "dropped 1", "dropped 2", "after"]
    assert codes(result) == [] and stream.last == "stop"


def test_a_bot_that_refuses_the_handshake_is_not_called(tmp_path):
    (tmp_path / "case.yaml").write_text(CASE)

    async def main():
        async with websockets.serve(
            lambda _: None, "127.0.0.1", 0, process_request=lambda connection, _: connection.respond(403, "no\n")
        ) as server:
            port = server.sockets[0].getsockname()[1]
            process = await asyncio.create_subprocess_exec(
                os.path.abspath(BINARY), "simulate", str(tmp_path / "case.yaml"), "--target", f"twilio+ws://127.0.0.1:{port}/ws",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            async with asyncio.timeout(RUN_WAIT_S):
                output, _ = await process.communicate()
            return process.returncode, output.decode()

    status, output = asyncio.run(main())
    assert status == 3 and "status 403" in output and "look at the bot's log" in output, output
