// A call of a tool by the language model: its name, arguments and time, and what came of it. For live calls and for recorded ones.

import { element } from '../shared/dom.js';
import { clockText, millisecondsText } from '../shared/format.js';

const RESULTS = { called: 'under way', done: 'done', failed: 'failed' };

/** Gives an item of a transcript the text of a `tool` message, which is what the record has in `toolCalls`. */
export function fillToolCall(entry, { name, arguments: given, state, durationMs, detail, at }) {
  Object.assign(entry.dataset, { role: 'tool', tool: name, state });
  const took = Number.isFinite(durationMs) ? millisecondsText(durationMs) : null;
  entry.replaceChildren(
    element('p', { class: 'who' }, 'Tool ', element('span', {}, [clockText(at), took].filter(Boolean).join(', '))),
    element('p', { class: 'words' }, element('b', {}, name), ...argumentPairs(given ?? {})),
    element('p', { class: 'tool-result' }, element('b', {}, RESULTS[state] ?? state), detail ? `: ${detail}` : ''),
  );
}

/** For people who hear the page. */
export const spokenToolCall = ({ name, state, detail }) => `The model used ${name}, ${RESULTS[state] ?? state}${detail ? `: ${detail}` : ''}.`;

const argumentPairs = (given) => Object.entries(given).map(([name, value]) =>
  element('span', { class: 'argument' }, ' ', element('small', {}, `${name} `), value));
