"""The other clients of OpenAI's Realtime protocol, unmodified: each holds three turns of an appointment with our agent, the first of them
over the agent's opening, which the client truncates to what it has played."""

import asyncio
import time

import pytest
from livekit import rtc
from livekit.agents.llm import RealtimeError
from openai import AsyncOpenAI
from pipecat.frames.frames import InputAudioRawFrame, LLMContextFrame, TranscriptionFrame, TTSAudioRawFrame
from pipecat.processors.aggregators.llm_context import LLMContext

from realtime import LINES, RATE, Relay, base64_text, check_three_turns, hold_three_turns
from realtime_clients import with_agents, with_livekit, with_pipecat


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
