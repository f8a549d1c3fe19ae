"""Talks to an agent over OpenAI's Realtime protocol with OpenAI's own client. Any server of the protocol will do; a VoiceForge server
takes a flow for the model and needs no account.

    pip install 'openai[realtime]==3.57.0'
    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=none python realtime_client.py appointment "What are your opening hours?"

The lines are spoken by the server's own speech API, one after each answer, and what both sides said is printed.
"""

import asyncio
import base64
import sys

from openai import AsyncOpenAI

RATE, PIECE_S = 24_000, 0.04


async def speak(client, connection, line):
    """Appends a line, 40 ms at a time as a microphone gives them, and a second of silence behind it."""
    speech = await client.audio.speech.create(model="tts-1", voice="alloy", input=line, response_format="pcm")
    audio = speech.content + bytes(2 * RATE)
    size = int(RATE * PIECE_S) * 2
    for place in range(0, len(audio), size):
        await connection.input_audio_buffer.append(audio=base64.b64encode(audio[place:place + size]).decode())
        await asyncio.sleep(PIECE_S)


async def talk(model, lines):
    client, heard = AsyncOpenAI(), 0
    async with client.realtime.connect(model=model) as connection:
        await connection.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}})
        async for event in connection:
            if event.type == "response.output_audio.delta":
                heard += len(base64.b64decode(event.delta))
            elif event.type == "response.output_audio_transcript.done":
                print("agent:", event.transcript, flush=True)
            elif event.type == "conversation.item.input_audio_transcription.completed":
                print("caller:", event.transcript, flush=True)
            elif event.type == "error":
                print("error:", event.error.message, flush=True)
            elif event.type == "response.done":
                if not lines:
                    break
                await speak(client, connection, lines.pop(0))
    print(f"heard {heard / 2 / RATE:.1f} s of the agent")


asyncio.run(talk(sys.argv[1], sys.argv[2:]))
