// A conversation in text with the flow that is being edited, held anew from its first word whenever the flow or a line changes.

import { Refusal } from './api.js';
import { byId, element } from './dom.js';
import { tryText } from './flowapi.js';
import { reasonWords } from './words.js';

/** What the server takes. */
const LINES_MAX = 200;
const WORDS = {
  agent: ({ text }) => ['Agent', text],
  caller: ({ text }) => ['Caller', text.trim() === '' ? '(silence)' : text],
  slot: ({ slot, value }) => [null, `${slot} = ${value}`],
  state: ({ state, because }) => [null, `→ ${state} (${because})`],
  tool: ({ request, answer }) => ['Tool', `${request}: ${answer}`],
  end: ({ reason, outcome }) => ['Ended', outcome ? `${outcome}. ${reasonWords(reason)}` : reasonWords(reason)],
  unused: ({ text, why }) => ['Not used', `${text || '(silence)'}: ${why}.`],
};

export class FlowTrial {
  #walked;
  #draft = null;
  #lines = [];
  #busy = false;
  #again = false;
  /** The server did not answer: what is shown is older than the draft. */
  #isStale = false;
  /** The tool that waits, so that what is being typed for it is not written over. */
  #tool = '';

  /** `walked` gets the states that the conversation went through and whether a line of the caller brought it there. */
  constructor(walked) {
    this.#walked = walked;
    byId('trial-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say(byId('trial-line').value);
      byId('trial-line').value = '';
    });
    byId('trial-tool').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say(`/answer ${byId('trial-answer').value}`.trim());
    });
    byId('trial-fail').addEventListener('click', () => this.#say('/fail'));
    byId('trial-timeout').addEventListener('click', () => this.#say('/timeout'));
    byId('restart').addEventListener('click', () => this.restart());
    byId('take-back').addEventListener('click', () => this.#takeBack());
  }

  /** The flow as it is written now, without faults; null when there is none. */
  show(draft) {
    const isSame = draft && this.#draft && draft.name === this.#draft.name && draft.text === this.#draft.text;
    if (isSame && !this.#isStale) return;
    this.#draft = draft;
    if (draft) this.#replay(false);
    else this.#clear();
  }

  restart() {
    this.#lines = [];
    this.#replay(true);
  }

  #clear() {
    this.#lines = [];
    byId('trial-log').replaceChildren();
    this.#note('The conversation begins when the text has no faults.');
    this.#enable({ over: true, tool: null });
  }

  #say(line) {
    if (this.#lines.length >= LINES_MAX) return this.#note(`A conversation has at most ${LINES_MAX} lines. Restart it.`);
    this.#lines.push(line);
    return this.#replay(true);
  }

  #takeBack() {
    this.#lines.pop();
    this.#replay(true);
  }

  /** One request at a time; what changed meanwhile is asked afterwards. */
  async #replay(moved) {
    if (this.#busy) return void (this.#again = true);
    this.#busy = true;
    do {
      this.#again = false;
      await this.#ask(moved);
    } while (this.#again);
    this.#busy = false;
  }

  async #ask(moved) {
    const draft = this.#draft;
    if (!draft) return;
    try {
      const trial = await tryText(draft.name, draft.text, this.#lines);
      this.#isStale = false;
      if (draft === this.#draft) this.#draw(trial, moved);
    } catch (problem) {
      this.#isStale = true;
      this.#note(problem instanceof Refusal ? problem.message : 'The server does not answer. The conversation goes on when it does.');
    }
  }

  #draw(trial, moved) {
    const log = byId('trial-log');
    log.replaceChildren(...trial.entries.map(entry));
    log.scrollTop = log.scrollHeight;
    this.#enable(trial);
    this.#note(stateText(trial));
    this.#walked(steps(trial), moved);
  }

  #enable({ over, tool }) {
    const focused = document.activeElement;
    byId('trial-tool').hidden = !tool;
    byId('trial-form').hidden = Boolean(tool);
    for (const field of byId('trial-form').elements) field.disabled = over;
    byId('restart').disabled = !this.#draft;
    byId('take-back').disabled = this.#lines.length === 0;
    if (tool) offer(tool, this.#tool);
    this.#tool = tool ? tool.state : '';
    // What is hidden or switched off under the keyboard hands it on.
    if (focused?.closest?.('.trial') && (focused.disabled || focused.closest('[hidden]'))) {
      byId(tool ? 'trial-answer' : over ? 'restart' : 'trial-line').focus();
    }
  }

  #note(text) {
    byId('trial-state').textContent = text;
  }
}

function entry(one) {
  const [who, text] = WORDS[one.kind]?.(one) ?? [one.kind, ''];
  return element('li', { class: `trial-${one.kind}` }, who ? element('b', {}, `${who} `) : null, element('span', {}, text));
}

function stateText({ over, cut, tool, state, flow }) {
  if (cut) return 'The conversation is too long; restart it.';
  if (over) return 'The call is over.';
  if (tool) return `In ${state}: ${tool.method} ${tool.url} would be asked now.`;
  return `In ${state} of ${flow}, waiting for the caller.`;
}

/** The states of this flow that were entered; once the call went on in another flow, the box of that one. */
function steps({ entries }) {
  const entered = [];
  for (const { kind, state, from, because } of entries) {
    if (kind !== 'state') continue;
    const other = /^transfer to (.+)$/.exec(because)?.[1];
    if (other) return [...entered, { name: `flow:${other}`, from, because }];
    entered.push({ name: state, from, because });
  }
  return entered;
}

/** What the tool answers, to be filled in: the values that the flow wants from it. */
function offer({ state, method, url, wanted }, before) {
  byId('trial-tool-words').textContent = `${method} ${url} answers`;
  if (state === before) return;
  byId('trial-answer').value = wanted.length > 0 ? JSON.stringify(exampleOf(wanted)) : '';
}

/** `['order.items.0.name']` → `{order: {items: [{name: ''}]}}`. */
export function exampleOf(paths) {
  const root = {};
  for (const path of paths) {
    const names = path.split('.');
    if (names.includes('__proto__')) continue; // Would lead to what all objects share.
    let place = root;
    names.forEach((name, index) => {
      const next = names[index + 1];
      if (next === undefined) place[name] ??= '';
      else place = place[name] ??= /^\d+$/.test(next) ? [] : {};
    });
  }
  return root;
}
