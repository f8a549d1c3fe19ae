// What a run came to, in words. Pure.

const WORDS = {
  passed: 'Passed', failed: 'Failed', broken: 'Could not run', running: 'Running', waiting: 'Waiting', none: 'Not run',
};
const BROKEN_REASON = 'No call came about. The log of the server says why.';

export const verdictWords = (verdict) => WORDS[verdict];

/** `passed`, `failed`, `broken` (no call came about, so nothing is known of the agent), `running`, `waiting`, or `none` for no run at all. */
export function verdictOf(run) {
  if (!run) return 'none';
  if (run.status === 'queued') return 'waiting';
  if (run.status === 'running') return 'running';
  if (run.status === 'failed' || !run.evaluation) return 'broken';
  return run.evaluation.status === 'pass' ? 'passed' : 'failed';
}

export const isOver = (run) => !['queued', 'running'].includes(run.status);

/** Why a run did not pass: `{step, text}` for each failing step, then what concerns the whole call, its step null. Each is told once. */
export function reasonsOf(run) {
  const verdict = verdictOf(run);
  if (!['failed', 'broken'].includes(verdict)) return [];
  const { steps = [], failures = [] } = run.evaluation?.zipper_report ?? {};
  if (verdict === 'broken') return (failures.length > 0 ? failures : [BROKEN_REASON]).map((text) => ({ step: null, text }));
  const failed = steps.filter(({ passed }) => !passed).map(({ step_order: step, details }) => ({ step, text: withoutStep(step, details) }));
  const told = new Set(failed.map(({ step }) => step));
  const others = failures.filter((text) => !told.has(stepNamed(text))).map((text) => ({ step: null, text }));
  return [...failed, ...others];
}

/** Whether the case passed because its agent failed, as it has to. */
export const failedAsItHasTo = (run) => verdictOf(run) === 'passed' && run.evaluation.zipper_report?.overall_passed === false;

/** The step that a failure of the whole run names at its start (`turn 2, keywords: …`), or null. */
function stepNamed(text) {
  const found = /^(?:invalid: )?turn (\d+),/.exec(text);
  return found ? Number(found[1]) : null;
}

/** The server's findings name the turn each; under the step it need not be said again. */
export const withoutStep = (step, details) => details.replaceAll(`turn ${step}, `, '');

/** `4 of 5`: steps passed and written; empty without an evaluation. */
export function stepsText(run) {
  const metrics = run.evaluation?.zipper_report?.metrics;
  return metrics ? `${metrics.steps_passed} of ${metrics.total_steps}` : '';
}

/** 1234 → `1.2 s`. */
export const secondsText = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
