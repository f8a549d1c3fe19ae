// The key for a server that wants one: asked for once, kept for this tab only, sent with every request.

import { element } from './dom.js';

/** Where the key is kept: gone when the tab closes, and never sent by the browser itself as a cookie would be. */
const PLACE = 'voiceforge-key';

/** The question that is on the screen; all requests that need its answer wait for it. */
let question = null;
/** The caller wants to go on without a key: nothing is asked again until the page is loaded again. */
let declined = false;

export const key = () => sessionStorage.getItem(PLACE);

/** Keeps `text` for this tab; null forgets the key. */
export function keepKey(text) {
  if (text) sessionStorage.setItem(PLACE, text);
  else sessionStorage.removeItem(PLACE);
}

/** What a request carries. */
export const keyHeaders = () => (key() ? { Authorization: `Bearer ${key()}` } : {});

/**
 * Asks the person, after the server refused a request that carried `used` (null: none).
 * Returns whether there is another key now.
 */
export async function askForKey(used) {
  if (key() !== used) return true; // Somebody answered while this request was on its way.
  if (declined) return false;
  question ??= ask(used !== null).finally(() => {
    question = null;
  });
  return question;
}

function ask(wasWrong) {
  const field = element('input', {
    type: 'password', id: 'key', autocomplete: 'off', spellcheck: 'false', required: '', 'aria-describedby': 'key-hint',
  });
  const dialog = element('dialog', { class: 'card ask', 'aria-labelledby': 'key-title' },
    element('form', { method: 'dialog', class: 'order-form' },
      element('h2', { id: 'key-title' }, wasWrong ? 'That key is not accepted' : 'This server wants a key'),
      element('label', { class: 'field' }, element('span', {}, 'Key'), field),
      element('p', { class: 'hint', id: 'key-hint' },
        'Ask whoever runs the server. The key stays in this tab and is forgotten when you close it.'),
      element('div', { class: 'batch' },
        element('button', { type: 'submit', class: 'primary call', value: 'use' }, 'Use this key'),
        element('button', { type: 'submit', class: 'quiet', value: 'none', formnovalidate: '' }, 'Go on without'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const text = dialog.returnValue === 'use' ? field.value.trim() : '';
      dialog.remove();
      keepKey(text || null);
      declined = !text;
      resolve(!declined);
    });
  });
}
