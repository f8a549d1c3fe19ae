// Wires the keys page: the keys that there are, a form for a new one, and the one moment in which its secret is shown.

import { createKey, fetchKeys, fetchVersion, Refusal, revokeKey } from './api.js';
import { byId, element } from './dom.js';
import { keepKey, key } from './key.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { counted, momentText } from './words.js';

const DAY_SECONDS = 86_400;
const MOODS = { active: 'good', expired: 'idle', revoked: 'idle' };

const notices = new Notices(byId('notices'), () => load());

function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') notices.show('server-unreachable');
  else if (before === 'unknown' || before === 'unreachable') load();
}

async function load() {
  try {
    notices.clear();
    show(await fetchKeys());
    byId('version').textContent = `Version ${await fetchVersion()}`;
  } catch (problem) {
    failed(problem);
  }
}

function failed(problem) {
  notices.show('keys-unreadable', problem instanceof Refusal ? problem.message : 'The server does not answer.');
}

// ---- The list ----

function show({ keys, lasting }) {
  byId('keys').replaceChildren(...keys.map(row));
  byId('keys-empty').hidden = keys.length > 0;
  byId('keys-empty').textContent = 'There are no keys: whoever reaches this server may use it. The first key needs the scope manage.';
  byId('keys-count').textContent = keys.length > 0 ? counted(keys.length, 'key') : '';
  byId('lasting').hidden = lasting;
}

function row(one) {
  const facts = [
    one.scopes.join(', '),
    one.expiresAt ? `expires ${momentText(one.expiresAt)}` : 'never expires',
    one.requestsPerMinute ? `${one.requestsPerMinute} requests a minute` : null,
    one.lastUsedAt ? `last used ${momentText(one.lastUsedAt)}` : 'never used',
  ].filter(Boolean).join(' · ');
  const revoke = element('button', { type: 'button', class: 'small', click: () => askToRevoke(one), 'aria-label': `Revoke ${one.name}` }, 'Revoke');
  return element('li', { class: 'key-row', 'data-state': one.state, 'data-mood': MOODS[one.state] },
    element('div', {},
      element('p', {}, element('strong', {}, one.name), ` ${one.state}`),
      element('p', { class: 'hint' }, element('code', {}, one.id), ` · ${facts}`)),
    one.state === 'active' ? revoke : null);
}

/** A revocation is for good, so it is asked about. */
function askToRevoke(one) {
  const dialog = element('dialog', { class: 'card ask', 'aria-labelledby': 'revoke-title' },
    element('form', { method: 'dialog', class: 'order-form' },
      element('h2', { id: 'revoke-title' }, `Revoke ${one.name}?`),
      element('p', { class: 'hint' }, 'Whoever uses it is refused from now on, and it cannot be taken back. Calls that are up go on.'),
      element('div', { class: 'batch' },
        element('button', { type: 'submit', class: 'quiet', value: 'revoke' }, 'Revoke'),
        element('button', { type: 'submit', class: 'quiet', value: 'keep', autofocus: '' }, 'Keep'))));
  document.body.append(dialog);
  dialog.addEventListener('close', async () => {
    dialog.remove();
    byId('list').focus();
    if (dialog.returnValue === 'revoke') await change(() => revokeKey(one.id));
  });
  dialog.showModal();
}

async function change(act) {
  try {
    const answer = await act();
    await load();
    return answer;
  } catch (problem) {
    failed(problem);
    return null;
  }
}

// ---- A new key ----

function readWish() {
  const wish = {
    name: byId('name').value.trim(),
    scopes: [...byId('new').querySelectorAll('input[name=scope]:checked')].map((box) => box.value),
  };
  if (byId('days').value) wish.expiresInSeconds = Number(byId('days').value) * DAY_SECONDS;
  if (byId('rate').value) wish.requestsPerMinute = Number(byId('rate').value);
  return wish;
}

byId('new').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('made').hidden = true;
  try {
    const made = await createKey(readWish());
    // The first key locks the server, this page too: it goes on with the key that was just made.
    if (!key()) keepKey(made.key);
    byId('made').hidden = false;
    byId('made-key').value = made.key;
    byId('made-name').textContent = made.name;
    byId('new').reset();
    await load();
    byId('made-key').focus();
    byId('made-key').select();
  } catch (problem) {
    failed(problem);
  }
});

watchReadiness(serverChanged);
