// Wires the usage page: days and key, kept in the address, the figures, their charts, and the same as a file.

import { fetchUsage, fetchVersion, Refusal } from './api.js';
import { DayBars } from './bars.js';
import { byId, element } from './dom.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { csvOf, dayMs, daysOf, figureText, keyWords, lastDays, MEASURES, onlyKey, shortDay } from './usagewords.js';
import { counted } from './words.js';

const DAYS_USUAL = 30;
/** As many days as the server puts into one report. */
const DAYS_MAX = 366;
/** Keys with a colour of their own; what the others used is drawn together. */
const TONES = 6;
/** Values of the key field: every key, and what needed none. */
const [EVERY, NONE] = ['', 'none'];

const notices = new Notices(byId('notices'), () => load());
const charts = MEASURES.map((measure) => new DayBars(measure));
/** `{from, to}`, days that were asked for. */
let range;
let usage = null;
/** Counts the questions: only the answer to the last one is shown. */
let asked = 0;

// ---- Server ----

async function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') return notices.show('server-unreachable');
  if (before === 'unknown' || before === 'unreachable') await load();
}

async function load() {
  const mine = ++asked;
  byId('figures').setAttribute('aria-busy', 'true');
  try {
    const [answer, version] = await Promise.all([fetchUsage(range.from, range.to), fetchVersion()]);
    if (mine !== asked) return;
    byId('version').textContent = `Version ${version}`;
    notices.clear();
    usage = answer;
    offerKeys();
    show();
  } catch (problem) {
    if (mine !== asked) return;
    byId('range-words').textContent = usage ? byId('range-words').textContent : '';
    notices.show('usage-unreadable', problem instanceof Refusal ? problem.message : 'The server does not answer.');
  } finally {
    if (mine === asked) byId('figures').removeAttribute('aria-busy');
  }
}

// ---- Days and key ----

function recall() {
  const wanted = new URLSearchParams(location.search);
  const [from, to] = [wanted.get('from'), wanted.get('to')];
  const isRange = [from, to].every((day) => /^\d{4}-\d\d-\d\d$/.test(day ?? '') && !Number.isNaN(dayMs(day)));
  range = isRange ? { from, to } : lastDays(Number(wanted.get('days')) || DAYS_USUAL);
  byId('key').append(element('option', { value: wanted.get('key') ?? EVERY }));
  showRange();
}

function remember() {
  const words = new URLSearchParams(pressed() ? { days: pressed() } : range);
  if (byId('key').value !== EVERY) words.set('key', byId('key').value);
  history.replaceState(null, '', `?${words}`);
}

/** The number of the button that means the range; null when none does. */
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
  remember();
  await load();
}

/** Says what is wrong with the days that were written, in the field itself. */
function faultOf(from, to) {
  if (from > to) return 'The first day is after the last one.';
  return daysOf(from, to).length > DAYS_MAX ? `At most ${DAYS_MAX} days are shown at once.` : '';
}

function offerKeys() {
  const chosen = byId('key').value;
  const choices = usage.keys.map((one) => [one.key ?? NONE, keyWords(one)]);
  if (chosen !== EVERY && !choices.some(([value]) => value === chosen)) choices.push([chosen, chosen === NONE ? 'without a key' : chosen]);
  byId('key').replaceChildren(...[[EVERY, 'All keys'], ...choices].map(([value, text]) => element('option', { value }, text)));
  byId('key').value = chosen;
}

/** The id, null for what needed none, undefined for every key. */
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
  byId('range-words').textContent = `${shortDay(usage.from)} to ${shortDay(usage.to)}: ${counted(used, 'day')} with usage`;
  byId('tiles').replaceChildren(...MEASURES.map(({ title, of, decimals }) =>
    element('div', {}, element('dt', {}, title), element('dd', {}, figureText(of(shown.totals), decimals)))));
  byId('usage-empty').hidden = used > 0;
  byId('usage-empty').textContent = 'Nothing was used on these days.';
  byId('plots').hidden = used === 0;
  byId('download').disabled = used === 0;
  const groups = groupsOf(shown);
  byId('legend').replaceChildren(...(groups.length > 1 ? groups.map(({ name, tone }) => element('span', { class: `tone ${tone}` }, name)) : []));
  const byDay = new Map(shown.days.map((one) => [one.day, one]));
  MEASURES.forEach(({ of }, at) => charts[at].show(days, groups.map(({ name, tone, has }) => ({
    name, tone, values: days.map((day) => (byDay.get(day)?.keys ?? []).filter(has).reduce((sum, one) => sum + of(one), 0)),
  }))));
}

/** Keys with their colours, those with most time in calls first; those beyond the colours together. */
function groupsOf({ keys }) {
  const weight = ({ callSeconds, synthesizedSeconds, recognizedSeconds, refusedCalls }) => callSeconds + synthesizedSeconds + recognizedSeconds + refusedCalls;
  const sorted = [...keys].sort((one, other) => weight(other) - weight(one));
  const own = sorted.length > TONES ? sorted.slice(0, TONES - 1) : sorted;
  const groups = own.map((one, at) => ({ name: keyWords(one), tone: `key-${at + 1}`, has: ({ key }) => key === one.key }));
  const others = new Set(sorted.slice(own.length).map(({ key }) => key));
  if (others.size > 0) groups.push({ name: `${others.size} others`, tone: 'others', has: ({ key }) => others.has(key) });
  return groups;
}

function download() {
  const address = URL.createObjectURL(new Blob([csvOf(onlyKey(usage, chosenKey()))], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: address, download: `usage-${usage.from}-to-${usage.to}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

byId('plots').append(...charts.map(({ node }) => node));
new ResizeObserver(() => {
  if (usage) for (const chart of charts) chart.redraw();
}).observe(byId('plots'));
for (const button of document.querySelectorAll('[data-days]')) button.addEventListener('click', () => choose(lastDays(Number(button.dataset.days))));
byId('sieve').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('from').setCustomValidity(faultOf(byId('from').value, byId('to').value));
  if (byId('sieve').reportValidity()) choose({ from: byId('from').value, to: byId('to').value });
});
byId('from').addEventListener('input', () => byId('from').setCustomValidity(''));
byId('to').addEventListener('input', () => byId('from').setCustomValidity(''));
byId('key').addEventListener('change', () => {
  remember();
  if (usage) show();
});
byId('download').addEventListener('click', download);
recall();
watchReadiness(serverChanged);
