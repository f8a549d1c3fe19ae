// The conversation as it happens: partial words fade in, final ones stay, interrupted ones show what was not played.

import { element } from '../shared/dom.js';
import { clockText } from '../shared/format.js';
import { fillToolCall, spokenToolCall } from './tool-call.js';

/** Older entries leave the page; the record of the call keeps them. */
const ENTRIES_MAX = 400;
/** Closer to the end than this, in pixels, the reader wants to see what comes next. */
const FOLLOW_DISTANCE = 60;
const SOURCES = { keys: 'by keypad', text: 'typed' };

export class Transcript {
  #list;
  #announcer;
  #empty;
  #entries = new Map();
  #following = true;

  constructor({ list, announcer, empty }) {
    this.#list = list;
    this.#announcer = announcer;
    this.#empty = empty;
    list.addEventListener('scroll', () => {
      this.#following = list.scrollHeight - list.scrollTop - list.clientHeight < FOLLOW_DISTANCE;
    });
    new ResizeObserver(() => this.#follow()).observe(list);
  }

  clear() {
    this.#entries.clear();
    this.#list.replaceChildren();
    this.#announcer.replaceChildren();
    this.#empty.hidden = false;
    this.#following = true;
  }

  /** A `transcript` message. The agent's sentences come as `agent` messages too; those know more. */
  update({ turn, role, text, final, at, source }) {
    if (role === 'agent' && this.#spoken(turn, text)) return;
    const key = `${role}-${turn}`;
    const pending = this.#entries.get(key);
    if (!text) return this.#drop(key);
    const entry = pending ?? this.#add(key, role, at);
    Object.assign(entry.dataset, { turn, text });
    fill(entry, { role, text, final, source, at });
    // Who goes on after a pause says the same turn again, with more words.
    if (final && !(role === 'caller' && source === 'speech')) this.#entries.delete(key);
    if (final) this.#announce(role, text);
    this.#follow();
  }

  /** An `agent` message: an utterance begins, pauses, goes on, ends, or is cut off. */
  utterance({ utterance, turn, text, spoken, state, heardText }, at) {
    const key = `utterance-${utterance}`;
    const shown = this.#entries.get(key) ?? this.#spoken(turn, text, '');
    const entry = shown ?? this.#add(key, 'agent', at);
    const interrupted = state === 'interrupted';
    this.#entries.set(key, entry);
    Object.assign(entry.dataset, { turn, text, utterance });
    if (state === 'resumed') entry.dataset.takenBack = Number(entry.dataset.takenBack ?? 0) + 1;
    const takenBack = Number(entry.dataset.takenBack ?? 0);
    fill(entry, { role: 'agent', text, spoken, final: true, interrupted, heardText, takenBack, at: entry.dataset.at });
    if (!shown) this.#announce('agent', text);
    if (interrupted) this.#announcer.append(element('p', {}, 'You interrupted the agent.'));
    this.#follow();
  }

  /** A `tool` message: the language model uses a tool, or the result is there. */
  tool(message) {
    const key = `tool-${message.call}`;
    const entry = this.#entries.get(key) ?? this.#add(key, 'tool', message.at);
    fillToolCall(entry, message);
    if (message.state !== 'called') this.#announcer.append(element('p', {}, spokenToolCall(message)));
    this.#follow();
  }

  /** Words that never became final were noise or were cut off by the end of the call. */
  finish() {
    for (const [key, entry] of this.#entries) if (entry.dataset.final === 'false') this.#drop(key);
  }

  /** The agent's entry with these words; with `utterance` '' only one that no `agent` message has claimed. */
  #spoken(turn, text, utterance) {
    return [...this.#list.children].find(({ dataset }) =>
      dataset.role === 'agent' && dataset.turn === String(turn) && dataset.text === text
      && (utterance === undefined || (dataset.utterance ?? '') === utterance));
  }

  #add(key, role, at) {
    const entry = element('li', { class: 'entry', 'data-role': role, 'data-at': at });
    this.#entries.set(key, entry);
    this.#list.append(entry);
    this.#empty.hidden = true;
    if (this.#list.children.length > ENTRIES_MAX) this.#list.firstChild.remove();
    return entry;
  }

  #drop(key) {
    this.#entries.get(key)?.remove();
    this.#entries.delete(key);
  }

  #announce(role, text) {
    this.#announcer.append(element('p', {}, `${role === 'agent' ? 'Agent' : 'You'}: ${text}`));
    if (this.#announcer.children.length > ENTRIES_MAX) this.#announcer.firstChild.remove();
  }

  #follow() {
    if (this.#following) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/** Gives a transcript item its text; used for live calls and for recorded ones. */
export function fill(entry, { role, text, spoken, final = true, interrupted = false, heardText, takenBack = 0, source, at }) {
  Object.assign(entry.dataset, { role, final, interrupted });
  const pauses = takenBack > 0 ? `paused ${takenBack === 1 ? 'once' : `${takenBack} times`} and went on` : null;
  const note = [clockText(at ?? 0), SOURCES[source], pauses, interrupted ? 'interrupted' : null].filter(Boolean).join(', ');
  entry.replaceChildren(
    element('p', { class: 'who' }, role === 'agent' ? 'Agent ' : 'You ', element('span', {}, note)),
    interrupted ? cutOff(text, heardText) : element('p', { class: 'words' }, text),
  );
  // "$10" is said in other words.
  if (spoken) entry.append(element('p', { class: 'spoken' }, `said as: ${spoken}`));
}

function cutOff(text, heardText) {
  const { played, unplayed } = splitPlayed(text, heardText);
  // A wire that tells no words heard: all that is known is that it was cut off.
  if (!unplayed || heardText === undefined) return element('p', { class: 'words' }, text);
  return element('p', { class: 'words' }, `${played} `,
    element('span', { class: 'visually-hidden' }, '(not played:) '), element('s', {}, unplayed));
}

/** `heardText` is the server's count of words as text; the words themselves come from `text`, with its spelling. */
export function splitPlayed(text, heardText) {
  const playedWords = (heardText ?? '').split(/\s+/).filter(Boolean).length;
  const pieces = text.split(/(?<=\s)(?=\S)/);
  return {
    played: pieces.slice(0, playedWords).join('').trimEnd(),
    unplayed: pieces.slice(playedWords).join(''),
  };
}
