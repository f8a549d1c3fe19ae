// One call as the page sees it: opens audio and worker, passes messages both ways, and ends exactly once.

import { callAddress } from '../shared/api.js';
import { openAudio } from './audio.js';
import { CALL_RATE } from './codec.js';
import { release } from './microphone.js';
import { dtmfMessage, hangupMessage, textMessage } from './protocol.js';
import { REALTIME_RATE } from './realtime-wire.js';

/** The server confirms a hang-up with `ended`; a server that does not is left after this. */
const HANGUP_LIMIT_MS = 3000;
/** A connection that is not a call after this is given up: the server waits 5 s for `start` itself. */
const READY_LIMIT_MS = 10000;
/** What is still in the jitter buffer when the server ends the call may sound. */
const TAIL_MS = 500;
/** Samples a second of the caller's voice, by wire. */
const RATES = { voiceforge: CALL_RATE, realtime: REALTIME_RATE };

export class CallSession {
  #worker = new Worker(new URL('./call-worker.js', import.meta.url), { type: 'module' });
  #listener;
  #stream;
  #audio = null;
  #over = false;
  #ready = false;
  #ended = null;
  #limit;

  /**
   * `listener` gets `{message}`, `{side, peak}`, `{delayMs}`, `{counts}`, `{problem}` and, last, `{over}`
   * with `{record}` of the server or `{code}` of messages.js. `stream` is the microphone or null.
   */
  constructor(stream, listener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Connects over `wire`: `voiceforge` or `realtime`. `withAudio` is false where the browser carries no sound. */
  async open({ wire, flow, voice, withAudio }) {
    if (withAudio) this.#audio = await openAudio(this.#stream, RATES[wire], (event) => this.#emit(event));
    if (this.#over) return this.#audio?.close();
    if (this.#audio && !this.#audio.running) this.#emit({ problem: { code: 'no-audio-output' } });
    this.#watchMicrophone();
    const address = await callAddress(wire, flow);
    if (this.#over) return;
    this.#worker.onmessage = ({ data }) => this.#fromWorker(data);
    this.#limit = setTimeout(() => this.#finish({ code: 'server-unreachable' }), READY_LIMIT_MS);
    const { capturePort, playbackPort } = this.#audio ?? {};
    const ports = [capturePort, playbackPort].filter(Boolean);
    this.#worker.postMessage({ open: { wire, ...address, flow, voice, capturePort, playbackPort } }, ports);
  }

  press(digit) {
    this.#send(dtmfMessage(digit));
  }

  type(text) {
    this.#send(textMessage(text));
  }

  /** A muted caller sends silence, so that the server does not see a lost connection. */
  mute(muted) {
    this.#stream?.getAudioTracks().forEach((track) => {
      track.enabled = !muted;
    });
  }

  hangUp() {
    if (!this.#ready) return this.#finish({ cancelled: true });
    this.#send(hangupMessage());
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#finish({ cancelled: true }), HANGUP_LIMIT_MS);
  }

  #send(message) {
    this.#worker.postMessage({ send: message });
  }

  #emit(event) {
    if (!this.#over) this.#listener(event);
  }

  #watchMicrophone() {
    this.#stream?.getAudioTracks().forEach((track) => {
      track.onended = () => this.#emit({ problem: { code: 'microphone-lost' } });
    });
  }

  #fromWorker(event) {
    if (event.closed) return this.#closed(event.closed);
    const type = event.message?.type;
    if (type === 'ready') this.#begin();
    this.#emit(event);
    if (type === 'ended') this.#end(event.message);
  }

  #begin() {
    this.#ready = true;
    clearTimeout(this.#limit);
  }

  #end(message) {
    this.#ended = message;
    this.#worker.postMessage({ close: true });
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#finish({ ended: message }), TAIL_MS);
  }

  #closed({ reason, opened }) {
    if (this.#ended) return;
    if (this.#ready) this.#finish({ code: 'server-gone' });
    else this.#finish({ code: opened ? 'call-refused' : 'not-connected', detail: reason });
  }

  #finish(over) {
    if (this.#over) return;
    this.#listener({ over });
    this.#over = true;
    clearTimeout(this.#limit);
    this.#worker.terminate();
    this.#audio?.close();
    release(this.#stream);
  }
}
