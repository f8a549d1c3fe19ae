"""What the tests of Realtime clients share: speech to append, a recorder of server events, and the rules that these must keep."""

import asyncio
import base64
import json

import websockets
from agents.realtime.openai_realtime import get_server_event_type_adapter
from pipecat.services.openai.realtime.events import parse_server_event

RATE = 24_000
PIECE_S = 0.04
WAIT_S = 120
FRAME_BYTES_MAX = 256 * 1024
LINES = ["I would like to book an appointment.", "On Wednesday.", "At nine in the morning.", "Yes, that is right.",
         "My name is John Miller.", "Yes."]


def pieces(samples, silence_s=1.0):
    """Samples and silence behind them as a client appends them: 40 ms at a time."""
    audio = samples + bytes(int(silence_s * RATE) * 2)
    size = int(RATE * PIECE_S) * 2
    return [audio[place:place + size] for place in range(0, len(audio), size)]


def base64_text(audio):
    return base64.b64encode(audio).decode()


class Rules:
    """Takes in every server event of a session in order, and keeps what is wrong with them in `faults`."""

    def __init__(self):
        self.events, self.faults = [], []
        self._ids, self._items, self._open = set(), [], {}
        self._active = self._call = None

    def add(self, event):
        self.events.append(event)
        text = json.dumps(event)
        kind = event["type"]
        if len(text) > FRAME_BYTES_MAX:
            self._fault(f"{kind} has {len(text)} bytes")
        if event.get("event_id") in self._ids or not event.get("event_id"):
            self._fault(f"{kind} has no event_id of its own")
        self._ids.add(event.get("event_id"))
        for check in (get_server_event_type_adapter().validate_python, lambda _: parse_server_event(text)):
            try:
                check(event)
            except Exception as error:  # noqa: BLE001 Pipecat raises just that
                self._fault(f"{kind}: {error}")
        self._check_no_null(event)
        name = "_" + kind.replace(".", "_")
        if hasattr(self, name):
            getattr(self, name)(event)

    def of(self, kind):
        return [event for event in self.events if event["type"] == kind]

    def heard_words(self):
        """What was understood of the caller, but for what it had not finished."""
        deleted = {event["item_id"] for event in self.of("conversation.item.deleted")}
        words = self.of("conversation.item.input_audio_transcription.completed")
        return [event["transcript"] for event in words if event["item_id"] not in deleted]

    def _fault(self, text):
        self.faults.append(text)

    def _require(self, holds, event, rule):
        if not holds:
            self._fault(f"{rule}: {json.dumps(event)[:300]}")

    def _check_no_null(self, event):
        for holder in (event.get("item"), event.get("part"), *(event.get("response") or {}).get("output", [])):
            if holder and (None in holder.values() or any(None in part.values() for part in holder.get("content", []))):
                self._fault(f"null in {json.dumps(holder)[:300]}")

    # The order that all clients take: facts of the protocol, section 4.

    def _conversation_item_added(self, event):
        previous, item = event["previous_item_id"], event["item"]["id"]
        self._require(item not in self._items, event, "an item is added once")
        self._require(previous is None or previous in self._items, event, "an item has a predecessor that is there")
        self._items.insert(self._items.index(previous) + 1 if previous in self._items else 0, item)

    def _input_audio_buffer_committed(self, event):
        self._require(event["item_id"] not in self._items, event, "a turn is committed before its item is added")
        previous = event["previous_item_id"]
        self._require(previous is None or previous in self._items, event, "a turn has a predecessor that is there")

    def _conversation_item_done(self, event):
        self._require(event["item"]["id"] in self._items, event, "an item is added before it is done")

    def _conversation_item_deleted(self, event):
        self._require(event["item_id"] in self._items, event, "what is deleted was there")
        self._items = [item for item in self._items if item != event["item_id"]]

    def _input_audio_buffer_speech_stopped(self, event):
        started = [e for e in self.of("input_audio_buffer.speech_started") if e["item_id"] == event["item_id"]]
        self._require(len(started) == 1 and started[0]["audio_start_ms"] < event["audio_end_ms"], event, "speech ends after it began")

    def _conversation_item_input_audio_transcription_completed(self, event):
        self._require(event["item_id"] in self._items, event, "words belong to an item")

    def _response_created(self, event):
        self._require(self._active is None, event, "one response at a time")
        self._active = event["response"]["id"]
        # What is beside the conversation adds no items to it.
        self._open = {"stage": "created", "beside": event["response"]["conversation_id"] is None}

    def _response_output_item_added(self, event):
        if event["item"]["type"] == "function_call":
            # One or several, which are all that their response has.
            if self._open.get("stage") == "call over":
                self._open["stage"] = "created"
            self._step(event, "created", "call")
            self._require(event["item"]["arguments"] == "" and event["item"]["status"] == "in_progress", event, "a call begins empty")
            self._call = {"id": event["item"]["call_id"], "item": event["item"]["id"], "name": event["item"]["name"], "arguments": ""}
        else:
            self._step(event, "created", "item")

    def _response_function_call_arguments_delta(self, event):
        self._step(event, "call", "call")
        self._require((event["call_id"], event["item_id"]) == (self._call["id"], self._call["item"]), event, "arguments belong to a call")
        self._call["arguments"] += event["delta"]

    def _response_function_call_arguments_done(self, event):
        self._step(event, "call", "call done")
        told = {"id": event["call_id"], "item": event["item_id"], "name": event["name"], "arguments": event["arguments"]}
        self._require(told == self._call, event, "a call is what its pieces say")

    def _response_content_part_added(self, event):
        self._require(event["item_id"] in self._items or self._open.get("beside"), event, "the item of a part was added")
        self._step(event, "item", "part")

    def _response_output_audio_delta(self, event):
        self._step(event, "part", "part")

    def _response_output_audio_transcript_delta(self, event):
        self._step(event, "part", "part")

    def _response_output_audio_done(self, event):
        self._step(event, "part", "audio done")

    def _response_output_audio_transcript_done(self, event):
        self._step(event, "audio done", "words done")

    def _response_output_text_delta(self, event):
        self._step(event, "part", "part")

    def _response_output_text_done(self, event):
        self._step(event, "part", "words done")

    def _response_content_part_done(self, event):
        self._step(event, "words done", "part done")

    def _response_output_item_done(self, event):
        if event["item"]["type"] == "function_call":
            self._step(event, "call done", "call over")
        else:
            self._step(event, "part done", "item done")

    def _response_done(self, event):
        self._require(event["response"]["id"] == self._active, event, "what is done was created")
        has_output = bool(event["response"]["output"])
        ends = ("item done", "call over") if has_output else ("created",)
        self._require(self._open.get("stage") in ends, event, "nothing is left out")
        self._active = None

    def _step(self, event, before, after):
        self._require(event["response_id"] == self._active, event, "an event belongs to the response that is active")
        self._require(self._open.get("stage") == before, event, f"{before} comes before {after}")
        self._open["stage"] = after


