// Shows one load test: its state, figures, charts and thresholds.

import { loadReportURL } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { clockText, counted } from '../shared/format.js';
import { LineChart } from '../shared/line-chart.js';
import { figures, isOver, limitOf, runSummary } from './summary.js';

const CHARTS = [
  {
    figure: null,
    outline: {
      title: 'Active calls', least: 4,
      series: [{ name: 'active', tone: 'one', value: ({ active }) => active }],
    },
  },
  {
    figure: null,
    outline: {
      title: 'Calls per second', least: 4,
      series: [
        { name: 'started', tone: 'four', value: rate('offered') },
        { name: 'refused', tone: 'two', value: rate('refused') },
        { name: 'failed', tone: 'five', value: rate('failed') },
      ],
    },
  },
  {
    figure: 'turn_latency',
    outline: {
      title: 'Turn latency, ms', least: 400,
      series: [
        { name: 'p50', tone: 'four', value: ({ p50Ms }) => p50Ms },
        { name: 'p95', tone: 'one', value: ({ p95Ms }) => p95Ms },
      ],
    },
  },
  {
    figure: 'frames_late',
    outline: {
      title: 'Agent frames late, %', least: 2, decimals: 1,
      series: [{ name: 'late', tone: 'five', value: ({ framesLate, framesReceived }) => (framesReceived > 0 ? (framesLate * 100) / framesReceived : null) }],
    },
  },
  { figure: null, outline: { title: 'Server, cores', least: 1, decimals: 2, series: [{ name: 'cores', tone: 'one', value: ({ serverCores }) => serverCores }] } },
  {
    figure: null,
    outline: {
      title: 'Server, resident MB', least: 40,
      series: [{ name: 'resident', tone: 'two', value: ({ serverBytes }) => (serverBytes === null ? null : serverBytes / 1e6) }],
    },
  },
];

/** Turns a running total into a count per second. */
function rate(member) {
  return (second, before) => second[member] - (before?.[member] ?? 0);
}

export class LoadRunView {
  #charts = CHARTS.map(({ figure, outline }) => ({ figure, plot: new LineChart(outline) }));
  #sentence = '';

  constructor() {
    byId('charts').replaceChildren(...this.#charts.map(({ plot }) => plot.node));
    new ResizeObserver(() => this.#charts.forEach(({ plot }) => plot.redraw())).observe(byId('charts'));
  }

  /** `seconds` are all of the run so far. */
  show(run, seconds) {
    document.body.dataset.loadState = run.state;
    const sentence = runSummary(run);
    // Screen readers announce it when it changes, and only then.
    if (sentence !== this.#sentence) byId('state').textContent = this.#sentence = sentence;
    byId('clock').textContent = clockText(seconds.at(-1)?.atMs ?? 0);
    byId('tiles').replaceChildren(...figures(run, seconds).map(([name, text]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, text))));
    for (const { figure, plot } of this.#charts) plot.show(seconds, figure && limitOf(figure, run.thresholds));
    byId('outcome').replaceChildren(...(isOver(run) ? outcome(run) : []));
  }
}

function outcome(run) {
  const thresholds = run.result?.thresholds ?? [];
  const rows = thresholds.map(({ threshold, found, holds }) => element('li', { 'data-holds': holds },
    element('span', { class: 'held' }, holds ? '✓ kept' : '✗ not kept'), element('span', { class: 'name' }, threshold), element('span', {}, found)));
  return [
    rows.length > 0 ? element('ul', { class: 'findings', 'aria-label': 'Thresholds' }, ...rows) : null,
    failures(run),
    generators(run),
    run.hasReport ? element('p', {}, reportLink(run)) : null,
  ].filter(Boolean);
}

function failures(run) {
  const reasons = Object.entries(run.result?.calls.failures ?? {});
  if (reasons.length === 0) return null;
  return element('ul', { class: 'reasons', 'aria-label': 'Why calls failed' }, ...reasons.map(([reason, count]) => element('li', {}, `${count} × ${reason}`)));
}

/** What each generator on another machine placed, and what was wrong with it. */
function generators(run) {
  const told = run.result?.generators ?? [];
  if (told.length === 0) return null;
  return element('ul', { class: 'reasons generators', 'aria-label': 'Generators' },
    ...told.map(({ name, offered, problem }) => element('li', { 'data-is-well': !problem }, `${name}: ${counted(offered, 'call')}${problem ? `, ${problem}` : ''}`)));
}

/** Opens the report of `run` in a new tab. */
export function reportLink(run) {
  return element('a', { class: 'report', href: loadReportURL(run.id), target: '_blank', rel: 'noopener' },
    'Report', element('span', { class: 'visually-hidden' }, ' of the load test, opens in a new tab'));
}
