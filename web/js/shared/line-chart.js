// Draws lines over the time of a run as inline SVG: axes with round numbers, a dashed limit, and a text alternative.

import { element, shape } from './dom.js';
import { clockText } from './format.js';

const HEIGHT = 168;
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 10, 8, 24];
/** Used while the box has no width yet. */
const WIDTH_LEAST = 240;
/** More seconds are drawn together, each point the highest of its seconds, so that no peak is lost. */
const POINTS_MAX = 300;
/** Shortest time axis: the first seconds of a run do not fill it. */
const SECONDS_LEAST = 10;
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
/** Width of a label on the time axis. */
const TICK_WIDTH = 56;

export class LineChart {
  #outline;
  #svg = shape('svg', { role: 'img' });
  #seconds = [];
  #limit = null;
  #limitKey = element('span', { class: 'tone limit', hidden: '' }, 'threshold');

  /** `outline` is `{title, least, decimals, series: [{name, tone, value(second, before)}]}`; the axis goes at least up to `least`. */
  constructor(outline) {
    this.#outline = outline;
    const keys = outline.series.map(({ name, tone }) => element('span', { class: `tone ${tone}` }, name));
    this.node = element('figure', { class: 'chart' },
      element('figcaption', {}, element('h3', {}, outline.title), element('p', { class: 'legend' }, ...keys, this.#limitKey)), this.#svg);
  }

  /** `limit` is where the threshold stands, null for none. */
  show(seconds, limit = null) {
    this.#seconds = seconds;
    this.#limit = limit;
    this.redraw();
  }

  /** Draws again, for example after the width of the box has changed. */
  redraw() {
    const { title, least, decimals = 0, series } = this.#outline;
    const lines = series.map(({ name, tone, value }) => ({ name, tone, values: this.#seconds.map((second, at, all) => value(second, all[at - 1] ?? null)) }));
    const box = this.#box(lines, least);
    this.#svg.setAttribute('viewBox', `0 0 ${box.width} ${HEIGHT}`);
    this.#svg.setAttribute('height', HEIGHT);
    this.#svg.setAttribute('aria-label', words(title, decimals, lines, this.#seconds));
    const limit = this.#limit !== null && this.#limit <= box.top ? [rule('threshold', box, this.#limit)] : [];
    this.#limitKey.hidden = limit.length === 0;
    // The first line, which matters most, lies on top.
    const paths = lines.map((line) => path(line, this.#seconds, box)).toReversed();
    this.#svg.replaceChildren(...axes(box, decimals), ...limit, ...paths);
  }

  #box(lines, least) {
    const width = Math.max(WIDTH_LEAST, this.#svg.clientWidth);
    const highest = Math.max(0, ...lines.flatMap(({ values }) => values).filter((value) => value !== null));
    // A limit far above the lines would flatten them.
    const shown = this.#limit !== null && this.#limit <= highest * 3 ? Math.max(this.#limit, highest) : highest;
    const { top, step } = axis(shown, least);
    const length = Math.max(SECONDS_LEAST, (this.#seconds.at(-1)?.atMs ?? 0) / 1000);
    const x = (seconds) => LEFT + ((width - LEFT - RIGHT) * seconds) / length;
    const y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(Math.max(value / top, 0), 1);
    return { width, length, top, step, x, y };
  }
}

/** A round top of an axis from 0 and its step, so that there are three to five steps. */
export function axis(highest, least) {
  const wanted = Math.max(highest, least);
  for (let decade = 1; ; decade *= 10) {
    for (const factor of [decade, decade * 2, decade * 5]) {
      const step = (factor * least) / 4;
      if (step * 5 >= wanted) return { top: Math.ceil(wanted / step) * step, step };
    }
  }
}

/** `[seconds, value]` of at most `POINTS_MAX` points; null where nothing was measured. */
export function thinned(seconds, values) {
  const group = Math.max(1, Math.ceil(seconds.length / POINTS_MAX));
  const points = [];
  for (let start = 0; start < seconds.length; start += group) {
    const measured = values.slice(start, start + group).filter((value) => value !== null);
    const end = Math.min(start + group, seconds.length) - 1;
    points.push([seconds[end].atMs / 1000, measured.length > 0 ? Math.max(...measured) : null]);
  }
  return points;
}

function axes(box, decimals) {
  const parts = [];
  for (let value = 0; value <= box.top + box.step / 2; value += box.step) {
    parts.push(rule('grid', box, value), tick(LEFT - 6, box.y(value) + 4, 'end', value.toFixed(decimals)));
  }
  const most = Math.max(2, Math.floor((box.width - LEFT - RIGHT) / TICK_WIDTH));
  const step = TIME_STEPS.find((seconds) => box.length / seconds <= most) ?? TIME_STEPS.at(-1);
  for (let mark = 0; mark <= box.length; mark += step) {
    const anchor = box.x(mark) > box.width - TICK_WIDTH / 2 ? 'end' : 'middle';
    parts.push(tick(anchor === 'end' ? box.width - 2 : box.x(mark), HEIGHT - 7, anchor, clockText(mark * 1000)));
  }
  return parts;
}

const tick = (x, y, anchor, text) => shape('text', { class: 'tick', x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor }, text);

const rule = (kind, box, value) =>
  shape('line', { class: kind, x1: LEFT, x2: box.width - RIGHT, y1: box.y(value).toFixed(1), y2: box.y(value).toFixed(1) });

/** A break where nothing was measured; a second alone is a dot. */
function path({ tone, values }, seconds, box) {
  let drawn = '';
  let drawing = false;
  for (const [at, value] of thinned(seconds, values)) {
    if (value !== null) drawn += `${drawing ? 'L' : 'M'}${box.x(at).toFixed(1)} ${box.y(value).toFixed(1)}${drawing ? '' : 'h0'}`;
    drawing = value !== null;
  }
  return shape('path', { class: `series ${tone}`, d: drawn });
}

/** Such as `Turn latency, ms, over 1:30. p50: up to 612, now 580; p95: up to 930, now nothing.` */
function words(title, decimals, lines, seconds) {
  if (seconds.length === 0) return `${title}: nothing yet.`;
  const text = (value) => (value === null || value === undefined ? 'nothing' : value.toFixed(decimals));
  const parts = lines.map(({ name, values }) => {
    const measured = values.filter((value) => value !== null);
    return `${name}: up to ${measured.length > 0 ? text(Math.max(...measured)) : 'nothing'}, last ${text(values.at(-1))}`;
  });
  return `${title}, over ${clockText(seconds.at(-1).atMs)}. ${parts.join('; ')}.`;
}
