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
/** Parts of the flow's stage in turns for which a language model was asked; what is left of it is the flow's own. */
const MODEL_STAGES = [
  ['firstTokenMs', 'First token', 'the language model begins to answer'],
  ['firstSentenceMs', 'First sentence', 'its first whole sentence, or the whole answer'],
  ['toolsMs', 'Tools', 'requests that it makes'],
];
/** Bars share one scale of at least this, so a fast turn looks fast. */
const SCALE_MS_MIN = 1000;

/** Why the server took a turn for over, where it was no plain silence. */
const ENDINGS = {
  meaning: 'ended by meaning', 'long-silence': 'ended by a long silence: it seemed unfinished', stall: 'ended as no audio came',
  keys: 'keyed', text: 'typed', limit: 'ended at the longest turn', client: 'ended by the client',
  beep: 'ended by the beep of an answering machine',
};

/** `turns` are `{turn, latencyMs, stages, model, endedBy}`; in place of an empty list stands `empty`, which says what will come. */
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

/** The stages of a turn in their order, with their times. */
function stagesOf({ stages = {}, model }) {
  const flow = STAGES.findIndex(([key]) => key === 'flowMs');
  const told = model ? MODEL_STAGES.filter(([key]) => key !== 'toolsMs' || model[key] > 0) : [];
  const rest = { ...stages, ...model, flowMs: told.reduce((left, [key]) => left - model[key], stages.flowMs) };
  return STAGES.toSpliced(flow, 0, ...told).map((stage) => ({ stage, value: rest[stage[0]] }));
}

function row({ turn, latencyMs, ...told }, scale) {
  const stages = stagesOf(told);
  return element('li', { 'data-turn': turn, 'data-latency-ms': latencyMs },
    element('p', { class: 'turn-head' }, `Turn ${turn}`, ending(told.endedBy), element('strong', {}, millisecondsText(latencyMs))),
    element('div', { class: 'bar', 'aria-hidden': 'true' }, ...stages.map(({ stage, value }) => segment(stage[0], value ?? 0, scale))),
    element('dl', { class: 'stages' }, ...stages.map(({ stage, value }) => stageText(stage, value))));
}

const ending = (endedBy) => (ENDINGS[endedBy] ? element('span', { class: 'hint' }, ENDINGS[endedBy]) : '');

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
