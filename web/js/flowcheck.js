// Has the text checked while it is written: after a pause, one request at a time, and always the last text in the end.

import { Refusal } from './api.js';
import { checkText } from './flowapi.js';

/** So long nobody types. */
const PAUSE_MS = 350;

export class FlowCheck {
  #draft;
  #done;
  #failed;
  #timer = null;
  #busy = false;
  #again = false;

  /** `draft` tells `{name, text}` or null, `done` gets it with the answer, `failed` gets a sentence. */
  constructor({ draft, done, failed }) {
    this.#draft = draft;
    this.#done = done;
    this.#failed = failed;
  }

  /** The text was changed: it is checked soon. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  async now() {
    clearTimeout(this.#timer);
    if (this.#busy) return void (this.#again = true);
    this.#busy = true;
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again);
    this.#busy = false;
  }

  async #ask() {
    const draft = this.#draft();
    if (!draft) return;
    try {
      const answer = await checkText(draft.name, draft.text);
      const now = this.#draft();
      if (now?.text === draft.text && now.name === draft.name) this.#done(draft, answer);
    } catch (problem) {
      this.#failed(problem instanceof Refusal ? problem.message : 'The server does not answer, so the text is not checked.');
    }
  }
}
