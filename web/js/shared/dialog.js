// Asks before something is done that cannot be undone.

import { element } from './dom.js';

/**
 * Shows a question and returns the value of the button that was pressed; Escape counts as the last one, which changes nothing.
 * `choices` are `[value, label]`, first the one that is meant most often; `parts` stand below the text.
 */
export function ask(title, text, choices, ...parts) {
  const safe = choices.at(-1)[0];
  const buttons = choices.map(([value, label]) =>
    element('button', { type: 'submit', class: 'secondary', value, ...(value === safe ? { autofocus: '' } : {}) }, label));
  const dialog = element('dialog', { class: parts.length > 0 ? 'card dialog wide' : 'card dialog', 'aria-labelledby': 'choice-title' },
    element('form', { method: 'dialog', class: 'form' },
      element('h2', { id: 'choice-title' }, title), text ? element('p', { class: 'hint' }, text) : null, ...parts,
      element('div', { class: 'actions' }, ...buttons)));
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus();
      resolve(dialog.returnValue || safe);
    });
  });
}
