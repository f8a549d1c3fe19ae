// The flow that is being edited: what of it is saved, and as which version. Asks the server; shows nothing.

import { addFlow, deleteFlow, readFlow, readText, rollBack, saveText } from './flowapi.js';

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
const TEXTLESS = [409, 503];

export class FlowStore {
  /** `null` for one that is not on the server yet. */
  name = null;
  /** The version that the text was read from or saved as; `null` for a new flow and where flows are fixed. */
  version = null;
  /** What the server has, or what a new flow began with: nothing of it can be lost. */
  saved = '';
  /** It can be looked at, and that is all. */
  isFixed = false;

  get isNew() {
    return this.name === null;
  }

  /** Begins a flow that nobody has saved; what is no longer `kept` elsewhere can be lost. */
  begin(kept = '') {
    Object.assign(this, { name: null, version: null, saved: kept, isFixed: false });
  }

  /** Reads the flow `name`. Where its text cannot be had, as of a fixed flow, there is its `graph`, and `why` says the reason. */
  async open(name) {
    try {
      const { text, version } = await readText(name);
      Object.assign(this, { name, version, saved: text, isFixed: false });
      return { text, graph: null, why: '' };
    } catch (problem) {
      if (!TEXTLESS.includes(problem.status)) throw problem;
      const graph = await readFlow(name);
      Object.assign(this, { name, version: null, saved: '', isFixed: true });
      return { text: '', graph, why: problem.message };
    }
  }

  /** Saves `text`, as a new flow called `name` where it is one. */
  async save(text, name) {
    const kept = this.isNew ? await addFlow(name, text) : await saveText(this.name, text, this.version);
    Object.assign(this, { name: kept.name, version: kept.version, saved: text });
  }

  /** Goes on from `version`, which somebody else has saved; what is written here comes after it. */
  goOnFrom({ text, version }) {
    Object.assign(this, { version, saved: text });
  }

  async rollBack(old) {
    await rollBack(this.name, old, this.version);
  }

  async remove() {
    await deleteFlow(this.name, this.version);
  }
}
