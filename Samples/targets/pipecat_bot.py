"""A front desk on Pipecat, for `voiceforge simulate --target twilio+ws://127.0.0.1:7860/ws`, or telnyx, plivo, exotel, or rtvi (evals).
    pip install 'pipecat-ai[websocket,silero,runner,openai]==1.14.0'
    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=none uvicorn pipecat_bot:app --port 7860
Its ears and its voice are those of a VoiceForge server, by OpenAI's API. Silero hears when the caller speaks. What to say is a script."""

import re

from fastapi import FastAPI, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer, VADParams
from pipecat.evals import fastapi_transport as eval_door
from pipecat.frames import frames
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers import exotel, plivo, telnyx, twilio
from pipecat.services.openai.stt import OpenAISTTService as Ears
from pipecat.services.openai.tts import OpenAITTSService as Voice
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

Twilio, Telnyx, Plivo = twilio.TwilioFrameSerializer, telnyx.TelnyxFrameSerializer, plivo.PlivoFrameSerializer
SERIALIZERS = {  # none hangs up by its provider's REST API, so no account is needed
    "twilio": lambda start: Twilio(start.stream_id, params=Twilio.InputParams(auto_hang_up=False)),
    "telnyx": lambda start: Telnyx(start.stream_id, start.outbound_encoding, "PCMU", params=Telnyx.InputParams(auto_hang_up=False)),
    "plivo": lambda start: Plivo(start.stream_id, params=Plivo.InputParams(auto_hang_up=False)),
    "exotel": lambda start: exotel.ExotelFrameSerializer(start.stream_id)}
GREETING = "Good morning, this is the Harbour Clinic. On which day of the week would you like to come?"
KEYS = {"1": "monday", "2": "tuesday", "3": "wednesday", "4": "thursday", "5": "friday"}
app = FastAPI()


class FrontDesk(FrameProcessor):
    day = None
    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, frames.VADUserStartedSpeakingFrame):
            await self.broadcast_interruption()
        elif isinstance(frame, (frames.TranscriptionFrame, frames.InputDTMFFrame)):
            reply = self.reply(frame.text.lower() if isinstance(frame, frames.TextFrame) else KEYS.get(frame.button.value, ""))
            await self.push_frame(frames.TTSSpeakFrame(reply))
            if "Goodbye" in reply:  # a tool that a language model would call is reported as called elsewhere
                await self.push_frame(frames.ExternalFunctionCallInProgressFrame("book", "1", {"day": self.day}))
                await self.push_frame(frames.EndWorkerFrame())

    def reply(self, words):
        if re.search("hours|open", words):
            return "We are open from Monday to Friday, from eight in the morning until six. On which day would you like to come?"
        day, time = re.search("(mon|tues|wednes|thurs|fri)day", words), re.search("eight|nine|ten|eleven|noon|two|three", words)
        if self.day and time:
            return f"I have booked {self.day} at {time[0]} for you. Thank you for calling. Goodbye!"
        self.day = day[0].title() if day else self.day
        return f"Very well, {self.day}. What time of the day would suit you?" if self.day else "Sorry, on which day of the week?"


@app.websocket("/ws")
async def answer(websocket: WebSocket):
    await websocket.accept()
    wire, start = await parse_telephony_websocket(websocket)
    sound = {"audio_in_enabled": True, "audio_out_enabled": True}
    if wire == "eval":
        params, rates = eval_door.EvalTransportParams(**sound, serializer=eval_door.EvalSerializer()), {}
        transport = eval_door.EvalFastAPIWebsocketTransport(websocket, params, eval_door.EvalConnectionFlags(**start.body))
    else:
        params = FastAPIWebsocketParams(**sound, serializer=SERIALIZERS[wire](start))
        transport, rates = FastAPIWebsocketTransport(websocket, params), {"audio_in_sample_rate": 8000, "audio_out_sample_rate": 8000}
    steps = [transport.input(), VADProcessor(vad_analyzer=SileroVADAnalyzer(params=VADParams(stop_secs=0.5))),
             Ears(settings=Ears.Settings(model="whisper-1")), FrontDesk(),
             Voice(settings=Voice.Settings(model="tts-1"), sample_rate=24_000), transport.output()]
    worker = PipelineWorker(Pipeline(steps), params=PipelineParams(**rates))
    @transport.event_handler("on_client_disconnected")
    async def hung_up(*_):
        await worker.cancel()
    await worker.queue_frame(frames.TTSSpeakFrame(GREETING))
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()
