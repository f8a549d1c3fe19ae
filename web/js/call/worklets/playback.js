// Plays decoded agent audio through the jitter buffer; reports what was played to the worker and the level to the page.

import { JitterBuffer } from './jitter-buffer.js';

/** The page draws one column per 20 ms. */
const COLUMN_SAMPLES = 960;

class Playback extends AudioWorkletProcessor {
  #buffer = new JitterBuffer();
  #worker = null;
  /** Whether the next packet begins an utterance, and when the one that last did arrived. */
  #expectsFirst = true;
  #arrivedMs = 0;
  #peak = 0;
  #columnLeft = COLUMN_SAMPLES;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      this.#worker = data.worker;
      this.#worker.onmessage = ({ data: order }) => this.#obey(order);
    };
  }

  process(_, [output]) {
    const begins = this.#buffer.read(output[0]);
    if (begins) this.#reportStart();
    this.#measure(output[0]);
    return true;
  }

  #obey({ samples, last, arrivedMs, clear }) {
    if (samples) {
      if (this.#expectsFirst) this.#arrivedMs = arrivedMs;
      this.#expectsFirst = last;
      this.#buffer.push(samples, last);
    } else {
      this.#worker.postMessage({ utterance: clear, playedMs: this.#buffer.playedMs });
      this.#buffer.clear();
      this.#expectsFirst = true;
    }
  }

  /** The page converts the context's time into the time at the loudspeaker. */
  #reportStart() {
    this.port.postMessage({ arrivedMs: this.#arrivedMs, contextTime: currentTime });
  }

  #measure(samples) {
    for (const sample of samples) this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#columnLeft -= samples.length;
    if (this.#columnLeft > 0) return;
    this.port.postMessage({ peak: this.#peak, underruns: this.#buffer.underruns });
    this.#columnLeft += COLUMN_SAMPLES;
    this.#peak = 0;
  }
}

registerProcessor('playback', Playback);
