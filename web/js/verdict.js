// What a run came to, in words. Pure.

const WORDS = {
  passed: 'Passed', failed: 'Failed', broken: 'Could not run', running: 'Running', waiting: 'Waiting', none: 'Not run',
};
const BROKEN_REASON = 'The run ended without a verdict. The log of the server says why.';

export const verdictWords = (verdict) => WORDS[verdict];

/** `passed`, `failed`, `broken` (it ended without a verdict), `running`, `waiting`, or `none` for no run at all. */
export function verdictOf(run) {
  if (!run) return 'none';
  if (run.status === 'queued') return 'waiting';
  if (run.status === 'running') return 'running';
  if (!run.evaluation) return 'broken';
  return run.evaluation.status === 'pass' ? 'passed' : 'failed';
}

export const isOver = (run) => !['queued', 'running'].includes(run.status);

/** Why a run did not pass: `{step, text}` for each failing step, then what concerns the whole call, its step null. */
export function reasonsOf(run) {
  const verdict = verdictOf(run);
  if (verdict === 'broken') return [{ step: null, text: BROKEN_REASON }];
  if (verdict !== 'failed') return [];
  const { steps = [], failures = [] } = run.evaluation.zipper_report ?? {};
  const failed = steps.filter(({ passed }) => !passed).map(({ step_order: step, details }) => ({ step, text: details }));
  const told = new Set(failed.map(({ step }) => step));
  const others = failures.filter((text) => !told.has(stepNamed(text))).map((text) => ({ step: null, text }));
  return [...failed, ...others];
}

/** The step that a failure of the report names at its start (`Step 2: …`), or null. */
function stepNamed(text) {
  const found = /^(?:step|turn) (\d+)\b/i.exec(text);
  return found ? Number(found[1]) : null;
}

/** `4 of 5`: steps passed and written; empty without an evaluation. */
export function stepsText(run) {
  const metrics = run.evaluation?.zipper_report?.metrics;
  return metrics ? `${metrics.steps_passed} of ${metrics.total_steps}` : '';
}

/** 1234 → `1.2 s`. */
export const secondsText = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
