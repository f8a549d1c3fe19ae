// What a run came to, in words. Pure.

const WORDS = {
  passed: 'Passed', failed: 'Failed', broken: 'Could not run', running: 'Running', waiting: 'Waiting', none: 'Not run',
};
const BROKEN_REASON = 'The call could not be placed. See the log of the server.';

export const verdictText = (verdict) => WORDS[verdict];

/** `passed`, `failed`, `broken` (no call came about, so nothing is known of the agent), `running`, `waiting`, or `none` for no run at all. */
export function verdictOf(run) {
  if (!run) return 'none';
  if (run.status === 'queued') return 'waiting';
  if (run.status === 'running') return 'running';
  if (run.status === 'failed' || !run.evaluation) return 'broken';
  return run.evaluation.status === 'pass' ? 'passed' : 'failed';
}

export const isOver = (run) => !['queued', 'running'].includes(run.status);

/** Why a run did not pass: `{step, text}` for each failing step, then what concerns the whole call, its step null. Each appears once. */
export function reasonsOf(run) {
  const verdict = verdictOf(run);
  if (!['failed', 'broken'].includes(verdict)) return [];
  const { steps = [], failures = [], findings = [] } = run.evaluation?.zipper_report ?? {};
  if (verdict === 'broken') return (failures.length > 0 ? failures : [BROKEN_REASON]).map((text) => ({ step: null, text }));
  // A run that an earlier version kept has its failures as texts only, those of the steps among them.
  if (findings.length === 0 && failures.length > 0) return failures.map((text) => ({ step: null, text }));
  const failed = steps.filter(({ passed }) => !passed).map((step) => ({ step: step.step_order, text: stepFault(step) }));
  const failedSteps = new Set(failed.map(({ step }) => step));
  const others = findings.filter(({ turn }) => !failedSteps.has(turn)).map((finding) => ({ step: null, text: findingText(finding) }));
  return [...failed, ...others];
}

/** Whether the case passed because its agent failed as required. */
export const failedAsRequired = (run) => verdictOf(run) === 'passed' && run.evaluation.zipper_report?.overall_passed === false;

/** What is wrong with a step; its number stands beside it. */
export const stepFault = ({ findings = [], details }) => (findings.length > 0 ? findings.map(findingText).join('; ') : details);

const findingText = ({ kind, text, invalid }) => `${invalid ? 'invalid: ' : ''}${kind}: ${text}`;

/** What a language model made of the statements of the case; empty without any. */
export const judgedOf = (run) => run.evaluation?.zipper_report?.judged ?? [];

const OUTCOMES = { yes: 'Yes', no: 'No', unjudged: 'Open', 'not-asked': 'Not asked' };
const ANSWERS = { yes: 'yes', no: 'no', 'cannot-tell': 'cannot tell' };

/** Whether what the case wants of a statement is so: `true`, `false`, or null where nothing is known. */
export const isMet = ({ outcome, never }) => (['yes', 'no'].includes(outcome) ? (outcome === 'yes') !== never : null);

/** `Yes`, `No, in 2 answers`, `Open: the language model cannot tell`. */
export function outcomeText({ outcome, reason, votes }) {
  const count = votes.length > 1 ? `, in ${votes.length} answers` : '';
  return `${OUTCOMES[outcome] ?? outcome}${count}${reason ? `: ${reason}` : ''}`;
}

/** One answer: `yes: “We close at five.” (It names the hour.)`. */
export function voteText({ answer, quote, why, fault }) {
  const reason = fault ? `does not count: ${fault}` : why;
  return `${ANSWERS[answer] ?? 'none'}${quote ? `: “${quote}”` : ''}${reason ? ` (${reason})` : ''}`;
}

/** What was compared in meaning in the turn `step`; null: in the whole call. */
export const similaritiesOf = (run, step) => (run.evaluation?.zipper_report?.similarities ?? []).filter(({ turn }) => turn === step);

/** `0.62: “You are down for nine.” (expected at least 0.45 like “You are booked” in meaning)`. */
export const similarityText = ({ found, expected }) => `${found} (expected ${expected})`;

/** `4 of 5`: steps passed and written; empty without an evaluation. */
export function stepsText(run) {
  const metrics = run.evaluation?.zipper_report?.metrics;
  return metrics ? `${metrics.steps_passed} of ${metrics.total_steps}` : '';
}

/** 1234 → `1.2 s`. */
export const secondsText = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
