// Plays decoded agent audio through the jitter buffer; tells the worker what was heard and the page what sounds.

import { JitterBuffer } from './jitter-buffer.js';

/** The page draws one column per 20 ms. */
const COLUMN_SAMPLES = 960;

class Playback extends AudioWorkletProcessor {
  #buffer = new JitterBuffer();
  #worker = null;
  /** When the first packet of the utterance now collected arrived; null between utterances. */
  #arrivedMs = null;
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
      this.#arrivedMs ??= arrivedMs;
      this.#buffer.push(samples, last);
    } else {
      this.#worker.postMessage({ utterance: clear, playedMs: this.#buffer.playedMs });
      this.#buffer.clear();
      this.#arrivedMs = null;
    }
  }

  /** The page turns the context's time into the time at the ear. */
  #reportStart() {
    this.port.postMessage({ arrivedMs: this.#arrivedMs, contextTime: currentTime });
    this.#arrivedMs = null;
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
