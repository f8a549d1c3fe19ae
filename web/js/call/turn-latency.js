// Turn latency as bars by stage, newest turn first.

import { element } from '../shared/dom.js';
import { millisecondsText } from '../shared/format.js';

const STAGES = [
  ['endpointMs', 'Endpoint', 'waiting to be sure you finished'],
  ['recognitionMs', 'Recognition', 'speech to text'],
  ['flowMs', 'Flow', 'deciding the answer'],
  ['synthesisMs', 'Synthesis', 'text to speech'],
  ['playoutMs', 'Playout', 'first audible speech leaving the server'],
];
/** Bars share one scale of at least this, so a fast turn looks fast. */
const SCALE_MS_MIN = 1000;

/** `turns` are `{turn, latencyMs, stages}`; in place of an empty list stands `empty`, which says what will come. */
export function drawTurnLatency(root, turns, empty = 'Each of your turns adds a bar.') {
  if (turns.length === 0) return root.replaceChildren(element('p', { class: 'empty' }, empty));
  const scale = Math.max(SCALE_MS_MIN, ...turns.map((turn) => turn.latencyMs));
  const rows = turns.map((turn) => row(turn, scale)).toReversed();
  root.replaceChildren(summary(turns), element('ol', { class: 'turns', reversed: '', tabindex: '0', 'aria-label': 'Turn latencies' }, ...rows));
}

function summary(turns) {
  const sorted = turns.map((turn) => turn.latencyMs).toSorted((one, other) => one - other);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return element('p', { class: 'figures' },
    figure('Median', median), figure('Slowest', sorted.at(-1)));
}

const figure = (name, value) => element('span', {}, `${name} `, element('strong', {}, millisecondsText(value)));

function row({ turn, latencyMs, stages }, scale) {
  return element('li', { 'data-turn': turn, 'data-latency-ms': latencyMs },
    element('p', { class: 'turn-head' }, `Turn ${turn}`, element('strong', {}, millisecondsText(latencyMs))),
    element('div', { class: 'bar', 'aria-hidden': 'true' }, ...STAGES.map(([key]) => segment(key, stages?.[key] ?? 0, scale))),
    element('dl', { class: 'stages' }, ...STAGES.map((stage) => stageText(stage, stages?.[stage[0]]))));
}

function segment(key, value, scale) {
  const part = element('span', { class: key });
  part.style.width = `${(100 * value) / scale}%`;
  part.hidden = value === 0;
  return part;
}

function stageText([key, name, meaning], value) {
  return element('div', { class: key, title: meaning },
    element('dt', {}, name), element('dd', {}, Number.isFinite(value) ? String(Math.round(value)) : '–'));
}
