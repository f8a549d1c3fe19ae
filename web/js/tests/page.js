// The tests page: server readiness, the filter, the runner, and what its runs change.

import { errorText, fetchTestCases, fetchTestProgress, fetchTestRuns, RequestError } from '../shared/api.js';
import { byId } from '../shared/dom.js';
import { counted } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { becameReachable, showVersion, watchServer } from '../shared/server-status.js';
import { CaseList } from './case-list.js';
import { RunList } from './run-list.js';
import { QUEUE_MAX, TestRunner } from './runner.js';
import { verdictOf, verdictText } from './verdict.js';

/** Enough for the last verdict of every case of a usual store. */
const RUNS_AT_FIRST = 100;
/** How many runs are read again, and how often: other clients start runs, too. */
const RUNS_AGAIN = 20;
const AGAIN_MS = 5000;
/** How often the progress of unfinished runs is read, and of how many. */
const PROGRESS_MS = 1000;
const PROGRESS_RUNS_MAX = 4;

const NO_CASES =
  'There are no test cases. Put some into Samples/testcases, or name their folder with VOICEFORGE_CASES, and restart the server.';
const NOT_READY = {
  loading: 'The speech engines are loading. You can run tests in a moment.',
  failed: 'Tests need the speech engines, and one failed. “voiceforge doctor” says what is wrong.',
};

const notices = new Notices(byId('notices'), () => load());
const cases = new CaseList(byId('cases'), (id) => runner.add([id]));
const runs = new RunList(byId('runs'));
const runner = new TestRunner({ changed: showProgress, finished, failed: runFailed, overflowed });
let wanted = 'all';
let busy = false;

// ---- Server ----

async function serverChanged(readiness, before) {
  if (readiness.status === 'unreachable') {
    if (before === 'unknown') notices.show('server-unreachable');
    if (cases.count === 0) setEmptyText('cases', 'The server does not answer. The test cases appear here when it does.');
    showRunsMissing();
  } else {
    if (before === 'unreachable') serverBack(readiness.status);
    if (becameReachable(before)) await load();
  }
  showRunnable();
}

function serverBack(now) {
  for (const code of ['server-unreachable', 'tests-lost']) notices.remove(code);
  notices.say('server-back', 'The server is back.', now === 'ready' ? 'You can run tests again.' : 'Its speech engines are loading.');
}

async function load() {
  try {
    const [all, newest] = await Promise.all([fetchTestCases(), fetchTestRuns(RUNS_AT_FIRST), showVersion()]);
    notices.remove('tests-unreadable');
    cases.show(all);
    runs.clear();
    showRuns(newest);
    showRunnable();
  } catch (problem) {
    notices.show('tests-unreadable', errorText(problem));
    if (cases.count === 0) setEmptyText('cases', 'There is nothing to show.');
    if (runs.count === 0) setEmptyText('runs', 'There is nothing to show.');
  }
}

function showRunnable() {
  const state = document.body.dataset.serverState;
  const ready = state === 'ready';
  byId('not-ready').hidden = state !== 'loading' && state !== 'failed';
  byId('not-ready').textContent = NOT_READY[state] ?? '';
  cases.runnable = ready;
  byId('run-shown').disabled = !ready || cases.shown.length === 0;
}

/** Runs of other clients are read while none is run here. Failures are not shown: the server watch tells them. */
async function pollRuns() {
  if (!busy && !document.hidden && document.body.dataset.serverState === 'ready') {
    await refreshRuns();
    await Promise.allSettled(runs.unfinished.slice(0, PROGRESS_RUNS_MAX).map(async (id) => runs.progress(id, await fetchTestProgress(id))));
  }
  setTimeout(pollRuns, runs.unfinished.length > 0 ? PROGRESS_MS : AGAIN_MS);
}

async function refreshRuns() {
  try {
    showRuns(await fetchTestRuns(RUNS_AGAIN));
  } catch (problem) {
    if (problem instanceof RequestError) notices.show('tests-unreadable', problem.message);
  }
}

