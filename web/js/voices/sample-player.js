// Plays the sample of one voice at a time; the server makes it when it is asked for first.

import { fetchSample } from '../shared/api.js';

export class SamplePlayer {
  #audio = new Audio();
  #changed;
  #failed;
  #wanted = null;
  #address = null;

  /** `changed` gets `{id, phase}` or null, `failed` an id and a sentence. */
  constructor({ changed, failed }) {
    this.#changed = changed;
    this.#failed = failed;
    this.#audio.addEventListener('ended', () => this.#stop());
  }

  /** `{id, phase}` of the sample that is played or loaded; null for none. */
  playing = null;

  /** Plays the sample of `id`, or stops it when it plays. */
  async toggle(id) {
    const wasPlaying = this.playing?.id === id;
    this.#stop();
    if (wasPlaying) return;
    const wanted = (this.#wanted = {});
    this.#show({ id, phase: 'loading' });
    try {
      const sample = await fetchSample(id);
      if (wanted !== this.#wanted) return; // Another was asked for meanwhile.
      this.#address = URL.createObjectURL(sample);
      this.#audio.src = this.#address;
      await this.#audio.play();
      if (wanted === this.#wanted) this.#show({ id, phase: 'playing' });
    } catch (problem) {
      if (wanted !== this.#wanted) return;
      this.#stop();
      this.#failed(id, problem.message);
    }
  }

  #stop() {
    this.#wanted = null;
    this.#audio.pause();
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
    this.#show(null);
  }

  #show(state) {
    this.playing = state;
    this.#changed(state);
  }
}
