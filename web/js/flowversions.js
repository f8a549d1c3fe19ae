// The versions of a flow that the server keeps, and two texts side by side.

import { choose } from './ask.js';
import { byId, element } from './dom.js';
import { changesOf, compareLines } from './textdiff.js';
import { counted, momentText } from './words.js';

const MARKS = { same: ' ', in: '+', out: '−' };
const NAMES = { in: 'put in', out: 'taken out' };

/** Lists `versions` with a button for each that is not the newest; `act` gets `compare` or `back` and the number. */
export function showVersions(versions, act) {
  byId('versions-card').hidden = versions.length === 0;
  byId('versions').replaceChildren(...versions.map((one, index) => row(one, index === 0, act)));
}

function row({ version, savedAt, bytes }, isNewest, act) {
  const button = (what, label) =>
    element('button', { type: 'button', class: 'small plain', click: () => act(what, version), 'aria-label': `${label} version ${version}` }, label);
  return element('li', { 'data-version': version },
    element('p', {}, element('strong', {}, `Version ${version}`), isNewest ? ' newest' : ''),
    element('p', { class: 'hint' }, `${momentText(savedAt)} · ${bytes} bytes`),
    element('div', { class: 'editor-buttons' }, button('compare', 'Compare'), isNewest ? null : button('back', 'Go back to')));
}

/** Shows what lies between two texts and returns the value of the button that was taken. */
export function compare(title, before, after, choices) {
  const rows = compareLines(before, after);
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const isSame = count('in') + count('out') === 0;
  const text = isSame ? 'The texts are the same.' : `${counted(count('out'), 'line')} taken out, ${counted(count('in'), 'line')} put in.`;
  const list = element('ol', { class: 'difference', tabindex: 0, 'aria-label': 'Differences' }, ...changesOf(rows).map(line));
  return choose(title, text, choices, ...(isSame ? [] : [list]));
}

function line({ kind, text, line: number, count }) {
  if (kind === 'gap') return element('li', { class: 'gap' }, `${counted(count, 'line')} as before`);
  return element('li', { class: kind },
    element('span', { class: 'number', 'aria-hidden': 'true' }, `${MARKS[kind]} ${number}`),
    NAMES[kind] ? element('span', { class: 'unseen' }, `${NAMES[kind]}: `) : null, element('code', {}, text || ' '));
}
