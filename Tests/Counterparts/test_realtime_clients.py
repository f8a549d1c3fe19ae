"""The other clients of OpenAI's Realtime protocol, unmodified: each holds three turns of an appointment with our agent, the first of them
over the agent's opening, which the client truncates to what it has played."""

import asyncio
import collections
import time

import aiohttp
import pytest
from agents.realtime import RealtimeAgent, RealtimeRunner
from livekit import rtc
from livekit.agents.llm import RealtimeError
from livekit.plugins.openai.realtime import RealtimeModel
from openai import AsyncOpenAI
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    ErrorFrame,
    InputAudioRawFrame,
    LLMContextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.realtime import events
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

from realtime import LINES, RATE, Relay, base64_text, check_three_turns, hold_three_turns


def with_agents(server, story):
    """A session of openai-agents by way of a relay: the relay, and how many events of each type its user saw."""
    async def call():
        seen = collections.Counter()

        async def listen(session):
            async for event in session:
                seen[event.type] += 1

        async with Relay(server) as relay:
            agent = RealtimeAgent(name="caller", instructions="Be kind.")
            session = await RealtimeRunner(agent).run(model_config={
                "api_key": "sk-test", "url": f"{relay.url}/v1/realtime?model=appointment",
                "initial_model_settings": {"model_name": "appointment"}})
            async with session:
                task = asyncio.create_task(listen(session))
                await story(relay, session)
                task.cancel()
            return relay, seen

    return asyncio.run(call())


def test_openai_agents(server, speak, kept):
    relay, seen = with_agents(server, lambda relay, session: hold_three_turns(relay, speak, session.send_audio))
    check_three_turns(relay, kept())
    assert "error" not in seen, seen
    assert "audio" in seen and "audio_interrupted" in seen and "agent_end" in seen
    # Told that speech interrupts, it sends no cancel besides.
    assert relay.said_of("response.cancel") == []


def test_openai_agents_by_text(server, kept):
    async def story(relay, session):
        for turn, text in enumerate(LINES[:2]):
            await relay.until("response.done", turn + 1)
            await session.send_message(text)
        await relay.until("response.done", 3)

    relay, seen = with_agents(server, story)
    record = kept()
    assert relay.rules.faults == [] and "error" not in seen
    assert [line["text"] for line in record["transcript"] if line["role"] == "caller"] == LINES[:2]
    assert record["slots"].get("day"), record["transcript"]


def test_openai(server, speak, kept):
    """It plays nothing itself, so its user does what OpenAI's guide says: truncates what was cut off to what was played of it."""
    async def call():
        async with Relay(server) as relay:
            openai = AsyncOpenAI(api_key="sk-test", websocket_base_url=f"{relay.url}/v1")
            async with openai.realtime.connect(model="appointment") as connection:
                async def play():
                    item, began = None, 0.0
                    async for event in connection:
                        if event.type == "response.output_audio.delta" and event.item_id != item:
                            item, began = event.item_id, time.monotonic()
                        elif event.type == "response.done":
                            item = None
                        elif event.type == "input_audio_buffer.speech_started" and item:
                            played = int((time.monotonic() - began) * 1000)
                            await connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=played)

                playing = asyncio.create_task(play())
                await hold_three_turns(relay, speak, lambda piece: connection.input_audio_buffer.append(audio=base64_text(piece)))
                playing.cancel()
            return relay

    check_three_turns(asyncio.run(call()), kept())


class Recorder(FrameProcessor):
    """Keeps the frames that pass, and says that the bot speaks, which the end of a pipeline with an output does."""

    def __init__(self, kept):
        super().__init__()
        self.kept = kept
        self._has_spoken = False

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        self.kept.append(frame)
        if isinstance(frame, TTSAudioRawFrame) and not self._has_spoken:
            self._has_spoken = True
            await self.push_frame(BotStartedSpeakingFrame(), FrameDirection.UPSTREAM)
        await self.push_frame(frame, direction)


