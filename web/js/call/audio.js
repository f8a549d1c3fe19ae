// The sound of one call on this machine: microphone → capture worklet, playback worklet → loudspeaker.

/** What AudioDecoder puts out and the worklets expect; the browser converts to the device's rate. */
const CONTEXT_RATE = 48000;
/** A browser without an audio device leaves its context suspended; after this the call continues as text. */
const START_LIMIT_MS = 3000;

/** Whether this browser can carry sound here at all; plain http on another machine cannot. */
export const audioPossible = () => 'AudioWorkletNode' in window && Boolean(window.isSecureContext);

/**
 * Opens the audio of a call that takes `rate` samples a second. `stream` may be null: the caller is then silent.
 * `onEvent` gets `{side, peak}` per 20 ms and `{delayMs}` when an utterance begins to sound.
 * The two ports belong to the worker. `running` is false when no audio device answered.
 */
export async function openAudio(stream, rate, onEvent) {
  const context = new AudioContext({ sampleRate: CONTEXT_RATE, latencyHint: 'interactive' });
  await Promise.all([
    context.audioWorklet.addModule(new URL('./worklets/capture.js', import.meta.url)),
    context.audioWorklet.addModule(new URL('./worklets/playback.js', import.meta.url)),
  ]);
  const running = await startsInTime(context);
  return {
    running,
    capturePort: connectCapture(context, stream, rate, onEvent),
    playbackPort: connectPlayback(context, onEvent),
    close: () => context.close(),
  };
}

async function startsInTime(context) {
  const limit = new Promise((resolve) => setTimeout(resolve, START_LIMIT_MS));
  await Promise.race([context.resume(), limit]);
  return context.state === 'running';
}

function connectCapture(context, stream, rate, onEvent) {
  const options = { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit', processorOptions: { rate } };
  const node = new AudioWorkletNode(context, 'capture', options);
  node.port.onmessage = ({ data }) => onEvent({ side: 'caller', peak: data.peak });
  if (stream) context.createMediaStreamSource(stream).connect(node);
  return connectWorker(node);
}

function connectPlayback(context, onEvent) {
  const node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] });
  node.port.onmessage = ({ data }) => {
    if ('peak' in data) onEvent({ side: 'agent', ...data });
    else onEvent({ delayMs: playbackTime(context, data.contextTime) - data.arrivedMs });
  };
  node.connect(context.destination);
  return connectWorker(node);
}

/** When a sample written at `contextTime` leaves the loudspeaker, in milliseconds since 1970. */
function playbackTime(context, contextTime) {
  const output = context.getOutputTimestamp();
  return performance.timeOrigin + output.performanceTime + (contextTime - output.contextTime) * 1000;
}

/** Connects the worklet with the worker: returns the worker's end of their channel. */
function connectWorker(node) {
  const channel = new MessageChannel();
  node.port.postMessage({ worker: channel.port1 }, [channel.port1]);
  return channel.port2;
}
