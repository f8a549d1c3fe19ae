// The API key for a server that requires one: asked for once, kept for this tab only, sent with every request.

import { element } from './dom.js';

/** Name in the session storage: gone when the tab closes, and never sent by the browser itself as a cookie would be. */
const STORAGE_NAME = 'voiceforge-key';

/** The question that is on the screen; all requests that need its answer wait for it. */
let question = null;
/** The person continues without a key: the question is not asked again until the page is reloaded. */
let declined = false;

export const apiKey = () => sessionStorage.getItem(STORAGE_NAME);

/** Keeps `text` for this tab; null forgets the key. */
export function storeKey(text) {
  if (text) sessionStorage.setItem(STORAGE_NAME, text);
  else sessionStorage.removeItem(STORAGE_NAME);
}

/** What a request carries. */
export const keyHeaders = () => (apiKey() ? { Authorization: `Bearer ${apiKey()}` } : {});

/**
 * Asks the person, after the server refused a request that carried `used` (null: none).
 * Returns whether there is another key now.
 */
export async function askForKey(used) {
  if (apiKey() !== used) return true; // The question was answered while this request was in flight.
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
  const dialog = element('dialog', { class: 'card dialog', 'aria-labelledby': 'key-title' },
    element('form', { method: 'dialog', class: 'form' },
      element('h2', { id: 'key-title' }, wasWrong ? 'That key is not accepted' : 'This server requires a key'),
      element('label', { class: 'field' }, element('span', {}, 'Key'), field),
      element('p', { class: 'hint', id: 'key-hint' },
        'Ask the operator of the server. The key stays in this tab and is forgotten when you close it.'),
      element('div', { class: 'actions' },
        element('button', { type: 'submit', class: 'primary call', value: 'use' }, 'Use this key'),
        element('button', { type: 'submit', class: 'secondary', value: 'none', formnovalidate: '' }, 'Continue without'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const text = dialog.returnValue === 'use' ? field.value.trim() : '';
      dialog.remove();
      storeKey(text || null);
      declined = !text;
      resolve(!declined);
    });
  });
}
