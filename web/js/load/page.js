// The load page: whether load tests are allowed, the form, the run that is shown, and the last runs.

import { errorText, fetchLoads, fetchTestCases, startLoad, stopLoad } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { counted, momentText } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { becameReachable, showVersion, watchServer } from '../shared/server-status.js';
import { readOrder, showLimits, showMix } from './form.js';
import { LoadRunPoller } from './run-poller.js';
import { LoadRunView, reportLink } from './run-view.js';
import { isOver, runLabel, runVerdict } from './summary.js';

/** How often the list of runs is read: other clients start runs, too. */
const AGAIN_MS = 3000;
const NOT_READY = {
  loading: 'The speech engines are loading. You can start in a moment.',
  failed: 'Calls need the speech engines, and one failed. “voiceforge doctor” says what is wrong.',
};

const notices = new Notices(byId('notices'), () => load());
const view = new LoadRunView();
const poller = new LoadRunPoller({ changed, gone: serverLost, lost: runLost });
let loads = null;
let starting = false;
let listed = '';
/** Counts the requests for the list, and which of them is shown: a response that was overtaken by a later one says what is no longer so. */
let [asked, answered] = [0, 0];
/** Id of the run that was running when the list was last read. */
let runningBefore = null;

// ---- Server ----

async function serverChanged(readiness, before) {
  if (readiness.status === 'unreachable') {
    if (before === 'unknown') notices.show('server-unreachable');
    if (loads === null) setEmptyText('The server does not answer. The runs appear here when it does.');
  } else if (becameReachable(before)) {
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
    const [cases] = await Promise.all([fetchTestCases(), showVersion(), refresh()]);
    showMix(cases);
    showLimits(loads);
    notices.remove('load-unreadable');
  } catch (problem) {
    notices.show('load-unreadable', errorText(problem));
  }
}

async function refresh() {
  const mine = ++asked;
  const answer = await fetchLoads();
  if (mine < answered) return;
  answered = mine;
  const before = loads?.allowed;
  loads = answer;
  if (loads.allowed !== before) showPermission();
  showRuns();
  showNewest();
  showStartable();
}

function showPermission() {
  notices.remove('load-not-allowed');
  if (loads.allowed) return;
  notices.say('load-not-allowed', 'This server does not allow load tests.',
    `Anybody who reaches this page could overload the server, so load tests must be allowed: set ${loads.setting}=true in the environment or in .env and restart the server.`);
}

/** Shows the running load test, or else the last one; one that starts later is shown, too. */
function showNewest() {
  const began = loads.running !== runningBefore ? loads.running : null;
  runningBefore = loads.running;
  const shown = began ?? (poller.id === null ? loads.runs[0]?.id : null);
  if (shown && shown !== poller.id) poller.follow(shown);
}

/** Failures are not shown here: the server watch tells them. */
async function pollRuns() {
  if (!document.hidden && loads !== null && document.body.dataset.serverState !== 'unreachable') await refresh().catch(() => {});
  setTimeout(pollRuns, AGAIN_MS);
}

function showStartable() {
  const state = document.body.dataset.serverState;
  const running = loads?.running ?? null;
  byId('start').disabled = !loads?.allowed || state !== 'ready' || running !== null || starting;
  byId('not-ready').hidden = !NOT_READY[state] || !loads?.allowed;
  byId('not-ready').textContent = NOT_READY[state] ?? '';
  showStop(running !== null && state !== 'unreachable');
}

/** When the focused button is hidden, the focus moves to the run. */
function showStop(shown) {
  const focused = document.activeElement === byId('stop');
  byId('stop').hidden = !shown;
  if (focused && !shown) byId('run').focus();
}

// ---- One run ----

function changed(run, seconds) {
  notices.remove('load-gone');
  view.show(run, seconds);
  if (isOver(run) && loads?.running === run.id) refresh().catch(() => {});
}

function serverLost() {
  if (!byId('notices').querySelector('[data-notice=load-gone]')) notices.show('load-gone');
  checkServer();
}

function runLost() {
  notices.show('load-lost');
  document.body.dataset.loadState = 'lost';
  byId('state').textContent = 'This run is lost. The figures up to then are below.';
  checkServer();
}

byId('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (byId('start').disabled) return;
  for (const code of ['load-refused', 'load-lost', 'load-gone', 'server-back']) notices.remove(code);
  starting = true;
  showStartable();
  try {
    const run = await startLoad(readOrder());
    poller.follow(run.id);
    await refresh();
    byId('stop').focus();
  } catch (problem) {
    notices.show('load-refused', errorText(problem));
  }
  starting = false;
  showStartable();
});

byId('stop').addEventListener('click', async () => {
  try {
    if (loads?.running) await stopLoad(loads.running);
  } catch (problem) {
    notices.show('load-refused', errorText(problem));
  }
});

// ---- The last runs ----

function showRuns() {
  const now = JSON.stringify(loads.runs);
  // Rows are replaced only when they change, so that a click is not lost.
  if (now === listed) return;
  listed = now;
  setEmptyText(loads.runs.length > 0 ? '' : 'No load test has been run since the server started.');
  const focused = document.activeElement?.dataset.loadId;
  byId('loads').replaceChildren(...loads.runs.map(row));
  if (focused) byId('loads').querySelector(`[data-load-id="${focused}"]`)?.focus();
}

function row(run) {
  const open = () => {
    poller.follow(run.id);
    byId('run').scrollIntoView({ block: 'nearest' });
  };
  const { calls, plan, hold, generators } = run.request;
  return element('li', { class: 'test' },
    element('button', { type: 'button', class: 'test-row load-row', 'data-load-id': run.id, click: open },
      element('span', { class: 'name' }, momentText(run.startedAt)),
      element('span', { class: 'verdict', 'data-verdict': runVerdict(run) }, runLabel(run)),
      element('span', { class: 'persona' }, [counted(calls, 'call'), plan, hold ? `held for ${hold}` : null, generators ? `by ${counted(generators, 'generator')}` : null].filter(Boolean).join(', '))),
    run.hasReport ? reportLink(run) : null);
}

function setEmptyText(text) {
  byId('loads-empty').textContent = text;
  byId('loads-empty').hidden = text === '';
}

const checkServer = watchServer(serverChanged);
pollRuns();