class Relay:
    """Stands between a client and the server: the server's events are in `rules` as they were sent, the client's in `said`.

    `url` is the server's, by way of the relay: `ws://127.0.0.1:PORT`. `heard`: the agent's audio as samples.
    """

    def __init__(self, server):
        self._target = f"ws{server.url[4:]}"
        self.rules, self.said, self.heard = Rules(), [], bytearray()
        self.sessions = 0
        self._came = asyncio.Condition()

    async def __aenter__(self):
        self._server = await websockets.serve(self._relay, "127.0.0.1", 0, compression=None, max_size=None)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_):
        self._server.close()

    async def _relay(self, client):
        headers = {"Authorization": client.request.headers.get("Authorization", "")}
        self.sessions += 1
        async with websockets.connect(
                self._target + client.request.path, compression=None, max_size=None, additional_headers=headers) as server:
            there = asyncio.create_task(self._there(client, server))
            await self._back(server, client)
            there.cancel()

    async def _there(self, client, server):
        try:
            async for text in client:
                self.said.append(json.loads(text))
                await server.send(text)
        except websockets.ConnectionClosed:
            pass
        await server.close()

    async def _back(self, server, client):
        try:
            async for text in server:
                event = json.loads(text)
                if event["type"] == "response.output_audio.delta":
                    self.heard += base64.b64decode(event["delta"])
                async with self._came:
                    self.rules.add(event)
                    self._came.notify_all()
                await client.send(text)
        except websockets.ConnectionClosed:
            pass
        await client.close(server.close_code or 1000, server.close_reason or "")

    async def until(self, kind, count=1):
        """The event of this kind that the server sends `count`th."""
        async with asyncio.timeout(WAIT_S), self._came:
            await self._came.wait_for(lambda: len(self.rules.of(kind)) >= count)
        return self.rules.of(kind)[count - 1]

    def heard_words(self):
        return self.rules.heard_words()

    def said_of(self, kind):
        return [event for event in self.said if event["type"] == kind]


async def hold_three_turns(relay, speak, append):
    """Three turns of an appointment: the first over the agent's opening, the others when it has finished.

    `append` takes one piece of samples, every 40 ms.
    """
    await relay.until("response.output_audio_transcript.delta")
    await asyncio.sleep(1.0)
    for turn, text in enumerate(LINES[:3]):
        if turn:
            await relay.until("response.done", turn + 1)
        for piece in pieces(speak(text, RATE)):
            await append(piece)
            await asyncio.sleep(PIECE_S)
    await relay.until("response.done", 4)


def check_three_turns(relay, kept):
    """What must hold of them, whatever client held them. `kept`: the server's record."""
    assert relay.rules.faults == [], relay.rules.faults[:5]
    assert relay.rules.of("error") == []
    done = [event["response"] for event in relay.rules.of("response.done")]
    assert [response["status"] for response in done] == ["cancelled", "completed", "completed", "completed"]
    assert done[0]["status_details"]["reason"] == "turn_detected"
    callers = [line["text"] for line in kept["transcript"] if line["role"] == "caller"]
    agents = [line for line in kept["transcript"] if line["role"] == "agent"]
    assert relay.heard_words() == callers and len(callers) == 3, (relay.heard_words(), callers)
    told = relay.rules.of("response.output_audio_transcript.done")
    assert [event["transcript"] for event in told] == [line["text"] for line in agents]
    assert len(relay.heard) > RATE * 2 * 5
    assert kept["slots"].get("day"), kept["transcript"]
    # The history holds what was played of the opening, by the client's own word.
    cut, truncated = relay.said_of("conversation.item.truncate")[0], relay.rules.of("conversation.item.truncated")[0]
    assert cut["item_id"] == truncated["item_id"] == done[0]["output"][0]["id"]
    assert 0 < truncated["audio_end_ms"] <= cut["audio_end_ms"]
    assert agents[0]["interrupted"] and agents[0]["heardMs"] <= truncated["audio_end_ms"], (agents[0], truncated)
    assert agents[0]["heardText"] != agents[0]["text"] and agents[0]["text"].startswith(agents[0]["heardText"])
