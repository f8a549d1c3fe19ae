// The versions of a flow: their list, two texts side by side, and the choice when somebody else saved first.

import { ask } from '../shared/dialog.js';
import { byId, element } from '../shared/dom.js';
import { counted, momentText } from '../shared/format.js';
import { changesOf, compareLines } from './text-diff.js';

const MARKS = { same: ' ', added: '+', removed: '−' };

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

/** Shows the differences of two texts and returns the value of the button that was pressed. */
export function compare(title, before, after, choices) {
  const rows = compareLines(before, after);
  const count = (kind) => rows.filter((one) => one.kind === kind).length;
  const isSame = count('added') + count('removed') === 0;
  const text = isSame ? 'The texts are the same.' : `${counted(count('removed'), 'line')} removed, ${counted(count('added'), 'line')} added.`;
  const list = element('ol', { class: 'difference', tabindex: 0, 'aria-label': 'Differences' }, ...changesOf(rows).map(line));
  return ask(title, text, choices, ...(isSame ? [] : [list]));
}

function line({ kind, text, line: number, count }) {
  if (kind === 'gap') return element('li', { class: 'gap' }, `${counted(count, 'line')} as before`);
  return element('li', { class: kind },
    element('span', { class: 'number', 'aria-hidden': 'true' }, `${MARKS[kind]} ${number}`),
    kind === 'same' ? null : element('span', { class: 'visually-hidden' }, `${kind}: `), element('code', {}, text || ' '));
}

/** `actions` are `{label, act, stays}`; the notice goes before `act`, unless it `stays`. `failed` gets what `act` throws. */
export function showConflict(title, text, actions, failed) {
  const box = byId('conflict');
  const choose = async ({ act, stays }) => {
    box.hidden = !stays;
    try {
      await act();
    } catch (problem) {
      failed(problem);
    }
    if (box.hidden && document.activeElement === document.body) byId('text').focus();
  };
  const buttons = actions.map((action) => element('button', { type: 'button', class: 'small', click: () => choose(action) }, action.label));
  box.replaceChildren(element('p', {}, element('strong', {}, title), ` ${text}`), element('div', { class: 'notice-buttons' }, ...buttons));
  box.hidden = false;
  box.focus();
}

export const hideConflict = () => {
  byId('conflict').hidden = true;
};
