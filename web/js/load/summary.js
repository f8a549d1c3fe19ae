// State, verdict and figures of a load test as text. Pure.

import { counted, millisecondsText } from '../shared/format.js';

const STATES = {
  preparing: 'The load generator starts and synthesizes what the callers say…',
  running: 'Calls are being placed.',
  stopping: 'Stopping: calls are hung up.',
};
const MARKS = { preparing: 'Starting', running: 'Running', stopping: 'Stopping', stopped: 'Stopped', failed: 'No result' };
const VERDICTS = { passed: 'Passed', failed: 'Failed', invalid: 'Invalid', unreachable: 'Unreachable' };

export const isOver = ({ state }) => ['done', 'stopped', 'failed'].includes(state);

/** One sentence on `run`. */
export function runSummary(run) {
  if (run.state === 'preparing' && run.gathering) return gatheringSentence(run.gathering);
  if (!isOver(run)) return STATES[run.state];
  if (!run.result) return run.state === 'stopped' ? 'Stopped before a call was placed.' : `There is no result: ${run.problem}`;
  const stopped = run.state === 'stopped' ? ' Stopped before the end of the plan.' : '';
  return `${verdictSentence(run.result)}${stopped}${early(run.result.endedBy)}`;
}

/** One or two words for a list. */
export const runLabel = (run) => (run.state === 'done' ? VERDICTS[run.result.verdict] : MARKS[run.state]);

/** The verdict whose colour the row gets, as in the list of test cases. */
export function runVerdict(run) {
  if (!isOver(run)) return 'running';
  if (run.state === 'failed') return 'broken';
  if (run.state === 'stopped') return 'none';
  return run.result.verdict === 'passed' ? 'passed' : 'failed';
}

function gatheringSentence({ wanted, joined, ready }) {
  if (ready === wanted) return `All ${counted(wanted, 'generator')} are ready: calls are about to begin.`;
  return `Waiting for generators on other machines: ${joined} of ${wanted} there, ${ready} ready.`;
}

function verdictSentence({ verdict, thresholds, generators }) {
  const broken = thresholds.filter(({ holds }) => !holds).length;
  if (verdict === 'passed') return 'Passed: every threshold was kept.';
  if (verdict === 'failed') return `Failed: ${broken} of ${counted(thresholds.length, 'threshold')} ${broken === 1 ? 'was' : 'were'} not kept.`;
  if (verdict === 'invalid' && generators) return 'Invalid: a generator was late or lost, so the result says nothing about the server. Which one stands below.';
  if (verdict === 'invalid') return 'Invalid: the load generator itself was late, so the result says nothing about the server. Try fewer calls, or run the load test from another machine.';
  return 'The server was unreachable.';
}

function early({ kind, threshold }) {
  if (kind === 'aborted') return ` Ended early: ${threshold} could not be met any more.`;
  return kind === 'target-gone' ? ' Ended early: the server was unreachable.' : '';
}

/** The limit that `figure` must stay below, in milliseconds or per cent; null where there is none. */
export function limitOf(figure, thresholds) {
  const found = thresholds.find((one) => one.figure === figure && ['<', '<='].includes(one.comparison) && one.unit !== null);
  return found?.limit ?? null;
}

/** Name and text of the figures above the charts: those of the whole run once it is over, else of its last second. */
export function figures(run, seconds) {
  const last = seconds.at(-1);
  const { result } = run;
  const late = result ? share(result.agentFrames.late, result.agentFrames.received) : lateOf(seconds);
  return [
    result ? ['Active calls, max', text(result.calls.activeMax)] : ['Active calls', text(last?.active)],
    ['Started', text(result?.calls.offered ?? last?.offered)],
    ['Refused', text(result?.calls.refused ?? last?.refused)],
    ['Failed', text(result?.calls.failed ?? last?.failed)],
    ['Completed', text(result?.calls.completed ?? last?.completed)],
    ['Latency p50', millisecondsText(result ? result.turnLatency.p50Ms ?? NaN : recent(seconds, 'p50Ms'))],
    ['Latency p95', millisecondsText(result ? result.turnLatency.p95Ms ?? NaN : recent(seconds, 'p95Ms'))],
    ['Frames late', late],
    ['Server cores', coresText(result ? result.server.coresMean : last?.serverCores)],
    ['Server memory', megabytesText(result ? result.server.residentBytesMax : last?.serverBytes)],
  ];
}

const text = (count) => (Number.isFinite(count) ? String(count) : '–');
export const coresText = (cores) => (Number.isFinite(cores) ? cores.toFixed(2) : '–');
export const megabytesText = (bytes) => (Number.isFinite(bytes) ? `${Math.round(bytes / 1e6)} MB` : '–');
const share = (part, whole) => (whole > 0 ? `${((part * 100) / whole).toFixed(2)} %` : '–');

const sum = (seconds, member) => seconds.reduce((total, second) => total + second[member], 0);
const lateOf = (seconds) => share(sum(seconds, 'framesLate'), sum(seconds, 'framesReceived'));

/** The last measured value: with few calls not every second has a turn. */
const recent = (seconds, member) => seconds.findLast((second) => second[member] !== null)?.[member] ?? NaN;
