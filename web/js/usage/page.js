// The usage page: days and key, kept in the address, the figures, their charts, and the same as a file.

import { errorText, fetchUsage, saveFile } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { counted } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { becameReachable, showVersion, watchServer } from '../shared/server-status.js';
import { BarChart } from './bar-chart.js';
import { csvOf, dayMs, daysOf, figureText, keyLabel, lastDays, MEASURES, onlyKey, shortDay } from './measures.js';

const DAYS_USUAL = 30;
/** The server's limit of days in one report. */
const DAYS_MAX = 366;
/** Keys with a colour of their own; what the others used is drawn together. */
const TONES = 6;
/** Values of the key field: every key, and requests without a key. */
const [EVERY, NONE] = ['', 'none'];

const notices = new Notices(byId('notices'), () => load());
const charts = MEASURES.map((measure) => new BarChart(measure));
/** `{from, to}`, the requested days. */
let range;
let usage = null;
/** Counts the requests: only the response to the last one is shown. */
let requests = 0;

// ---- Server ----

async function serverChanged(readiness, before) {
  if (readiness.status === 'unreachable') return notices.show('server-unreachable');
  if (becameReachable(before)) await load();
}

async function load() {
  const mine = ++requests;
  byId('figures').setAttribute('aria-busy', 'true');
  try {
    const [answer] = await Promise.all([fetchUsage(range.from, range.to), showVersion()]);
    if (mine !== requests) return;
    notices.clear();
    usage = answer;
    fillKeys();
    show();
  } catch (problem) {
    if (mine !== requests) return;
    byId('range-summary').textContent = usage ? byId('range-summary').textContent : '';
    notices.show('usage-unreadable', errorText(problem));
  } finally {
    if (mine === requests) byId('figures').removeAttribute('aria-busy');
  }
}

// ---- Days and key ----

function readAddress() {
  const wanted = new URLSearchParams(location.search);
  const [from, to] = [wanted.get('from'), wanted.get('to')];
  const isRange = [from, to].every((day) => /^\d{4}-\d\d-\d\d$/.test(day ?? '') && !Number.isNaN(dayMs(day)));
  range = isRange ? { from, to } : lastDays(Number(wanted.get('days')) || DAYS_USUAL);
  byId('key').append(element('option', { value: wanted.get('key') ?? EVERY }));
  showRange();
}

function writeAddress() {
  const words = new URLSearchParams(pressed() ? { days: pressed() } : range);
  if (byId('key').value !== EVERY) words.set('key', byId('key').value);
  history.replaceState(null, '', `?${words}`);
}

/** The days of the pressed button; null when none is pressed. */
function pressed() {
  const button = document.querySelector('[data-days][aria-pressed="true"]');
  return button ? button.dataset.days : null;
}

function showRange() {
  byId('from').value = range.from;
  byId('to').value = range.to;
  for (const button of document.querySelectorAll('[data-days]')) {
    const last = lastDays(Number(button.dataset.days));
    button.setAttribute('aria-pressed', String(last.from === range.from && last.to === range.to));
  }
}

async function choose(days) {
  range = days;
  showRange();
  writeAddress();
  await load();
}

/** What is wrong with the days entered, for the field's validation; empty when nothing is. */
function faultOf(from, to) {
  if (from > to) return 'The first day is after the last one.';
  return daysOf(from, to).length > DAYS_MAX ? `At most ${DAYS_MAX} days are shown at once.` : '';
}

function fillKeys() {
  const chosen = byId('key').value;
  const choices = usage.keys.map((one) => [one.key ?? NONE, keyLabel(one)]);
  if (chosen !== EVERY && !choices.some(([value]) => value === chosen)) choices.push([chosen, chosen === NONE ? 'without a key' : chosen]);
  byId('key').replaceChildren(...[[EVERY, 'All keys'], ...choices].map(([value, text]) => element('option', { value }, text)));
  byId('key').value = chosen;
}

/** The key's id, null for requests without a key, undefined for every key. */
function chosenKey() {
  const { value } = byId('key');
  if (value === EVERY) return undefined;
  return value === NONE ? null : value;
}

// ---- Figures ----

function show() {
  const shown = onlyKey(usage, chosenKey());
  const days = daysOf(usage.from, usage.to);
  const used = shown.days.length;
  byId('range-summary').textContent = `${shortDay(usage.from)} to ${shortDay(usage.to)}: ${counted(used, 'day')} with usage`;
  byId('tiles').replaceChildren(...MEASURES.map(({ title, of, decimals }) =>
    element('div', {}, element('dt', {}, title), element('dd', {}, figureText(of(shown.totals), decimals)))));
  byId('usage-empty').hidden = used > 0;
  byId('usage-empty').textContent = 'Nothing was used on these days.';
  byId('charts').hidden = used === 0;
  byId('download').disabled = used === 0;
  const groups = groupsOf(shown);
  byId('legend').replaceChildren(...(groups.length > 1 ? groups.map(({ name, tone }) => element('span', { class: `tone ${tone}` }, name)) : []));
  const byDay = new Map(shown.days.map((one) => [one.day, one]));
  MEASURES.forEach(({ of }, at) => charts[at].show(days, groups.map(({ name, tone, has }) => ({
    name, tone, values: days.map((day) => (byDay.get(day)?.keys ?? []).filter(has).reduce((sum, one) => sum + of(one), 0)),
  }))));
}

const weight = ({ callSeconds, synthesizedSeconds, recognizedSeconds, refusedCalls }) => callSeconds + synthesizedSeconds + recognizedSeconds + refusedCalls;

/** Keys with their colours, those with most time in calls first; those beyond the colours together. */
function groupsOf({ keys }) {
  const sorted = keys.toSorted((one, other) => weight(other) - weight(one));
  const own = sorted.length > TONES ? sorted.slice(0, TONES - 1) : sorted;
  const groups = own.map((one, at) => ({ name: keyLabel(one), tone: `key-${at + 1}`, has: ({ key }) => key === one.key }));
  const others = new Set(sorted.slice(own.length).map(({ key }) => key));
  if (others.size > 0) groups.push({ name: `${others.size} others`, tone: 'others', has: ({ key }) => others.has(key) });
  return groups;
}

function download() {
  const csv = new Blob([csvOf(onlyKey(usage, chosenKey()))], { type: 'text/csv' });
  saveFile(csv, `usage-${usage.from}-to-${usage.to}.csv`);
}

byId('charts').append(...charts.map(({ node }) => node));
new ResizeObserver(() => {
  if (usage) for (const chart of charts) chart.redraw();
}).observe(byId('charts'));
for (const button of document.querySelectorAll('[data-days]')) button.addEventListener('click', () => choose(lastDays(Number(button.dataset.days))));
byId('filters').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('from').setCustomValidity(faultOf(byId('from').value, byId('to').value));
  if (byId('filters').reportValidity()) choose({ from: byId('from').value, to: byId('to').value });
});
byId('from').addEventListener('input', () => byId('from').setCustomValidity(''));
byId('to').addEventListener('input', () => byId('from').setCustomValidity(''));
byId('key').addEventListener('change', () => {
  writeAddress();
  if (usage) show();
});
byId('download').addEventListener('click', download);
readAddress();
watchServer(serverChanged);
