// The keys page: the existing keys, a form for a new one, and the one moment in which its secret is shown.

import { apiKey, storeKey } from '../shared/api-key.js';
import { createKey, errorText, fetchKeys, revokeKey } from '../shared/api.js';
import { ask } from '../shared/dialog.js';
import { byId, element } from '../shared/dom.js';
import { counted, momentText } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { becameReachable, showVersion, watchServer } from '../shared/server-status.js';

const DAY_SECONDS = 86_400;

const notices = new Notices(byId('notices'), () => load());

function serverChanged(readiness, before) {
  if (readiness.status === 'unreachable') notices.show('server-unreachable');
  else if (becameReachable(before)) load();
}

async function load() {
  try {
    notices.clear();
    show(await fetchKeys());
    await showVersion();
  } catch (problem) {
    failed(problem);
  }
}

function failed(problem) {
  notices.show('keys-unreadable', errorText(problem));
}

// ---- The list ----

function show({ keys, lasting }) {
  byId('keys').replaceChildren(...keys.map(row));
  byId('keys-empty').hidden = keys.length > 0;
  byId('keys-empty').textContent = 'There are no keys: anybody who reaches this server may use it. The first key needs the scope manage.';
  byId('keys-count').textContent = keys.length > 0 ? counted(keys.length, 'key') : '';
  byId('memory-only').hidden = lasting;
}

function row(one) {
  const facts = [
    one.scopes.join(', '),
    one.expiresAt ? `expires ${momentText(one.expiresAt)}` : 'never expires',
    one.requestsPerMinute ? `${one.requestsPerMinute} requests per minute` : null,
    one.tokensPerDay ? `${one.tokensPerDay.toLocaleString()} tokens a day` : null,
    one.lastUsedAt ? `last used ${momentText(one.lastUsedAt)}` : 'never used',
  ].filter(Boolean).join(' · ');
  const revoke = element('button', { type: 'button', class: 'small', click: () => askToRevoke(one), 'aria-label': `Revoke ${one.name}` }, 'Revoke');
  return element('li', { class: 'key-row', 'data-state': one.state },
    element('div', {},
      element('p', {}, element('strong', {}, one.name), ` ${one.state}`),
      element('p', { class: 'hint' }, element('code', {}, one.id), ` · ${facts}`)),
    one.state === 'active' ? revoke : null);
}

/** A revocation cannot be undone, so it is asked about. */
async function askToRevoke(one) {
  const choice = await ask(`Revoke ${one.name}?`, 'Requests with this key are refused from now on, and it cannot be undone. Calls in progress continue.',
    [['revoke', 'Revoke'], ['keep', 'Keep']]);
  byId('list').focus();
  if (choice === 'revoke') await change(() => revokeKey(one.id));
}

async function change(act) {
  try {
    await act();
    await load();
  } catch (problem) {
    failed(problem);
  }
}

// ---- A new key ----

function readForm() {
  const key = {
    name: byId('name').value.trim(),
    scopes: [...byId('new').querySelectorAll('input[name=scope]:checked')].map((box) => box.value),
  };
  if (byId('days').value) key.expiresInSeconds = Number(byId('days').value) * DAY_SECONDS;
  if (byId('rate').value) key.requestsPerMinute = Number(byId('rate').value);
  if (byId('tokens').value) key.tokensPerDay = Number(byId('tokens').value);
  return key;
}

byId('new').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('created').hidden = true;
  try {
    const made = await createKey(readForm());
    // The first key locks the server, this page too: it continues with the key just created.
    if (!apiKey()) storeKey(made.key);
    byId('created').hidden = false;
    byId('created-key').value = made.key;
    byId('created-name').textContent = made.name;
    byId('new').reset();
    await load();
    byId('created-key').focus();
    byId('created-key').select();
  } catch (problem) {
    failed(problem);
  }
});

watchServer(serverChanged);
