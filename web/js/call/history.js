// Recent calls: a list that opens into recording, transcript and latencies, one call at a time.

import { fetchCall, fetchCalls } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { capitalized, clockText, millisecondsText, momentText, wireText } from '../shared/format.js';
import { endedWell, reasonText } from '../shared/messages.js';
import { recordingView } from './recording.js';
import { drawTurnLatency } from './turn-latency.js';

const PAGE_LENGTH = 10;
/** The record of a call that just ended may be stored a moment after its last message. */
const APPEAR_TRIES = 5;
const APPEAR_PAUSE_MS = 400;

export class CallHistory {
  #list = element('ol', { class: 'calls' });
  #empty = element('p', { class: 'empty' });
  #more = element('button', { type: 'button', class: 'secondary', click: () => this.#loadOlder() }, 'Older calls');
  #cursor = null;

  constructor(root) {
    this.#more.hidden = true;
    root.append(this.#empty, this.#list, this.#more);
  }

  /** Reads the newest calls from the start: the server may be another one than before. */
  async load() {
    const page = await this.#read(null);
    if (!page) return;
    this.#list.replaceChildren(...page.calls.map((call) => this.#row(call)));
    this.#showMore(page);
  }

  /**
   * Puts the calls that ended since on top, and waits a little for the one that just ended, if it `isComing`: for that with `id`, or for any
   * where the wire does not tell it. An open one stays open.
   */
  async addNew({ id, isComing }) {
    for (let attempt = 0; attempt < APPEAR_TRIES; attempt++) {
      const page = await this.#read(null);
      const unlisted = this.#unlisted(page);
      this.#list.prepend(...unlisted);
      if (!page || !isComing || (id ? page.calls.some((call) => call.id === id) : unlisted.length > 0)) return;
      await new Promise((resolve) => setTimeout(resolve, APPEAR_PAUSE_MS));
    }
  }

  async #loadOlder() {
    const page = await this.#read(this.#cursor);
    if (!page) return;
    const rows = this.#unlisted(page);
    this.#list.append(...rows);
    this.#showMore(page);
    rows[0]?.querySelector('button').focus();
  }

  #unlisted(page) {
    const listed = new Set([...this.#list.children].map((item) => item.dataset.callId));
    return page?.calls.filter((call) => !listed.has(call.id)).map((call) => this.#row(call)) ?? [];
  }

  #showMore(page) {
    this.#cursor = page.nextCursor ?? null;
    this.#more.hidden = this.#cursor === null;
  }

  async #read(cursor) {
    try {
      const page = await fetchCalls({ limit: PAGE_LENGTH, cursor });
      this.#showEmpty(page.calls.length > 0 ? '' : 'No calls yet. Yours will be listed here with recording, transcript and latencies.');
      return page;
    } catch (problem) {
      this.#showEmpty(`The recent calls could not be read. ${problem.message}`);
      return null;
    }
  }

  #showEmpty(text) {
    this.#empty.textContent = text;
    this.#empty.hidden = text === '';
  }

  #row(call) {
    const button = element('button', { type: 'button', class: 'call-row', 'aria-expanded': 'false' }, ...columns(call));
    const item = element('li', { 'data-call-id': call.id, 'data-reason': call.reason }, button);
    button.addEventListener('click', () => this.#toggle(item, button));
    return item;
  }

  async #toggle(item, button) {
    const opening = button.getAttribute('aria-expanded') === 'false';
    this.#closeAll();
    if (!opening) return;
    button.setAttribute('aria-expanded', 'true');
    const detail = element('div', { class: 'call-detail' }, element('p', { class: 'empty' }, 'Loading the call…'));
    item.append(detail);
    try {
      detail.replaceChildren(...callDetail(await fetchCall(item.dataset.callId)));
    } catch (problem) {
      detail.replaceChildren(element('p', { class: 'empty' }, `The call could not be read. ${problem.message}`));
    }
  }

  #closeAll() {
    for (const button of this.#list.querySelectorAll('[aria-expanded="true"]')) {
      const audio = button.parentElement.querySelector('audio');
      if (audio?.src.startsWith('blob:')) URL.revokeObjectURL(audio.src);
      button.setAttribute('aria-expanded', 'false');
      button.nextElementSibling?.remove();
    }
  }
}

function columns(call) {
  return [
    element('span', { class: 'when' }, momentText(call.startedAt)),
    element('span', { class: 'name' }, call.flow),
    element('span', { class: 'outcome', 'data-result': result(call.reason) }, capitalized(call.outcome ?? call.reason)),
    element('span', { class: 'wire' }, wireText(call.wire)),
    labelled('Turns', String(call.turns)),
    labelled('Length', clockText(call.durationMs)),
    labelled('Latency', millisecondsText(call.latencyP50Ms ?? NaN)),
  ];
}

/** A hang-up is neither success nor failure. */
function result(reason) {
  if (reason === 'caller-hung-up') return 'neutral';
  return endedWell(reason) ? 'good' : 'bad';
}

const labelled = (name, value) => element('span', { class: 'figure' }, element('small', {}, `${name} `), value);

/** How often the agent paused for what was no interruption, and when. */
function takenBack(timeline) {
  const times = timeline.filter(({ kind }) => kind === 'interruption-taken-back').map(({ at }) => clockText(at));
  if (times.length === 0) return [];
  const count = times.length === 1 ? 'once' : `${times.length} times`;
  return [element('p', { class: 'taken-back' }, `The agent paused ${count} for a sound and went on, at ${times.join(', ')}.`)];
}

function callDetail(record) {
  const { player, transcript } = recordingView(record);
  const latency = element('div', {});
  drawTurnLatency(latency, record.turnLatencies ?? []);
  return [
    element('p', { class: 'ended' }, reasonText(record.reason)),
    ...takenBack(record.timeline ?? []),
    player,
    element('div', { class: 'columns' },
      element('div', {}, element('h3', {}, 'Transcript'), transcript),
      element('div', {}, element('h3', {}, 'Turn latency'), latency,
        ...facts('What the agent learned', Object.entries(record.slots ?? {})), ...facts('The call', callFacts(record)))),
  ];
}

function callFacts(record) {
  const { received, lost, concealed, late, dropped } = record.audio ?? {};
  return [
    ['Final state', record.finalState],
    ['Wire', wireText(record.metadata?.wire ?? 'voiceforge')],
    ['Voice', record.voice],
    ['Codec', record.codec],
    ['Audio packets', record.audio ? `${received} received, ${lost} lost, ${concealed} concealed, ${late} late, ${dropped} dropped` : null],
    ['Echo of the agent', record.echoDelayMs === undefined ? null : `came back after ${record.echoDelayMs} ms, and was taken out`],
    ['Call', record.id],
  ];
}

/** A heading and a list of names and values, those without a value left out; nothing when all are. */
function facts(title, rows) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (known.length === 0) return [];
  const pairs = known.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, String(value))));
  return [element('h3', { class: 'facts-title' }, title), element('dl', { class: 'facts' }, ...pairs)];
}
