// The sound of one call on this machine: microphone → capture worklet, playback worklet → loudspeaker.

/** What AudioDecoder puts out and the worklets expect; the browser converts to the device's rate. */
const CONTEXT_RATE = 48000;
/** A browser without an audio device leaves its context suspended; after this the call goes on as text. */
const START_LIMIT_MS = 3000;

/** Whether this browser can carry sound here at all; plain http on another machine cannot. */
export const audioPossible = () => 'AudioWorkletNode' in window && Boolean(window.isSecureContext);

/**
 * Opens the audio of a call. `stream` may be null: the caller is then silent.
 * `heard` gets `{side, peak}` per 20 ms and `{earMs}` when an utterance begins to sound.
 * The two ports belong to the worker. `running` is false when no audio device answered.
 */
export async function openAudio(stream, heard) {
  const context = new AudioContext({ sampleRate: CONTEXT_RATE, latencyHint: 'interactive' });
  await Promise.all([
    context.audioWorklet.addModule('/worklets/capture.js'),
    context.audioWorklet.addModule('/worklets/playback.js'),
  ]);
  const running = await startsInTime(context);
  return {
    running,
    capturePort: connectCapture(context, stream, heard),
    playbackPort: connectPlayback(context, heard),
    close: () => context.close(),
  };
}

async function startsInTime(context) {
  const limit = new Promise((resolve) => setTimeout(resolve, START_LIMIT_MS));
  await Promise.race([context.resume(), limit]);
  return context.state === 'running';
}

function connectCapture(context, stream, heard) {
  const options = { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' };
  const node = new AudioWorkletNode(context, 'capture', options);
  node.port.onmessage = ({ data }) => heard({ side: 'caller', peak: data.peak });
  if (stream) context.createMediaStreamSource(stream).connect(node);
  return handOver(node);
}

function connectPlayback(context, heard) {
  const node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] });
  node.port.onmessage = ({ data }) => {
    if ('peak' in data) heard({ side: 'agent', ...data });
    else heard({ earMs: earTime(context, data.contextTime) - data.arrivedMs });
  };
  node.connect(context.destination);
  return handOver(node);
}

/** When a sample written at `contextTime` leaves the loudspeaker, in milliseconds since 1970. */
function earTime(context, contextTime) {
  const output = context.getOutputTimestamp();
  return performance.timeOrigin + output.performanceTime + (contextTime - output.contextTime) * 1000;
}

/** Gives the worklet one end of a channel and returns the other, for the worker. */
function handOver(node) {
  const channel = new MessageChannel();
  node.port.postMessage({ worker: channel.port1 }, [channel.port1]);
  return channel.port2;
}
