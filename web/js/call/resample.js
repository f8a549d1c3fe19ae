// Changes between the 48 kHz of the audio hardware and the 16 or 24 kHz of the call, for worklet and worker.

/** Samples a second of the audio hardware. */
const HARDWARE_RATE = 48000;
/** At 16 kHz, 63 taps pass speech to 6.8 kHz and are 60 dB down from 9.2 kHz; 0.65 ms delay. */
const TAPS = 63;

/** Windowed sinc (Blackman), gain 1, that cuts at half of `rate`. */
function lowpass(rate) {
  const cutoff = rate / 2 / HARDWARE_RATE;
  const middle = (TAPS - 1) / 2;
  const taps = Float32Array.from({ length: TAPS }, (_, index) => {
    const distance = index - middle;
    const sinc = distance === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * distance) / (Math.PI * distance);
    const phase = (2 * Math.PI * index) / (TAPS - 1);
    return sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

/** 48 kHz in, `rate` out, a whole part of it, in pieces of any length; keeps what the next piece needs. */
export class Decimator {
  #ratio;
  #taps;
  #recent = new Float32Array(TAPS);
  #newest = 0;
  #phase = 0;

  constructor(rate) {
    this.#ratio = HARDWARE_RATE / rate;
    this.#taps = lowpass(rate);
  }

  /** Calls `emit` with each sample that `samples` completes. */
  push(samples, emit) {
    for (const sample of samples) {
      this.#newest = (this.#newest + 1) % TAPS;
      this.#recent[this.#newest] = sample;
      this.#phase = (this.#phase + 1) % this.#ratio;
      if (this.#phase === 0) emit(this.#filtered());
    }
  }

  #filtered() {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      sum += this.#taps[tap] * this.#recent[(this.#newest + TAPS - tap) % TAPS];
    }
    return sum;
  }
}

/** `rate` in, a whole part of 48 kHz, which comes out, frame by frame; keeps what the next frame needs. */
export class Interpolator {
  #ratio;
  #taps;
  #recent;

  constructor(rate) {
    this.#ratio = HARDWARE_RATE / rate;
    this.#taps = lowpass(rate);
    this.#recent = new Float32Array(Math.ceil(TAPS / this.#ratio));
  }

  push(samples) {
    const output = new Float32Array(samples.length * this.#ratio);
    samples.forEach((sample, index) => {
      this.#recent.copyWithin(1, 0);
      this.#recent[0] = sample;
      for (let phase = 0; phase < this.#ratio; phase++) output[index * this.#ratio + phase] = this.#filtered(phase);
    });
    return output;
  }

  #filtered(phase) {
    let sum = 0;
    for (let index = 0; index < this.#recent.length; index++) {
      sum += (this.#taps[index * this.#ratio + phase] ?? 0) * this.#recent[index];
    }
    return sum * this.#ratio;
  }
}
