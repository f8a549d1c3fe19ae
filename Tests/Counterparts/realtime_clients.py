"""Unmodified clients of OpenAI's Realtime protocol, each of them by way of a relay: openai-agents, Pipecat and LiveKit."""

import asyncio
import collections
import time

import aiohttp
from agents.realtime import RealtimeAgent, RealtimeRunner
from livekit.agents import Agent, AgentSession
from livekit.agents.voice.io import AudioInput, AudioOutput, AudioOutputCapabilities
from livekit.plugins.openai.realtime import RealtimeModel
from pipecat.frames.frames import BotStartedSpeakingFrame, ErrorFrame, TTSAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.realtime import events
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

from realtime import RATE, Relay

KIND = "Be kind."


# --- openai-agents


def with_agents(server, story, model="appointment", instructions=KIND, tools=()):
    """A session of openai-agents by way of a relay: the relay, and how many events of each type its user saw."""
    async def call():
        seen = collections.Counter()

        async def listen(session):
            async for event in session:
                seen[event.type] += 1

        async with Relay(server) as relay:
            agent = RealtimeAgent(name="caller", instructions=instructions, tools=list(tools))
            session = await RealtimeRunner(agent).run(model_config={
                "api_key": "sk-test", "url": f"{relay.url}/v1/realtime?model={model}",
                "initial_model_settings": {"model_name": model}})
            async with session:
                task = asyncio.create_task(listen(session))
                await story(relay, session)
                task.cancel()
            return relay, seen

    return asyncio.run(call())


# --- Pipecat


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


def with_pipecat(server, story, model="appointment", instructions=KIND, tools=None):
    """A pipeline of Pipecat's around its Realtime service: the relay, and the frames that came out of the service.

    `tools`: a ToolsSchema, with whose context the pipeline then begins and ends.
    """
    async def call():
        before, behind = [], []
        async with Relay(server) as relay:
            service = OpenAIRealtimeLLMService(
                api_key="sk-test", base_url=f"{relay.url}/v1/realtime",
                settings=OpenAIRealtimeLLMService.Settings(
                    model=model, session_properties=events.SessionProperties(
                        instructions=instructions, audio=events.AudioConfiguration(
                            input=events.AudioInput(transcription=events.InputAudioTranscription())))))
            steps = [Recorder(before), service, Recorder(behind)]
            if tools is not None:
                user, assistant = LLMContextAggregatorPair(LLMContext(tools=tools))
                steps = [user, *steps, assistant]
            worker = PipelineWorker(
                Pipeline(steps), params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE), idle_timeout_secs=None)
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


# --- LiveKit


def with_livekit(server, story):
    """A session of LiveKit's without a room: the relay, its errors, and the transcripts that it told."""
    async def call():
        errors, told = [], []
        async with Relay(server) as relay, aiohttp.ClientSession() as http:
            model = livekit_model(relay, http, "appointment")
            session = model.session()
            tasks = play_as_a_room(session)
            session.on("error", errors.append)
            session.on("input_audio_transcription_completed", lambda event: told.append(event.transcript))
            await session.update_instructions(KIND)
            await story(relay, session)
            await session.aclose()
            await model.aclose()
            await asyncio.gather(*tasks, return_exceptions=True)
            return relay, errors, told

    return asyncio.run(call())


def livekit_model(relay, http, model):
    return RealtimeModel(model=model, base_url=f"http://127.0.0.1:{relay.port}/v1", api_key="sk-test", http_session=http)


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


class Microphone(AudioInput):
    """What a LiveKit agent hears: the frames that are put in."""

    def __init__(self):
        super().__init__(label="microphone")
        self.frames = asyncio.Queue()

    async def __anext__(self):
        return await self.frames.get()


class Loudspeaker(AudioOutput):
    """What a LiveKit agent says, as samples in `heard`; it has been played as soon as it is there."""

    def __init__(self, heard):
        super().__init__(label="loudspeaker", capabilities=AudioOutputCapabilities(pause=False), sample_rate=RATE)
        self._heard, self._seconds = heard, 0.0

    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        if not self._seconds:
            self.on_playback_started(created_at=time.time())
        self._heard += bytes(frame.data)
        self._seconds += frame.duration

    def flush(self):
        super().flush()
        self._finish(interrupted=False)

    def clear_buffer(self):
        self._finish(interrupted=True)

    def _finish(self, interrupted):
        if self._seconds:
            played, self._seconds = self._seconds, 0.0
            self.on_playback_finished(playback_position=played, interrupted=interrupted)


def with_livekit_agent(server, story, model, instructions, tools):
    """An agent of LiveKit's with microphone and loudspeaker of its own in place of a room: the relay, what went wrong, and what was
    heard. The story gets the relay and the microphone's frames."""
    async def call():
        errors, heard = [], bytearray()
        async with Relay(server) as relay, aiohttp.ClientSession() as http:
            realtime = livekit_model(relay, http, model)
            session = AgentSession(llm=realtime, vad=None, user_away_timeout=None)
            session.on("error", errors.append)
            microphone = Microphone()
            session.input.audio, session.output.audio = microphone, Loudspeaker(heard)
            await session.start(Agent(instructions=instructions, tools=tools), record=False)
            await relay.until("session.updated")
            await story(relay, microphone.frames)
            if session.current_speech:  # what is still being played when it closes is cancelled
                await session.current_speech.wait_for_playout()
            await session.aclose()
            await realtime.aclose()
            return relay, errors, heard

    return asyncio.run(call())
