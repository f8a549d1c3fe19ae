// The runs, newest first: verdict, failing steps with their reasons, every step, and the way to the report.

import { element } from './dom.js';
import { goingBar, labelled, reasonList, reportLink, showGoing, stepLine, toggleDetail, verdictMark } from './testviews.js';
import { failedAsItHasTo, isOver, stepsText, verdictOf, withoutStep } from './verdict.js';
import { momentText } from './words.js';

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

  /** Forgets everything: the server may be another one than before. */
  clear() {
    this.#runs.clear();
    this.#list.replaceChildren();
  }

  /** Forgets the runs that went on: the server that held them is gone. */
  dropGoing() {
    for (const id of this.going) {
      this.#item(id).remove();
      this.#runs.delete(id);
    }
  }

  /** Takes `runs` of /testruns, newest first, among those known; rows that did not change keep what is open and focused. */
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

  /** Ids of the runs that go on or wait. */
  get going() {
    return [...this.#runs.values()].filter((run) => !isOver(run)).map((run) => run.run_id);
  }

  /** Moves the bar of the run `id`, if it goes on. */
  progress(id, progress) {
    const going = this.#item(id)?.querySelector('.going');
    if (going && progress) showGoing(going, progress);
  }

  #put(run) {
    const known = this.#runs.get(run.run_id);
    if (known && known.status === run.status && known.updated_at === run.updated_at) return;
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
    toggle, isOver(run) ? reportLink(run) : element('span', {}), isOver(run) ? reasonList(run) : goingBar(run.test_id));
}

function stepList(run) {
  const steps = run.evaluation?.zipper_report?.steps ?? [];
  if (steps.length === 0) return [element('p', { class: 'empty' }, 'No step was taken.')];
  const remark = failedAsItHasTo(run) ? 'This agent has to fail, and it did: that is what the case checks.' : null;
  return [remark && element('p', { class: 'hint' }, remark), element('ol', { class: 'steps', 'aria-label': `Steps of ${run.test_id}` }, ...steps.map(step))];
}

function step({ step_order: number, passed, details, ...step }) {
  const { actual_user_input: said, expected_user_input: meant, agent_response: answer, expected_keywords: words } = step;
  return element('li', { 'data-passed': passed },
    stepLine('Caller', 'caller', said || meant),
    stepLine('Agent', 'agent', answer || 'said nothing'),
    passed ? null : stepLine('Expected', 'check', (words ?? []).map((word) => `“${word}”`).join(', ')),
    passed ? null : stepLine('Failed', 'wrong', withoutStep(number, details)));
}
