// Holds arriving agent audio back just long enough that it plays without gaps. Pure: knows no clock but its own samples.

const RATE = 48000;
const ms = (milliseconds) => (milliseconds * RATE) / 1000;

/** Level at which playing starts; 60 ms covered the jitter measured with a blocked main thread. */
const TARGET_MIN = ms(60);
const TARGET_MAX = ms(200);
/** An underrun raises the target by this, a good second lowers it by the next. */
const TARGET_UP = ms(20);
const TARGET_DOWN = ms(5);
/** Playing starts this long after the target time even when the level was not reached. */
const START_GRACE = ms(40);
/** `clear` is silent after this; short enough to feel immediate, long enough not to click. */
const CLEAR_FADE = ms(15);
const UNDERRUN_FADE = ms(5);
const CROSS_FADE = ms(5);
/** A second whose lowest level was this far above the target loses up to `TRIM_MAX`. */
const TRIM_MARGIN = ms(30);
const TRIM_MAX = ms(20);
/** This far above the target the buffer is cut to the target: the page slept. */
const CUT_MARGIN = ms(250);
/** 1.3 s. A full ring refuses new audio; the cut keeps it from filling while it plays. */
const RING = 65536;

export class JitterBuffer {
  /** idle: nothing to play · fill: collecting · play · fade: cleared, fading out. */
  state = 'idle';
  underruns = 0;
  #ring = new Float32Array(RING);
  /** Samples ever read and written; positions in the ring are these modulo its size. */
  #read = 0;
  #written = 0;
  /** Positions after the last sample of each finished utterance still in the ring. */
  #ends = [];
  #target = TARGET_MIN;
  #waited = 0;
  #utteranceStart = 0;
  #utterancePending = true;
  #clearTo = 0;
  #fadeLeft = 0;
  #secondLeft = RATE;
  #secondLowest = Infinity;
  #secondGood = true;

  /** How much of the current (or the last) utterance has left the buffer, in milliseconds. */
  get playedMs() {
    return ((this.#read - this.#utteranceStart) * 1000) / RATE;
  }

  get level() {
    return this.#written - this.#read;
  }

  /** Adds one decoded frame; `last` when it ends its utterance. */
  push(samples, last) {
    if (this.level + samples.length > RING) return;
    for (const sample of samples) this.#ring[this.#written++ % RING] = sample;
    if (last) this.#ends.push(this.#written);
    if (this.state === 'idle') this.#collect();
    if (this.state !== 'fade' && this.level > this.#target + CUT_MARGIN) this.#skip(this.level - this.#target);
  }

  /** Fades out and forgets everything pushed so far. */
  clear() {
    this.#clearTo = this.#written;
    this.#fadeLeft = this.state === 'play' ? Math.min(CLEAR_FADE, this.level) : 0;
    this.state = 'fade';
  }

  /** Fills `output`; true when a new utterance began to sound in it. */
  read(output) {
    output.fill(0);
    if (this.state === 'fade') this.#readFading(output);
    if (this.state === 'fill') this.#waited += output.length;
    const begins = this.state === 'fill' && this.#mayStart() && this.#start();
    if (this.state === 'play') this.#readPlaying(output);
    return begins;
  }

  #collect() {
    this.state = this.level > 0 ? 'fill' : 'idle';
    this.#waited = 0;
  }

  #mayStart() {
    return this.level >= this.#target || this.#ends.length > 0 || this.#waited >= this.#target + START_GRACE;
  }

  #start() {
    const begins = this.#utterancePending;
    if (begins) this.#utteranceStart = this.#read;
    this.#utterancePending = false;
    this.state = 'play';
    return begins;
  }

  #readPlaying(output) {
    const end = this.#ends[0] ?? Infinity;
    const available = Math.min(this.#written, end) - this.#read;
    if (end === Infinity && available < output.length + UNDERRUN_FADE) return this.#runDry(output, available);
    this.#copy(output, Math.min(available, output.length));
    if (this.#read === end) return this.#finishUtterance();
    this.#watchLevel(output.length);
  }

  #copy(output, count) {
    for (let index = 0; index < count; index++) output[index] = this.#ring[this.#read++ % RING];
  }

  #finishUtterance() {
    this.#ends.shift();
    this.#utterancePending = true;
    this.#collect();
  }

  /** Plays what is left of a late stream under a fade, then collects more than before. */
  #runDry(output, available) {
    const count = Math.min(available, output.length);
    this.#copy(output, count);
    for (let index = 0; index < count; index++) output[index] *= 1 - (index + 1) / count;
    this.underruns++;
    this.#secondGood = false;
    this.#target = Math.min(TARGET_MAX, this.#target + TARGET_UP);
    this.state = 'fill';
    this.#waited = 0;
  }

  #readFading(output) {
    const count = Math.min(this.#fadeLeft, output.length);
    this.#copy(output, count);
    for (let index = 0; index < count; index++) output[index] *= this.#fadeLeft-- / CLEAR_FADE;
    if (this.#fadeLeft === 0) this.#forget();
  }

  #forget() {
    this.#utteranceStart += this.#clearTo - this.#read; // Keeps playedMs at what was played.
    this.#read = this.#clearTo;
    this.#ends = this.#ends.filter((end) => end > this.#clearTo);
    this.#utterancePending = true;
    this.#collect();
  }

  /** Once a second: a smaller target after a good one, a little less audio after a full one. */
  #watchLevel(count) {
    this.#secondLowest = Math.min(this.#secondLowest, this.level);
    this.#secondLeft -= count;
    if (this.#secondLeft > 0) return;
    if (this.#secondGood) this.#target = Math.max(TARGET_MIN, this.#target - TARGET_DOWN);
    const excess = this.#secondLowest - this.#target;
    if (excess > TRIM_MARGIN) this.#skip(Math.min(TRIM_MAX, excess));
    this.#secondLeft = RATE;
    this.#secondLowest = Infinity;
    this.#secondGood = true;
  }

  /** Drops `count` samples, blending across the cut; never past the end of an utterance. */
  #skip(count) {
    if (this.#ends.length > 0) return;
    for (let index = 0; index < Math.min(CROSS_FADE, this.level - count); index++) {
      const gain = index / CROSS_FADE;
      const after = (this.#read + count + index) % RING;
      this.#ring[after] = this.#ring[(this.#read + index) % RING] * (1 - gain) + this.#ring[after] * gain;
    }
    this.#read += count;
  }
}
