// Wires the load page: whether loads are allowed, the order, the run that is shown, and the last runs.

import { fetchLoads, fetchTestCases, fetchVersion, Refusal, startLoad, stopLoad } from './api.js';
import { byId, element } from './dom.js';
import { readOrder, showLimits, showMix } from './loadform.js';
import { LoadView, reportLink } from './loadview.js';
import { LoadWatch } from './loadwatch.js';
import { isOver, markMood, markWords } from './loadwords.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { counted, momentText } from './words.js';

/** Runs that others start are looked for this often. */
const AGAIN_MS = 3000;
const NOT_YET = {
  loading: 'The speech engines are loading. You can start in a moment.',
  failed: 'Calls need the speech engines, and one failed. “voiceforge doctor” says what is wrong.',
};

const notices = new Notices(byId('notices'), () => load());
const view = new LoadView();
const watch = new LoadWatch({ changed, gone: serverGone, lost: runLost });
let loads = null;
let starting = false;
let listed = '';
/** Id of the run that went on at the last look. */
let going = null;

// ---- Server ----

async function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') {
    if (before === 'unknown') notices.show('server-unreachable');
    if (loads === null) note('The server does not answer. The runs appear here when it does.');
  } else if (before === 'unknown' || before === 'unreachable') {
    if (before === 'unreachable') serverBack();
    await load();
  }
  showStartable();
}

function serverBack() {
  for (const code of ['server-unreachable', 'load-gone']) notices.remove(code);
  notices.say('server-back', 'The server is back.');
}

async function load() {
  try {
    const [version, cases] = await Promise.all([fetchVersion(), fetchTestCases(), refresh()]);
    byId('version').textContent = `Version ${version}`;
    showMix(cases);
    showLimits(loads);
    notices.remove('load-unreadable');
  } catch (problem) {
    notices.show('load-unreadable', problem instanceof Refusal ? problem.message : 'The server does not answer.');
  }
}

async function refresh() {
  const before = loads?.allowed;
  loads = await fetchLoads();
  if (loads.allowed !== before) showAllowed();
  showRuns();
  showNewest();
  showStartable();
}

function showAllowed() {
  notices.remove('load-not-allowed');
  if (loads.allowed) return;
  notices.say('load-not-allowed', 'This server runs no load tests.',
    `Whoever reaches this page could keep the server busy, so they must be asked for: set ${loads.setting}=true in the environment or in .env and start the server again.`);
}

/** Whoever opens the page sees the run that goes on, or else the last one; one that begins later is shown, too. */
function showNewest() {
  const began = loads.running !== going ? loads.running : null;
  going = loads.running;
  const shown = began ?? (watch.id === null ? loads.runs[0]?.id : null);
  if (shown && shown !== watch.id) watch.follow(shown);
}

/** A look that fails is the readiness watch's to tell. */
async function lookForRuns() {
  if (!document.hidden && loads !== null && document.body.dataset.serverState !== 'unreachable') await refresh().catch(() => {});
  setTimeout(lookForRuns, AGAIN_MS);
}

function showStartable() {
  const state = document.body.dataset.serverState;
  const running = loads?.running ?? null;
  byId('start').disabled = !loads?.allowed || state !== 'ready' || running !== null || starting;
  byId('not-yet').hidden = !NOT_YET[state] || !loads?.allowed;
  byId('not-yet').textContent = NOT_YET[state] ?? '';
  showStop(running !== null && state !== 'unreachable');
}

/** A button that hides under the keyboard user's focus hands it to what it was about. */
function showStop(shown) {
  const focused = document.activeElement === byId('stop');
  byId('stop').hidden = !shown;
  if (focused && !shown) byId('run').focus();
}

// ---- One run ----

function changed(run, seconds) {
  notices.remove('load-gone');
  view.show(run, seconds, loads?.usualThresholds ?? []);
  if (isOver(run) && loads?.running === run.id) refresh().catch(() => {});
}

function serverGone() {
  if (!byId('notices').querySelector('[data-notice=load-gone]')) notices.show('load-gone');
  lookAtServer();
}

function runLost() {
  notices.show('load-lost');
  document.body.dataset.loadState = 'lost';
  byId('state').textContent = 'This run is lost. What came of it until then is below.';
  lookAtServer();
}

byId('order').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (byId('start').disabled) return;
  for (const code of ['load-refused', 'load-lost', 'load-gone', 'server-back']) notices.remove(code);
  starting = true;
  showStartable();
  try {
    const run = await startLoad(readOrder());
    watch.follow(run.id);
    await refresh();
    byId('stop').focus();
  } catch (problem) {
    notices.show('load-refused', problem instanceof Refusal ? problem.message : 'The server does not answer.');
  }
  starting = false;
  showStartable();
});

byId('stop').addEventListener('click', async () => {
  try {
    if (loads?.running) await stopLoad(loads.running);
  } catch (problem) {
    notices.show('load-refused', problem.message);
  }
});

// ---- The last runs ----

function showRuns() {
  const now = JSON.stringify(loads.runs);
  // What is drawn anew cannot be clicked meanwhile.
  if (now === listed) return;
  listed = now;
  note(loads.runs.length > 0 ? '' : 'No load test was run since the server started.');
  const focused = document.activeElement?.dataset.loadId;
  byId('loads').replaceChildren(...loads.runs.map(row));
  if (focused) byId('loads').querySelector(`[data-load-id="${focused}"]`)?.focus();
}

function row(run) {
  const open = () => {
    watch.follow(run.id);
    byId('run').scrollIntoView({ block: 'nearest' });
  };
  const { calls, plan, hold } = run.request;
  return element('li', { class: 'test' },
    element('button', { type: 'button', class: 'test-row load-row', 'data-load-id': run.id, click: open },
      element('span', { class: 'name' }, momentText(run.startedAt)),
      element('span', { class: 'verdict', 'data-verdict': markMood(run) }, markWords(run)),
      element('span', { class: 'persona' }, [counted(calls, 'call'), plan, hold ? `held for ${hold}` : null].filter(Boolean).join(', '))),
    run.hasReport ? reportLink(run) : null);
}

function note(text) {
  byId('loads-empty').textContent = text;
  byId('loads-empty').hidden = text === '';
}

const lookAtServer = watchReadiness(serverChanged);
lookForRuns();
