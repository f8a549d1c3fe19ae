// Polls one load test for its new seconds until it is over.

import { fetchLoad, RequestError } from '../shared/api.js';
import { isOver } from './summary.js';

/** The server adds one row each second. */
const POLL_MS = 1000;
/** How often an unreachable server is tried again. */
const UNREACHABLE_POLL_MS = 2000;

export class LoadRunPoller {
  #listener;
  #id = null;

  /**
   * `listener` gets `changed(run, seconds)` after every poll, `gone()` each time that the server does not answer,
   * `lost(detail)` when the server no longer knows the run; it is the last.
   */
  constructor(listener) {
    this.#listener = listener;
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
      let pause = POLL_MS;
      try {
        const run = await fetchLoad(id, since);
        if (this.#id !== id) return;
        seconds.push(...run.seconds);
        since = run.next;
        // A long run comes in several responses.
        const whole = since >= run.secondsCount;
        if (whole) this.#listener.changed(run, seconds);
        if (whole && isOver(run)) return;
        if (!whole) pause = 0;
      } catch (problem) {
        if (this.#id !== id) return;
        if (problem instanceof RequestError) return void this.#listener.lost(problem.message);
        this.#listener.gone();
        pause = UNREACHABLE_POLL_MS;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