function showRuns(newest) {
  runs.merge(newest);
  for (const [id, run] of runs.latest) cases.settle(id, run);
  setEmptyText('runs', runs.count > 0 ? '' : 'No runs yet. Run a case: its verdict, the reasons and its report are listed here.');
  applyFilter();
}

// ---- Running ----

function showProgress({ current, waiting, tally }) {
  const began = current?.runId && current.runId !== byId('batch').dataset.runId;
  busy = current !== null;
  byId('batch').dataset.runId = current?.runId ?? '';
  cases.progress({ current, waiting });
  if (current?.runId) runs.progress(current.runId, current.progress);
  showStop(current !== null && (waiting.length > 0 || !current.runId));
  byId('batch').hidden = tally.all === 0;
  byId('batch-bar').max = Math.max(1, tally.all);
  byId('batch-bar').value = tally.done;
  byId('batch-text').textContent = batchText(current, tally);
  if (began) refreshRuns();
}

function batchText(current, { all, done, passed, failed, broken }) {
  const counts = [
    `${done} of ${all} run`, passed > 0 ? `${passed} passed` : null, failed > 0 ? `${failed} failed` : null,
    broken > 0 ? `${broken} could not run` : null,
  ].filter(Boolean).join(', ');
  if (!current?.resumesAt) return counts;
  return `${counts}. The server cannot run tests yet (${current.why}); retrying in ${counted(secondsUntil(current.resumesAt), 'second')}.`;
}

const secondsUntil = (moment) => Math.max(1, Math.round((moment - Date.now()) / 1000));

/** When the focused button is hidden, the focus moves to the one beside it. */
function showStop(shown) {
  const focused = document.activeElement === byId('stop');
  byId('stop').hidden = !shown;
  if (focused && !shown) byId('run-shown').focus();
}

function finished(run) {
  showRuns([run]);
  byId('announcer').textContent = `${run.test_id}: ${verdictText(verdictOf(run))}`;
}

function runFailed(code, detail) {
  notices.show(code, detail);
  if (code === 'test-forbidden') return;
  if (code !== 'tests-lost') return void load();
  runs.dropUnfinished();
  showRunsMissing();
  checkServer();
}

function overflowed(count) {
  notices.show('too-many-tests', `At most ${QUEUE_MAX} wait at a time; ${counted(count, 'test')} did not fit. For more, use “voiceforge simulate”.`);
}

function showRunsMissing() {
  if (runs.count === 0) setEmptyText('runs', 'The runs appear here when the server answers.');
}

function setEmptyText(list, text) {
  byId(`${list}-empty`).textContent = text;
  byId(`${list}-empty`).hidden = text === '';
}

// ---- Filter ----

function applyFilter() {
  cases.filter(byId('filter').value, wanted);
  const [shown, all] = [cases.shown.length, cases.count];
  byId('shown').textContent = all === 0 ? '' : shown === all ? counted(all, 'case') : `${shown} of ${counted(all, 'case')}`;
  byId('run-shown').textContent = runAllWords(shown, all);
  if (all === 0) setEmptyText('cases', NO_CASES);
  else setEmptyText('cases', shown > 0 ? '' : 'No case matches the filter.');
  showRunnable();
}

function runAllWords(shown, all) {
  if (shown === 0 || shown === all) return 'Run all shown';
  return shown === 1 ? 'Run the one shown' : `Run the ${shown} shown`;
}

byId('filter').addEventListener('input', applyFilter);
byId('choices').addEventListener('click', ({ target }) => {
  if (!target.dataset.show) return;
  wanted = target.dataset.show;
  for (const choice of byId('choices').children) choice.setAttribute('aria-pressed', choice === target);
  applyFilter();
});
byId('run-shown').addEventListener('click', () => {
  for (const code of ['tests-lost', 'test-refused', 'test-forbidden', 'test-unfinished', 'too-many-tests', 'server-back']) notices.remove(code);
  runner.add(cases.shown);
});
byId('stop').addEventListener('click', () => runner.stop());

const checkServer = watchServer(serverChanged);
pollRuns();
