// Checks the text while it is written, after a pause, one request at a time, the last text always; and finds the state of a line.

import { errorText } from '../shared/api.js';
import { checkText } from './api.js';

/** The text is checked after this long without typing. */
const PAUSE_MS = 350;

export class FlowCheck {
  #draft;
  #done;
  #failed;
  #timer = null;
  #busy = false;
  #again = false;

  /** `draft` returns `{name, text}` or null, `done` gets it with the result, `failed` gets a sentence. */
  constructor({ draft, done, failed }) {
    this.#draft = draft;
    this.#done = done;
    this.#failed = failed;
  }

  /** Checks the text after the pause. */
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
      this.#failed(errorText(problem, 'The server does not answer, so the text is not checked.'));
    }
  }
}

/**
 * The state in whose lines `line` is, `{name, first, last}`, or null outside all of them. `states` are `{name, line}` in the order of the
 * text. A state ends before the next one, before the next section of the file, and with its last line that is not empty.
 */
export function stateAt(line, states, text) {
  const at = states.findLastIndex((state) => state.line <= line);
  if (at < 0) return null;
  const first = states[at].line;
  const below = text.split('\n').slice(first, states[at + 1] ? states[at + 1].line - 1 : undefined);
  const section = below.findIndex((one) => /^[^\s#]/.test(one));
  const own = section < 0 ? below : below.slice(0, section);
  const last = first + own.findLastIndex((one) => one.trim() !== '') + 1;
  return line <= last ? { name: states[at].name, first, last } : null;
}
