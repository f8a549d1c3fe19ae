// The flow that is being edited: what of it is saved, and as which version. Asks the server; shows nothing.

import { addFlow, deleteFlow, readFlow, readText, rollBack, saveText } from './api.js';

/** What a new flow begins with. */
export const FIRST_TEXT = `title: A new flow
description: What it is for.

states:
  welcome:
    listen: Hello. What can I do for you?
    intents:
      nothing: {hear: [nothing, goodbye, bye], next: bye}
    no-match: "Sorry? {prompt}"

  bye:
    end: done
    say: Goodbye.
`;

/** Statuses of flows that are fixed, and of flows whose texts are where the server cannot read them now. */
const TEXTLESS = new Set([409, 503]);

export class EditedFlow {
  /** `null` for one that is not on the server yet. */
  name = null;
  /** The version that the text was read from or saved as; `null` for a new flow and where flows are fixed. */
  version = null;
  /** What the server has, or what a new flow began with: nothing of it can be lost. */
  saved = '';
  /** It is read-only. */
  isFixed = false;

  get isNew() {
    return this.name === null;
  }

  /** Begins a flow that nobody has saved; what is no longer `kept` elsewhere can be lost. */
  begin(kept = '') {
    Object.assign(this, { name: null, version: null, saved: kept, isFixed: false });
  }

  /** Reads the flow `name`. Where its text cannot be read, as of a fixed flow, `fixed` is the flow as states and transitions, and `why` the reason. */
  async open(name) {
    try {
      const { text, version } = await readText(name);
      Object.assign(this, { name, version, saved: text, isFixed: false });
      return { text, fixed: null, why: '' };
    } catch (problem) {
      if (!TEXTLESS.has(problem.status)) throw problem;
      const fixed = await readFlow(name);
      Object.assign(this, { name, version: null, saved: '', isFixed: true });
      return { text: '', fixed, why: problem.message };
    }
  }

  /** Saves `text`, as a new flow called `name` where it is one. */
  async save(text, name) {
    const kept = this.isNew ? await addFlow(name, text) : await saveText(this.name, text, this.version);
    Object.assign(this, { name: kept.name, version: kept.version, saved: text });
  }

  /** Continues from `version`, which somebody else has saved; the text here will be saved after it. */
  rebase({ text, version }) {
    Object.assign(this, { version, saved: text });
  }

  async rollBack(old) {
    await rollBack(this.name, old, this.version);
  }

  async remove() {
    await deleteFlow(this.name, this.version);
  }
}
