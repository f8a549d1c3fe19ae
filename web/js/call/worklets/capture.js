// Cuts the microphone (48 kHz) into 20 ms frames at the call's rate for the worker, and tells the page their peaks.
// Without a microphone the input is absent and the frames are silence, so a typed call needs no other path.

import { Decimator } from '../resample.js';

const FRAMES_A_SECOND = 50;
const QUANTUM_SAMPLES = 128;
const SILENCE = new Float32Array(QUANTUM_SAMPLES);

class Capture extends AudioWorkletProcessor {
  #decimator;
  #frameSamples;
  #frame;
  #filled = 0;
  #worker = null;

  constructor({ processorOptions: { rate } }) {
    super();
    this.#decimator = new Decimator(rate);
    this.#frameSamples = rate / FRAMES_A_SECOND;
    this.#frame = new Float32Array(this.#frameSamples);
    this.port.onmessage = ({ data }) => {
      this.#worker = data.worker;
    };
  }

  process([input]) {
    this.#decimator.push(input[0] ?? SILENCE, (sample) => {
      this.#frame[this.#filled++] = sample;
      if (this.#filled === this.#frameSamples) this.#send();
    });
    return true;
  }

  #send() {
    const peak = this.#frame.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    this.port.postMessage({ peak });
    this.#worker?.postMessage(this.#frame, [this.#frame.buffer]);
    this.#frame = new Float32Array(this.#frameSamples);
    this.#filled = 0;
  }
}

registerProcessor('capture', Capture);
