// The runs, newest first: verdict, failing steps with their reasons, every step, and a link to the report.

import { element } from '../shared/dom.js';
import { momentText } from '../shared/format.js';
import { labelled, progressBar, reasonList, reportLink, stepLine, toggleDetail, updateProgressBar, verdictMark } from './rows.js';
import {
  failedAsRequired, isMet, isOver, judgedOf, outcomeText, similaritiesOf, similarityText, stepFault, stepsText, verdictOf, voteText,
} from './verdict.js';

/** Older ones are left out; the server keeps its own bound. */
const RUNS_MAX = 100;

export class RunList {
  #list;
  #runs = new Map();

  constructor(list) {
    this.#list = list;
  }

  get count() {
    return this.#runs.size;
  }

  /** Removes all rows: the server may be another one than before. */
  clear() {
    this.#runs.clear();
    this.#list.replaceChildren();
  }

  /** Removes the unfinished runs: the server that ran them is gone. */
  dropUnfinished() {
    for (const id of this.unfinished) {
      this.#item(id).remove();
      this.#runs.delete(id);
    }
  }

  /** Merges `runs` of /testruns, newest first, into the list; unchanged rows stay open and focused. */
  merge(runs) {
    for (const run of runs.toReversed()) this.#put(run);
    for (const item of [...this.#list.children].slice(RUNS_MAX)) {
      this.#runs.delete(item.dataset.runId);
      item.remove();
    }
  }

  /** The newest run of each case that is over: test id to run. */
  get latest() {
    const latest = new Map();
    for (const { dataset } of this.#list.children) {
      const run = this.#runs.get(dataset.runId);
      if (isOver(run) && !latest.has(run.test_id)) latest.set(run.test_id, run);
    }
    return latest;
  }

  /** Ids of the runs that are running or waiting. */
  get unfinished() {
    return [...this.#runs.values()].filter((run) => !isOver(run)).map((run) => run.run_id);
  }

  /** Updates the progress of the run `id` while it is running. */
  progress(id, progress) {
    const bar = this.#item(id)?.querySelector('.run-progress');
    if (bar && progress) updateProgressBar(bar, progress);
  }

  #put(run) {
    const known = this.#runs.get(run.run_id);
    if (known && known.status === run.status && known.updated_at === run.updated_at) return;
    if (known && isOver(known) && !isOver(run)) return; // A response that was overtaken by a later one.
    this.#runs.set(run.run_id, run);
    const item = row(run);
    if (known) this.#item(run.run_id).replaceWith(item);
    else this.#list.insertBefore(item, this.#before(run));
  }

  /** The row that `run` goes on top of: the first that did not begin later. */
  #before(run) {
    const begun = Date.parse(run.created_at);
    return [...this.#list.children].find((item) => Date.parse(this.#runs.get(item.dataset.runId).created_at) <= begun) ?? null;
  }

  #item(runId) {
    return this.#list.querySelector(`[data-run-id="${CSS.escape(runId)}"]`);
  }
}

function row(run) {
  const verdict = verdictOf(run);
  const steps = stepsText(run);
  const toggle = element('button', { type: 'button', class: 'test-row run-row', 'aria-expanded': 'false' },
    element('span', { class: 'name' }, run.test_id),
    steps ? labelled('Steps', steps) : element('span', {}),
    verdictMark(verdict),
    element('span', { class: 'persona' }, momentText(run.created_at)));
  toggle.addEventListener('click', () => toggleDetail(toggle, () => stepList(run)));
  return element('li', { class: 'test', 'data-run-id': run.run_id, 'data-test-id': run.test_id, 'data-verdict': verdict },
    toggle, isOver(run) ? reportLink(run) : element('span', {}), isOver(run) ? reasonList(run) : progressBar(run.test_id));
}

function stepList(run) {
  const steps = run.evaluation?.zipper_report?.steps ?? [];
  if (steps.length === 0) return [element('p', { class: 'empty' }, 'No step was reached.')];
  const remark = failedAsRequired(run) ? 'This agent must fail, and it did: that is what the case checks.' : null;
  return [
    remark && element('p', { class: 'hint' }, remark),
    element('ol', { class: 'steps', 'aria-label': `Steps of ${run.test_id}` }, ...steps.map((step) => stepItem(step, run))),
    ...similarityLines(run, null),
    judgedList(run),
  ];
}

function stepItem(step, run) {
  const { passed, actual_user_input: said, expected_user_input: written, agent_response: response } = step;
  const words = step.expected_keywords ?? [];
  return element('li', { 'data-passed': passed },
    stepLine('Caller', 'caller', said || written),
    stepLine('Agent', 'agent', response || 'said nothing'),
    ...similarityLines(run, step.step_order),
    passed ? null : stepLine('Expected', 'check', words.map((word) => `“${word}”`).join(', ')),
    passed ? null : stepLine('Failed', 'wrong', stepFault(step)));
}

/** What was compared in meaning, with its score. */
const similarityLines = (run, step) =>
  similaritiesOf(run, step).map((similarity) => stepLine('Meaning', similarity.passed ? 'check' : 'wrong', similarityText(similarity)));

/** What a language model made of each statement, with every answer and what it quotes; null without statements. */
function judgedList(run) {
  const judged = judgedOf(run);
  if (judged.length === 0) return null;
  return element('ul', { class: 'judged', 'aria-label': `Statements about the agent of ${run.test_id}` },
    ...judged.map((judgement) => element('li', { 'data-met': isMet(judgement) },
      stepLine(judgement.never ? 'Never' : 'Judged', 'check', `The agent ${judgement.statement}`),
      stepLine('Outcome', isMet(judgement) ? 'check' : 'wrong', outcomeText(judgement)),
      ...judgement.votes.map((vote) => stepLine('Answer', 'agent', voteText(vote))))));
}
