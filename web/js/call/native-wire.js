// Our own wire (Sources/Documentation.docc/Wire.md): Opus or PCM16 in binary frames, messages as they are.

import { bestCodec, CALL_RATE, createDecoder, createEncoder } from './codec.js';
import { packPacket, parseMessage, playedMessage, startMessage, SUBPROTOCOL, unpackPacket } from './protocol.js';

/** About 3 s of Opus. Beyond it the network cannot carry the voice: newest frames are dropped and counted. */
const UNSENT_BYTES_MAX = 10000;
/** About 3 s of PCM16, for the same reason. */
const UNSENT_PCM_BYTES_MAX = 100000;

export class NativeWire {
  #emit;
  #socket;
  #codec;
  #encoder;
  #decoder;
  #playback;
  #sequence = 0;
  #opened = false;
  /** Counts `clear`s: frames that were in the decoder at a clear belong to an older epoch and are not played. */
  #epoch = 0;
  #expectedSequence = 0;
  #counts = { lost: 0, unsent: 0 };

  /** `emit` gets `{message}`, `{counts}`, `{problem}` and, last, `{closed}`. Without ports the call carries text and keys only. */
  constructor({ url, flow, voice, capturePort, playbackPort }, emit) {
    this.#emit = emit;
    this.#connectAudio(capturePort, playbackPort);
    this.#open({ url, flow, voice });
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close() {
    this.#socket?.close(1000);
  }

  async #open({ url, flow, voice }) {
    this.#codec = await bestCodec();
    this.#socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => {
      this.#opened = true;
      this.send(startMessage({ flow, voice, codec: this.#codec, sampleRate: CALL_RATE }));
    };
    this.#socket.onmessage = ({ data }) => (typeof data === 'string' ? this.#receive(data) : this.#receivePacket(data));
    this.#socket.onclose = ({ code, reason }) => this.#emit({ closed: { code, reason, opened: this.#opened } });
  }

  #connectAudio(capturePort, playbackPort) {
    if (!capturePort) return;
    this.#playback = playbackPort;
    playbackPort.onmessage = ({ data }) => this.send(playedMessage(data.utterance, data.playedMs));
    capturePort.onmessage = ({ data }) => this.#encoder?.encode(data);
  }

  #receive(text) {
    const message = parseMessage(text);
    if (!message) return;
    if (message.type === 'ready') this.#startCodecs(message.codec);
    if (message.type === 'clear') this.#clear(message.utterance);
    if (message.type === 'ended') this.#encoder = null;
    this.#emit({ message });
  }

  /** Only now, because audio before `ready` is refused. */
  #startCodecs(agreed) {
    this.#codec = agreed;
    if (!this.#playback) return;
    const failed = (error) => this.#codecFailed(error);
    this.#decoder = createDecoder(agreed, (samples, tag) => this.#play(samples, tag), failed);
    this.#encoder = createEncoder(agreed, (payload, microseconds) => this.#sendPacket(payload, microseconds), failed);
  }

  #codecFailed(error) {
    this.#encoder = null;
    this.#decoder = null;
    this.#emit({ problem: { code: 'codec-failed', detail: String(error?.message ?? error) } });
  }

  #receivePacket(buffer) {
    const packet = unpackPacket(buffer);
    if (!packet || !this.#decoder) return;
    this.#countLoss(packet.sequence);
    const arrivedMs = performance.timeOrigin + performance.now();
    this.#decoder.decode(packet.payload, { last: packet.last, arrivedMs, epoch: this.#epoch });
  }

  #countLoss(received) {
    if (received > this.#expectedSequence) {
      this.#counts.lost += received - this.#expectedSequence;
      this.#emit({ counts: this.#counts });
    }
    this.#expectedSequence = received + 1;
  }

  #play(samples, tag) {
    if (tag.epoch !== this.#epoch) return;
    this.#playback.postMessage({ samples, last: tag.last, arrivedMs: tag.arrivedMs }, [samples.buffer]);
  }

  #clear(utterance) {
    this.#epoch++;
    this.#playback?.postMessage({ clear: utterance });
  }

  #sendPacket(payload, microseconds) {
    const limit = this.#codec === 'opus' ? UNSENT_BYTES_MAX : UNSENT_PCM_BYTES_MAX;
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const header = { codec: this.#codec, sequence: this.#sequence++, microseconds };
    if (this.#socket.bufferedAmount > limit) {
      this.#counts.unsent++;
      this.#emit({ counts: this.#counts });
      return;
    }
    this.#socket.send(packPacket(header, payload));
  }
}
