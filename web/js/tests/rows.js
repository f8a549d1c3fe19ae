// Pieces that the list of test cases and the list of runs share.

import { reportURL } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { counted } from '../shared/format.js';
import { reasonsOf, secondsText, verdictText } from './verdict.js';

/** More reasons than this are in the opened row and in the report. */
const REASONS_MAX = 3;

export const labelled = (name, value) => element('span', { class: 'figure' }, element('small', {}, `${name} `), value);

export const verdictMark = (verdict) => element('span', { class: 'verdict', 'data-verdict': verdict }, verdictText(verdict));

/** Opens the report of `run` in a new tab. */
export function reportLink(run) {
  return element('a', { class: 'report', href: reportURL(run.run_id), target: '_blank', rel: 'noopener' },
    'Report', element('span', { class: 'visually-hidden' }, ` of ${run.test_id}, opens in a new tab`));
}

/** The first reasons why `run` did not pass, as a list; null when there are none. */
export function reasonList(run, count = REASONS_MAX) {
  const reasons = run ? reasonsOf(run) : [];
  if (reasons.length === 0) return null;
  const more = reasons.length - count;
  return element('ul', { class: 'reasons', 'aria-label': `Why ${run.test_id} failed` },
    ...reasons.slice(0, count).map(({ step, text }) =>
      element('li', {}, step === null ? null : element('b', {}, `Step ${step}: `), text)),
    more > 0 ? element('li', {}, `and ${more} more`) : null);
}

/** A moving bar with `Turn 2 of 5, 1.3 s`. */
export function progressBar(testId, progress) {
  const bar = element('progress', { 'aria-label': `Turns of ${testId}` });
  const text = element('span', {});
  const progressRow = element('div', { class: 'run-progress' }, bar, text);
  updateProgressBar(progressRow, progress);
  return progressRow;
}

/** Moves a bar of `progressBar`; without `progress` nothing is known yet. Until the first turn is over the bar is indeterminate. */
export function updateProgressBar(progressRow, progress) {
  const [bar, text] = progressRow.children;
  if (!progress?.turns_all && !progress?.turns_done) return void (text.textContent = 'Starting');
  // A caller with a goal has no written turns: how many there will be is not known.
  if (!progress.turns_all) return void (text.textContent = `${counted(progress.turns_done, 'turn')}, ${secondsText(progress.elapsed_ms)}`);
  bar.max = progress.turns_all;
  if (progress.turns_done > 0) bar.value = progress.turns_done;
  else bar.removeAttribute('value');
  text.textContent = `${progress.turns_done} of ${progress.turns_all} turns, ${secondsText(progress.elapsed_ms)}`;
}

/** One thing said, asked or found, under a step. */
export function stepLine(name, kind, text) {
  if (!text) return null;
  return element('p', { class: `step-line ${kind}` }, element('span', { class: 'by' }, name), ' ', element('span', {}, text));
}

/** Opens or closes the detail below a row; `build` makes its parts. */
export function toggleDetail(button, build) {
  const opening = button.getAttribute('aria-expanded') === 'false';
  button.setAttribute('aria-expanded', opening);
  showDetail(button, opening ? build : null);
}

/** Rebuilds the detail of an opened row. */
export function refreshDetail(button, build) {
  if (button.getAttribute('aria-expanded') === 'true') showDetail(button, build);
}

function showDetail(button, build) {
  button.parentElement.querySelector('.test-detail')?.remove();
  if (build) button.parentElement.append(element('div', { class: 'test-detail' }, ...build().filter(Boolean)));
}
