// The test cases: what each does, how it fared last, and a button that runs it.

import { element } from '../shared/dom.js';
import {
  progressBar, labelled, reasonList, refreshDetail, reportLink, updateProgressBar, stepLine, toggleDetail, verdictMark,
} from './rows.js';
import { verdictOf, verdictText } from './verdict.js';

export class CaseList {
  #list;
  #run;
  #rows = new Map();

  /** `run` gets the id of the case whose button was pressed. */
  constructor(list, run) {
    this.#list = list;
    this.#run = run;
  }

  get count() {
    return this.#rows.size;
  }

  /** Ids of the cases that pass the filter, in order. */
  get shown() {
    return [...this.#rows].filter(([, row]) => !row.item.hidden).map(([id]) => id);
  }

  /** Draws `cases` of /testcases. */
  show(cases) {
    this.#rows = new Map(cases.map((test) => [test.test_id, this.#row(test)]));
    this.#list.replaceChildren(...[...this.#rows.values()].map(({ item }) => item));
  }

  /** Shows the cases that hold all `words`, and only those whose last verdict is `wanted` unless that is `all`. */
  filter(words, wanted) {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.#rows.values()) {
      const fits = wanted === 'all' || wanted === row.settled || (wanted === 'failed' && row.settled === 'broken');
      row.item.hidden = !fits || !parts.every((part) => row.text.includes(part));
    }
  }

  /** Whether cases can be run now. */
  set runnable(runnable) {
    for (const { button } of this.#rows.values()) button.disabled = !runnable;
  }

  /** The verdict of `run`, the last one of its case, and why; undefined for no run. */
  settle(testId, run) {
    const row = this.#rows.get(testId);
    if (!row || (run && row.run === run)) return;
    row.run = run;
    row.settled = verdictOf(run);
    for (const old of row.item.querySelectorAll(':scope > .reasons')) old.remove();
    const reasons = reasonList(run, 1);
    if (reasons) row.button.after(reasons);
    refreshDetail(row.toggle, row.detail);
    this.#mark(row, row.settled);
  }

  /** Marks what runs and waits; every other case shows its last verdict. */
  progress({ current, waiting }) {
    const queue = new Set(waiting);
    for (const [id, row] of this.#rows) {
      const runs = current?.testId === id;
      this.#mark(row, runs ? 'running' : queue.has(id) ? 'waiting' : row.settled);
      row.button.setAttribute('aria-disabled', runs || queue.has(id));
      this.#drawProgress(row, id, runs ? current : null);
    }
  }

  #drawProgress(row, id, current) {
    if (!current) row.progress?.remove();
    if (!current) return void (row.progress = null);
    if (!row.progress) {
      row.progress = progressBar(id);
      row.button.after(row.progress);
    }
    updateProgressBar(row.progress, current.progress);
  }

  #mark(row, verdict) {
    if (row.item.dataset.verdict === verdict) return;
    row.item.dataset.verdict = verdict;
    row.mark.dataset.verdict = verdict;
    row.mark.textContent = verdictText(verdict);
  }

  #row(test) {
    const mark = verdictMark('none');
    const toggle = element('button', { type: 'button', class: 'test-row case-row', 'aria-expanded': 'false' },
      element('span', { class: 'name' }, test.test_id), labelled('Turns', String(test.turns.length)), mark,
      test.persona ? element('span', { class: 'persona' }, test.persona) : null);
    const button = element('button', { type: 'button', class: 'small', 'aria-label': `Run ${test.test_id}` }, 'Run');
    const item = element('li', { class: 'test', 'data-test-id': test.test_id }, toggle, button);
    const row = { item, toggle, button, mark, settled: 'none', run: undefined, progress: null, text: searchable(test) };
    row.detail = () => detail(test, row.run);
    item.dataset.verdict = 'none';
    button.addEventListener('click', () => button.getAttribute('aria-disabled') !== 'true' && this.#run(test.test_id));
    toggle.addEventListener('click', () => toggleDetail(toggle, row.detail));
    return row;
  }
}

function searchable({ test_id: id, persona, turns }) {
  const words = turns.flatMap((turn) => [turn.user_input, ...turn.expected_agent_response_keywords]);
  return [id, persona, ...words].join(' ').toLowerCase();
}

function detail(test, run) {
  const turns = test.turns.map((turn) => element('li', {},
    stepLine('Caller', 'caller', turn.user_input), stepLine('Expects', 'agent', expectation(turn))));
  return [
    element('ol', { class: 'steps', 'aria-label': `Turns of ${test.test_id}` }, ...turns),
    run ? element('p', {}, reportLink(run)) : null,
  ];
}

function expectation({ expected_agent_response_keywords: keywords, exact_match_required: exact }) {
  if (keywords.length === 0) return 'no particular words';
  return `${keywords.map((word) => `“${word}”`).join(', ')}${exact ? ', as whole words' : ''}`;
}
