// Wires the tests page: server readiness, the filter, the runner, and what its runs change.

import { fetchTestCases, fetchTestProgress, fetchTestRuns, fetchVersion, Refusal } from './api.js';
import { byId } from './dom.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { QUEUE_MAX, Runner } from './runner.js';
import { CaseList } from './testcases.js';
import { RunList } from './testruns.js';
import { verdictOf, verdictWords } from './verdict.js';
import { counted } from './words.js';

/** Enough to know the last verdict of every case of a usual store; more are asked for by nobody. */
const RUNS_AT_FIRST = 100;
/** Runs that others start are looked for this often, and so many at a time. */
const RUNS_AGAIN = 20;
const AGAIN_MS = 5000;
/** While one of them goes on, its bar is moved this often; of many only the first few. */
const GOING_AGAIN_MS = 1000;
const GOING_MAX = 4;

const NO_CASES =
  'There are no test cases. Put some into Samples/testcases, or name their folder with VOICEFORGE_CASES, and start the server again.';
const NOT_YET = {
  loading: 'The speech engines are loading. You can run tests in a moment.',
  failed: 'Tests need the speech engines, and one failed. “voiceforge doctor” says what is wrong.',
};

const notices = new Notices(byId('notices'), () => load());
const cases = new CaseList(byId('cases'), (id) => runner.add([id]));
const runs = new RunList(byId('runs'));
const runner = new Runner({ changed: showProgress, finished, failed, overflowed });
let wanted = 'all';
let busy = false;

// ---- Server ----

async function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') {
    if (before === 'unknown') notices.show('server-unreachable');
    if (cases.count === 0) note('cases', 'The server does not answer. The test cases appear here when it does.');
    noteRunsMissing();
  } else {
    if (before === 'unreachable') serverBack(readiness.status);
    if (before === 'unknown' || before === 'unreachable') await load();
  }
  showRunnable();
}

function serverBack(now) {
  for (const code of ['server-unreachable', 'tests-lost']) notices.remove(code);
  notices.say('server-back', 'The server is back.', now === 'ready' ? 'You can run tests again.' : 'Its speech engines are loading.');
}

async function load() {
  try {
    const [all, newest, version] = await Promise.all([fetchTestCases(), fetchTestRuns(RUNS_AT_FIRST), fetchVersion()]);
    byId('version').textContent = `Version ${version}`;
    notices.remove('tests-unreadable');
    cases.show(all);
    runs.clear();
    takeRuns(newest);
    showRunnable();
  } catch (problem) {
    notices.show('tests-unreadable', problem instanceof Refusal ? problem.message : 'The server does not answer.');
    if (cases.count === 0) note('cases', 'There is nothing to show.');
    if (runs.count === 0) note('runs', 'There is nothing to show.');
  }
}

function showRunnable() {
  const state = document.body.dataset.serverState;
  const ready = state === 'ready';
  byId('not-yet').hidden = state !== 'loading' && state !== 'failed';
  byId('not-yet').textContent = NOT_YET[state] ?? '';
  cases.runnable = ready;
  byId('run-shown').disabled = !ready || cases.shown.length === 0;
}

/** Runs of others come in while nothing is run here; a look that fails is the readiness watch's to tell. */
async function lookForRuns() {
  if (!busy && !document.hidden && document.body.dataset.serverState === 'ready') {
    await refreshRuns();
    await Promise.allSettled(runs.going.slice(0, GOING_MAX).map(async (id) => runs.progress(id, await fetchTestProgress(id))));
  }
  setTimeout(lookForRuns, runs.going.length > 0 ? GOING_AGAIN_MS : AGAIN_MS);
}

async function refreshRuns() {
  try {
    takeRuns(await fetchTestRuns(RUNS_AGAIN));
  } catch (problem) {
    if (problem instanceof Refusal) notices.show('tests-unreadable', problem.message);
  }
}

function takeRuns(newest) {
  runs.merge(newest);
  for (const [id, run] of runs.latest) cases.settle(id, run);
  note('runs', runs.count > 0 ? '' : 'No runs yet. Run a case: its verdict, the reasons and its report are listed here.');
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
  return `${counts}. The server cannot run tests yet (${current.why}); it is asked again in ${counted(secondsUntil(current.resumesAt), 'second')}.`;
}

const secondsUntil = (moment) => Math.max(1, Math.round((moment - Date.now()) / 1000));

/** A button that hides under the keyboard user's focus hands it to the one beside it. */
function showStop(shown) {
  const focused = document.activeElement === byId('stop');
  byId('stop').hidden = !shown;
  if (focused && !shown) byId('run-shown').focus();
}

function finished(run) {
  takeRuns([run]);
  byId('announcer').textContent = `${run.test_id}: ${verdictWords(verdictOf(run))}`;
}

function failed(code, detail) {
  notices.show(code, detail);
  if (code !== 'tests-lost') return void load();
  runs.dropGoing();
  noteRunsMissing();
  lookAtServer();
}

function overflowed(count) {
  notices.show('too-many-tests', `At most ${QUEUE_MAX} wait at a time; ${counted(count, 'test')} did not fit. For more, use “voiceforge simulate”.`);
}

function noteRunsMissing() {
  if (runs.count === 0) note('runs', 'The runs appear here when the server answers.');
}

function note(list, text) {
  byId(`${list}-empty`).textContent = text;
  byId(`${list}-empty`).hidden = text === '';
}

// ---- Filter ----

function applyFilter() {
  cases.filter(byId('filter').value, wanted);
  const [shown, all] = [cases.shown.length, cases.count];
  byId('shown').textContent = all === 0 ? '' : shown === all ? counted(all, 'case') : `${shown} of ${counted(all, 'case')}`;
  byId('run-shown').textContent = runAllWords(shown, all);
  if (all === 0) note('cases', NO_CASES);
  else note('cases', shown > 0 ? '' : 'No case fits the filter.');
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
  for (const code of ['tests-lost', 'test-refused', 'test-unfinished', 'too-many-tests', 'server-back']) notices.remove(code);
  runner.add(cases.shown);
});
byId('stop').addEventListener('click', () => runner.stop());

const lookAtServer = watchReadiness(serverChanged);
lookForRuns();
