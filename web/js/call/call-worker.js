// The call's own thread: socket and codecs, so that a busy page does not interrupt the audio.

import { bestCodec, CALL_RATE, createDecoder, createEncoder } from './codec.js';
import { packPacket, parseMessage, playedMessage, startMessage, SUBPROTOCOL, unpackPacket } from './protocol.js';

/** About 3 s of Opus. Beyond it the network cannot carry the voice: newest frames are dropped and counted. */
const UNSENT_BYTES_MAX = 10000;
/** About 3 s of PCM16, for the same reason. */
const UNSENT_PCM_BYTES_MAX = 100000;

let socket;
let codec;
let encoder;
let decoder;
let playback;
let sequence = 0;
let opened = false;
/** Counts `clear`s: frames that were in the decoder at a clear belong to an older epoch and are not played. */
let epoch = 0;
let expectedSequence = 0;
const counts = { lost: 0, unsent: 0 };

self.onmessage = ({ data }) => {
  if (data.open) open(data.open);
  else if (data.send) send(data.send);
  else if (data.close) socket?.close(1000);
};

async function open({ url, flow, voice, capturePort, playbackPort }) {
  codec = await bestCodec();
  connectAudio(capturePort, playbackPort);
  socket = new WebSocket(url, SUBPROTOCOL);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    opened = true;
    send(startMessage({ flow, voice, codec, sampleRate: CALL_RATE }));
  };
  socket.onmessage = ({ data }) => (typeof data === 'string' ? receive(data) : receivePacket(data));
  socket.onclose = ({ code, reason }) => postMessage({ closed: { code, reason, opened } });
}

/** Without ports (no audio in this browser) the call carries text and keys only. */
function connectAudio(capturePort, playbackPort) {
  if (!capturePort) return;
  playback = playbackPort;
  playback.onmessage = ({ data }) => send(playedMessage(data.utterance, data.playedMs));
  capturePort.onmessage = ({ data }) => encoder?.encode(data);
}

function receive(text) {
  const message = parseMessage(text);
  if (!message) return;
  if (message.type === 'ready') startCodecs(message.codec);
  if (message.type === 'clear') clear(message.utterance);
  if (message.type === 'ended') encoder = null;
  postMessage({ message });
}

/** Only now, because audio before `ready` is refused. */
function startCodecs(agreed) {
  codec = agreed;
  if (!playback) return;
  decoder = createDecoder(codec, play, codecFailed);
  encoder = createEncoder(codec, sendPacket, codecFailed);
}

function codecFailed(error) {
  encoder = null;
  decoder = null;
  postMessage({ problem: { code: 'codec-failed', detail: String(error?.message ?? error) } });
}

function receivePacket(buffer) {
  const packet = unpackPacket(buffer);
  if (!packet || !decoder) return;
  countLoss(packet.sequence);
  const arrivedMs = performance.timeOrigin + performance.now();
  decoder.decode(packet.payload, { last: packet.last, arrivedMs, epoch });
}

function countLoss(received) {
  if (received > expectedSequence) {
    counts.lost += received - expectedSequence;
    postMessage({ counts });
  }
  expectedSequence = received + 1;
}

function play(samples, tag) {
  if (tag.epoch !== epoch) return;
  playback.postMessage({ samples, last: tag.last, arrivedMs: tag.arrivedMs }, [samples.buffer]);
}

function clear(utterance) {
  epoch++;
  playback?.postMessage({ clear: utterance });
}

function sendPacket(payload, microseconds) {
  const limit = codec === 'opus' ? UNSENT_BYTES_MAX : UNSENT_PCM_BYTES_MAX;
  if (socket.readyState !== WebSocket.OPEN) return;
  const header = { codec, sequence: sequence++, microseconds };
  if (socket.bufferedAmount > limit) {
    counts.unsent++;
    postMessage({ counts });
    return;
  }
  socket.send(packPacket(header, payload));
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
