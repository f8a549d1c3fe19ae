"""The other clients of OpenAI's Realtime protocol, unmodified: each holds three turns of an appointment with our agent, the first of them
over the agent's opening, which the client truncates to what it has played."""

import asyncio
import time

import aiohttp
from agents.realtime import RealtimeAgent, RealtimeRunner
from livekit import rtc
from livekit.plugins.openai.realtime import RealtimeModel
from pipecat.frames.frames import (
    BotStartedSpeakingFrame, ErrorFrame, InputAudioRawFrame, TranscriptionFrame, TTSAudioRawFrame)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.realtime import events
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

from realtime import RATE, Relay, check_three_turns, hold_three_turns
from test_realtime import record


def test_openai_agents(server, speak):
    async def call():
        seen = []

        async def listen(session):
            async for event in session:
                seen.append(event.type)
                if event.type == "error":
                    seen.append(event)

        async with Relay(server) as relay:
            agent = RealtimeAgent(name="caller", instructions="Be kind.")
            session = await RealtimeRunner(agent).run(model_config={
                "api_key": "sk-test", "url": f"{relay.url}/v1/realtime?model=appointment",
                "initial_model_settings": {"model_name": "appointment"}})
            async with session:
                task = asyncio.create_task(listen(session))
                await hold_three_turns(relay, speak, session.send_audio)
                task.cancel()
            return relay, seen

    relay, seen = asyncio.run(call())
    check_three_turns(relay, record(server))
    assert "error" not in seen, seen
    assert "audio" in seen and "audio_interrupted" in seen and "agent_end" in seen
    # Told that speech interrupts, it sends no cancel besides.
    assert relay.said_of("response.cancel") == []


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


def test_pipecat(server, speak):
    async def call():
        before, behind, started = [], [], asyncio.Event()
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

            async def append(piece):
                await worker.queue_frame(InputAudioRawFrame(piece, RATE, 1))

            await hold_three_turns(relay, speak, append)
            await worker.cancel()
            await task
            return relay, before, behind

    relay, before, behind = asyncio.run(call())
    check_three_turns(relay, record(server))
    assert not any(isinstance(frame, ErrorFrame) for frame in before + behind)
    assert any(isinstance(frame, TTSAudioRawFrame) for frame in behind)
    words = [frame.text for frame in before + behind if isinstance(frame, TranscriptionFrame)]
    assert [text for text in relay.heard_words() if text not in words] == []


def test_livekit(server, speak):
    async def call():
        errors, told, tasks = [], [], []
        playing = {}

        async with Relay(server) as relay, aiohttp.ClientSession() as http:
            model = RealtimeModel(
                model="appointment", base_url=f"http://127.0.0.1:{relay.port}/v1", api_key="sk-test", http_session=http)
            session = model.session()

            async def play(message):
                """Takes the audio as it comes, as a room's speaker would play it."""
                playing["item"], playing["since"] = message.message_id, None
                async for _ in message.audio_stream:
                    playing["since"] = playing["since"] or time.monotonic()
                playing["since"] = None

            async def drain(generation):
                async for message in generation.message_stream:
                    tasks.append(asyncio.create_task(play(message)))

            @session.on("generation_created")
            def _(generation):
                tasks.append(asyncio.create_task(drain(generation)))

            @session.on("input_speech_started")
            def _(_event):
                if playing.get("since"):
                    played = int((time.monotonic() - playing["since"]) * 1000)
                    session.truncate(message_id=playing["item"], modalities=["audio"], audio_end_ms=played)

            session.on("error", errors.append)
            session.on("input_audio_transcription_completed", lambda event: told.append(event.transcript))
            await session.update_instructions("Be kind.")

            async def append(piece):
                session.push_audio(rtc.AudioFrame(piece, RATE, 1, len(piece) // 2))

            await hold_three_turns(relay, speak, append)
            await session.aclose()
            await model.aclose()
            return relay, errors, told

    relay, errors, told = asyncio.run(call())
    check_three_turns(relay, record(server))
    assert errors == []
    assert relay.sessions == 1
    assert told == relay.heard_words()