def with_pipecat(server, story):
    """A pipeline of Pipecat's around its Realtime service: the relay, and the frames that came out of the service."""
    async def call():
        before, behind = [], []
        async with Relay(server) as relay:
            service = OpenAIRealtimeLLMService(
                api_key="sk-test", base_url=f"{relay.url}/v1/realtime",
                settings=OpenAIRealtimeLLMService.Settings(
                    model="appointment", session_properties=events.SessionProperties(
                        instructions="Be kind.", audio=events.AudioConfiguration(
                            input=events.AudioInput(transcription=events.InputAudioTranscription())))))
            worker = PipelineWorker(
                Pipeline([Recorder(before), service, Recorder(behind)]),
                params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE), idle_timeout_secs=None)
            task = asyncio.create_task(PipelineRunner(handle_sigint=False).run(worker))
            await relay.until("session.updated")
            await story(relay, worker)
            await worker.cancel()
            # Its runner does not always see that; what came of the call is here.
            await asyncio.wait([task], timeout=30)
            return relay, before + behind

    relay, frames = asyncio.run(call())
    assert not any(isinstance(frame, ErrorFrame) for frame in frames)
    return relay, frames


def test_pipecat(server, speak, kept):
    def story(relay, worker):
        return hold_three_turns(relay, speak, lambda piece: worker.queue_frame(InputAudioRawFrame(piece, RATE, 1)))

    relay, frames = with_pipecat(server, story)
    check_three_turns(relay, kept())
    assert any(isinstance(frame, TTSAudioRawFrame) for frame in frames)
    words = [frame.text for frame in frames if isinstance(frame, TranscriptionFrame)]
    assert [text for text in relay.heard_words() if text not in words] == []


def test_pipecat_by_context(server, kept):
    async def story(relay, worker):
        await relay.until("response.done")
        await worker.queue_frame(LLMContextFrame(LLMContext([{"role": "user", "content": LINES[0]}])))
        await relay.until("response.done", 2)

    relay, _ = with_pipecat(server, story)
    assert relay.rules.faults == [] and relay.rules.of("error") == []
    assert [line["text"] for line in kept()["transcript"] if line["role"] == "caller"] == [LINES[0]]


def with_livekit(server, story):
    """A session of LiveKit's without a room: the relay, its errors, and the transcripts that it told."""
    async def call():
        errors, told = [], []
        async with Relay(server) as relay, aiohttp.ClientSession() as http:
            model = RealtimeModel(
                model="appointment", base_url=f"http://127.0.0.1:{relay.port}/v1", api_key="sk-test", http_session=http)
            session = model.session()
            tasks = play_as_a_room(session)
            session.on("error", errors.append)
            session.on("input_audio_transcription_completed", lambda event: told.append(event.transcript))
            await session.update_instructions("Be kind.")
            await story(relay, session)
            await session.aclose()
            await model.aclose()
            await asyncio.gather(*tasks, return_exceptions=True)
            return relay, errors, told

    return asyncio.run(call())


def play_as_a_room(session):
    """Takes the agent's audio as it comes, and truncates it when the caller speaks, as LiveKit's own sessions do."""
    tasks, playing = [], {}

    async def play(message):
        playing["item"], playing["since"] = message.message_id, None
        async for _ in message.audio_stream:
            playing["since"] = playing["since"] or time.monotonic()
        playing["since"] = None

    async def drain(generation):
        async for message in generation.message_stream:
            await play(message)

    @session.on("generation_created")
    def _(generation):
        tasks.append(asyncio.create_task(drain(generation)))

    @session.on("input_speech_started")
    def _(_event):
        if playing.get("since"):
            played = int((time.monotonic() - playing["since"]) * 1000)
            session.truncate(message_id=playing["item"], modalities=["audio"], audio_end_ms=played)

    return tasks


def test_livekit(server, speak, kept):
    async def story(relay, session):
        async def append(piece):
            session.push_audio(rtc.AudioFrame(piece, RATE, 1, len(piece) // 2))

        await hold_three_turns(relay, speak, append)

    relay, errors, told = with_livekit(server, story)
    check_three_turns(relay, kept())
    assert errors == []
    assert relay.sessions == 1
    assert told == relay.heard_words()


def test_livekit_by_text_and_what_it_is_refused(server, kept):
    async def story(relay, session):
        await relay.until("response.done")
        context = session.chat_ctx.copy()
        context.add_message(role="user", content=LINES[0])
        await session.update_chat_ctx(context)
        generation = await session.generate_reply()
        assert generation.user_initiated
        await relay.until("response.done", 2)
        with pytest.raises(RealtimeError, match="no language model"):
            await session.generate_reply(instructions="Sing.")

    relay, _, _ = with_livekit(server, story)
    assert relay.rules.faults == []
    assert [event["error"]["code"] for event in relay.rules.of("error")] == ["language_model_required"]
    assert [line["text"] for line in kept()["transcript"] if line["role"] == "caller"] == [LINES[0]]
