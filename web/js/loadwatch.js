// Follows one load test: asks for the seconds that are new, until it is over.

import { fetchLoad, Refusal } from './api.js';
import { isOver } from './loadwords.js';

/** There is something new each second. */
const LOOK_MS = 1000;
/** A server that does not answer is asked again this often. */
const GONE_MS = 2000;

export class LoadWatch {
  #says;
  #id = null;

  /**
   * `says` is told what happens: `changed(run, seconds)` after every look, `gone()` when the server does not answer, each time,
   * `lost(detail)` when it knows nothing of the run any more; nothing is told then.
   */
  constructor(says) {
    this.#says = says;
  }

  /** Id of the run that is followed; null for none. */
  get id() {
    return this.#id;
  }

  /** Follows the run `id` from its first second, instead of the one before. */
  async follow(id) {
    this.#id = id;
    const seconds = [];
    let since = 0;
    while (this.#id === id) {
      let pause = LOOK_MS;
      try {
        const run = await fetchLoad(id, since);
        if (this.#id !== id) return;
        seconds.push(...run.seconds);
        since = run.next;
        // A long run comes in several answers.
        const whole = since >= run.secondsCount;
        if (whole) this.#says.changed(run, seconds);
        if (whole && isOver(run)) return;
        if (!whole) pause = 0;
      } catch (problem) {
        if (this.#id !== id) return;
        if (problem instanceof Refusal) return void this.#says.lost(problem.message);
        this.#says.gone();
        pause = GONE_MS;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
