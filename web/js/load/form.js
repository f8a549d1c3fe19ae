// The form of a load test, with the test cases that the simulated callers play.

import { byId, element } from '../shared/dom.js';

/** Default weight of a case. */
const WEIGHT = 1;
const WEIGHT_MAX = 10_000;
/** Calls at once that the server takes, by how many generators place them; set by `showLimits`. */
let limits = null;

/** Lists `cases` of /testcases to choose from. */
export function showMix(cases) {
  const chosen = new Map(mix().map(({ id, weight }) => [id, weight]));
  byId('mix').replaceChildren(...cases.map(({ test_id: id }) => row(id, chosen.get(id))));
  showMixSummary();
}

/** Fills in the server's limits and thresholds; what was typed already stays. */
export function showLimits({ limits: told, sharedTarget, usualThresholds }) {
  limits = told;
  byId('generators').max = limits.generatorsMax;
  byId('generators').disabled = byId('generators-field').hidden = sharedTarget === null;
  byId('generate').textContent = `voiceforge generate --target ${sharedTarget}`;
  showCallsMax();
  if (byId('thresholds').value === '') byId('thresholds').value = usualThresholds.join('\n');
}

/** The request of `POST /api/load`. */
export function readOrder() {
  const plan = byId('plan').value;
  const order = { calls: Number(byId('calls').value), plan: plan === 'steps' ? `steps:${byId('steps').value.replaceAll(/\s/g, '')}` : plan };
  for (const name of ['ramp', 'hold']) {
    const text = byId(name).value.trim();
    if (text) order[name] = text;
  }
  const thresholds = byId('thresholds').value.split('\n').map((line) => line.trim()).filter(Boolean);
  if (thresholds.length > 0) order.thresholds = thresholds;
  if (mix().length > 0) order.cases = mix();
  if (generators() > 0) order.generators = generators();
  return order;
}

/** How many generators on other machines are wanted; 0: none. */
const generators = () => (byId('generators').disabled ? 0 : Number(byId('generators').value));

function showCallsMax() {
  if (limits) byId('calls').max = Math.min(limits.callsMax * Math.max(1, generators()), limits.sharedCallsMax);
}

function mix() {
  return [...byId('mix').querySelectorAll('input[type=checkbox]:checked')].map((box) => {
    const weight = box.closest('li').querySelector('input[type=number]');
    return { id: box.value, weight: Number(weight.value) || WEIGHT };
  });
}

function row(id, weight) {
  const box = element('input', { type: 'checkbox', value: id });
  box.checked = weight !== undefined;
  const number = element('input', { type: 'number', min: 1, max: WEIGHT_MAX, value: weight ?? WEIGHT, 'aria-label': `Weight of ${id}` });
  number.hidden = !box.checked;
  box.addEventListener('change', () => {
    number.hidden = !box.checked;
    showMixSummary();
  });
  return element('li', {}, element('label', {}, box, element('span', {}, id)), number);
}

function showMixSummary() {
  const ids = mix().map(({ id }) => id);
  byId('mix-summary').textContent = ids.length === 0 ? 'the sample bookings' : ids.length === 1 ? ids[0] : `${ids.length} chosen`;
}

function showPlan() {
  const steps = byId('plan').value === 'steps';
  byId('steps-field').hidden = !steps;
  byId('steps').disabled = !steps;
}

byId('generators').addEventListener('input', showCallsMax);
byId('plan').addEventListener('change', showPlan);
showPlan();
