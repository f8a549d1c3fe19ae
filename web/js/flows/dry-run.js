// A dry run of the edited flow: a conversation in text, replayed from its start whenever the flow or an input changes.

import { errorText } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { reasonText } from '../shared/messages.js';
import { dryRun } from './api.js';

/** The server's limit. */
const INPUTS_MAX = 200;
const ENTRY_TEXTS = {
  agent: ({ text }) => ['Agent', text],
  caller: ({ text }) => ['Caller', text.trim() === '' ? '(silence)' : text],
  slot: ({ slot, value }) => [null, `${slot} = ${value}`],
  state: ({ state, because }) => [null, `→ ${state} (${because})`],
  tool: ({ request, answer }) => ['Tool', `${request}: ${answer}`],
  end: ({ reason, outcome }) => ['Ended', outcome ? `${outcome}. ${reasonText(reason)}` : reasonText(reason)],
  unused: ({ text, why }) => ['Not used', `${text || '(silence)'}: ${why}.`],
};

export class DryRun {
  #onSteps;
  #draft = null;
  #inputs = [];
  #busy = false;
  #again = false;
  /** The server did not answer: the conversation shown is older than the flow. */
  #isStale = false;
  /** The waiting tool, so that an answer being typed is not overwritten. */
  #tool = '';

  /** `onSteps` gets the states that the conversation went through and whether an input of the caller caused it. */
  constructor(onSteps) {
    this.#onSteps = onSteps;
    byId('dry-run-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#addInput(byId('dry-run-input').value);
      byId('dry-run-input').value = '';
    });
    byId('dry-run-tool').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#addInput(`/answer ${byId('dry-run-answer').value}`.trim());
    });
    byId('dry-run-fail').addEventListener('click', () => this.#addInput('/fail'));
    byId('dry-run-timeout').addEventListener('click', () => this.#addInput('/timeout'));
    byId('restart').addEventListener('click', () => this.restart());
    byId('undo').addEventListener('click', () => this.#undo());
  }

  /** Runs `draft`, the edited flow without faults; null when there is none. */
  show(draft) {
    const isSame = draft && this.#draft && draft.name === this.#draft.name && draft.text === this.#draft.text;
    if (isSame && !this.#isStale) return;
    this.#draft = draft;
    if (draft) this.#replay(false);
    else this.#clear();
  }

  restart() {
    this.#inputs = [];
    this.#replay(true);
  }

  #clear() {
    this.#inputs = [];
    byId('dry-run-log').replaceChildren();
    this.#showState('The conversation begins when the text has no faults.');
    this.#enable({ over: true, tool: null });
  }

  #addInput(input) {
    if (this.#inputs.length >= INPUTS_MAX) return this.#showState(`A conversation has at most ${INPUTS_MAX} inputs. Restart it.`);
    this.#inputs.push(input);
    return this.#replay(true);
  }

  #undo() {
    this.#inputs.pop();
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
      const result = await dryRun(draft.name, draft.text, this.#inputs);
      this.#isStale = false;
      if (draft === this.#draft) this.#draw(result, moved);
    } catch (problem) {
      this.#isStale = true;
      this.#showState(errorText(problem, 'The server does not answer. The conversation continues when it does.'));
    }
  }

  #draw(result, moved) {
    const log = byId('dry-run-log');
    log.replaceChildren(...result.entries.map(entryItem));
    log.scrollTop = log.scrollHeight;
    this.#enable(result);
    this.#showState(stateText(result));
    this.#onSteps(stepsOf(result), moved);
  }

  #enable({ over, tool }) {
    const focused = document.activeElement;
    byId('dry-run-tool').hidden = !tool;
    byId('dry-run-form').hidden = Boolean(tool);
    for (const field of byId('dry-run-form').elements) field.disabled = over;
    byId('restart').disabled = !this.#draft;
    byId('undo').disabled = this.#inputs.length === 0;
    if (tool) prefillTool(tool, this.#tool);
    this.#tool = tool ? tool.state : '';
    // When the focused field is hidden or disabled, the focus moves on.
    if (focused?.closest?.('.dry-run') && (focused.disabled || focused.closest('[hidden]'))) {
      byId(tool ? 'dry-run-answer' : over ? 'restart' : 'dry-run-input').focus();
    }
  }

  #showState(text) {
    byId('dry-run-state').textContent = text;
  }
}

function entryItem(one) {
  const [who, text] = ENTRY_TEXTS[one.kind]?.(one) ?? [one.kind, ''];
  return element('li', { class: `dry-run-${one.kind}` }, who ? element('b', {}, `${who} `) : null, element('span', {}, text));
}

function stateText({ over, cut, tool, state, flow }) {
  if (cut) return 'The conversation is too long; restart it.';
  if (over) return 'The call is over.';
  if (tool) return `In ${state}: ${tool.method} ${tool.url} would be requested now.`;
  return `In ${state} of ${flow}, waiting for the caller.`;
}

/** The states of this flow that were entered; after a transfer to another flow, the box of that flow. */
function stepsOf({ entries }) {
  const entered = [];
  for (const { kind, state, from, because, transferredTo } of entries) {
    if (kind !== 'state') continue;
    if (transferredTo) return [...entered, { name: `flow:${transferredTo}`, from, because }];
    entered.push({ name: state, from, because });
  }
  return entered;
}

/** Prefills the tool's answer with the values that the flow reads from it. */
function prefillTool({ state, method, url, wanted }, before) {
  byId('dry-run-tool-label').textContent = `${method} ${url} answers`;
  if (state === before) return;
  byId('dry-run-answer').value = wanted.length > 0 ? JSON.stringify(exampleOf(wanted)) : '';
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
