// Draws one measure day by day as inline SVG, a bar for each day with a part for each key, and the same numbers as a table.

import { element, shape } from '../shared/dom.js';
import { axis } from '../shared/line-chart.js';
import { figureText, shortDay } from './measures.js';

const HEIGHT = 176;
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 8, 8, 24];
/** Used while the box has no width yet. */
const WIDTH_LEAST = 240;
/** Width of a label under the axis. */
const TICK_WIDTH = 64;
/** Share of a day's width that its bar fills, and the widest bar. */
const [BAR_SHARE, BAR_MAX] = [0.72, 44];
/** Least top of the axis, in steps of one. */
const LEAST = 4;

const total = (values) => values.reduce((sum, one) => sum + one, 0);

export class BarChart {
  #measure;
  #svg = shape('svg', { role: 'img' });
  #sum = element('p', { class: 'hint' });
  #numbers = element('details', { class: 'numbers' });
  #days = [];
  #series = [];

  constructor(measure) {
    this.#measure = measure;
    this.node = element('figure', { class: 'chart', 'data-measure': measure.name },
      element('figcaption', {}, element('h3', {}, measure.title), this.#sum), this.#svg, this.#numbers);
    this.#numbers.addEventListener('toggle', () => this.#fillNumbers());
  }

  /** `series` are `{name, tone, values}`, the values in the order of `days`. */
  show(days, series) {
    this.#days = days;
    this.#series = series;
    this.#numbers.replaceChildren(element('summary', {}, 'Numbers', element('span', { class: 'visually-hidden' }, ` of ${this.#measure.title}`)));
    this.#fillNumbers();
    this.redraw();
  }

  /** Draws again, for example after the width of the box has changed. */
  redraw() {
    const sums = this.#days.map((_, at) => this.#sumOf(at));
    const width = Math.max(WIDTH_LEAST, this.#svg.clientWidth);
    const { top, step } = axis(Math.max(0, ...sums), LEAST);
    const box = {
      top, step, width,
      x: (at) => LEFT + ((width - LEFT - RIGHT) * at) / this.#days.length,
      y: (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top,
    };
    this.#sum.textContent = `${this.#text(total(sums))} in all`;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.#svg.setAttribute('height', HEIGHT);
    this.#svg.setAttribute('aria-label', this.#words(sums));
    this.#svg.replaceChildren(...this.#grid(box), ...this.#days.map((_, at) => this.#bar(at, sums[at], box)), ...this.#dates(box));
  }

  #text(value) {
    return figureText(value, this.#measure.decimals);
  }

  #sumOf(at) {
    return this.#series.reduce((sum, { values }) => sum + values[at], 0);
  }

  #grid(box) {
    const parts = [];
    for (let value = 0; value <= box.top + box.step / 2; value += box.step) {
      const y = box.y(value).toFixed(1);
      parts.push(shape('line', { class: 'grid', x1: LEFT, x2: box.width - RIGHT, y1: y, y2: y }));
      parts.push(shape('text', { class: 'tick', x: LEFT - 7, y: Number(y) + 4, 'text-anchor': 'end' }, figureText(value, 0)));
    }
    return parts;
  }

  #bar(at, sum, box) {
    const [left, right] = [box.x(at), box.x(at + 1)];
    const width = Math.min((right - left) * BAR_SHARE, BAR_MAX);
    let below = 0;
    const parts = this.#series.filter(({ values }) => values[at] > 0).map(({ tone, values }) => {
      const [low, high] = [box.y(below), box.y(below + values[at])];
      below += values[at];
      return shape('rect', {
        class: `part ${tone}`, x: ((left + right - width) / 2).toFixed(2), y: high.toFixed(2), width: width.toFixed(2), height: (low - high).toFixed(2),
      });
    });
    const each = this.#series.filter(({ values }) => values[at] > 0).map(({ name, values }) => `${name}: ${this.#text(values[at])}`);
    return shape('g', { class: 'day', 'data-day': this.#days[at] },
      shape('title', {}, [`${shortDay(this.#days[at])}: ${this.#text(sum)}`, ...(each.length > 1 ? each : [])].join('\n')),
      shape('rect', { class: 'hit', x: left, y: TOP, width: right - left, height: HEIGHT - TOP - BOTTOM }), ...parts);
  }

  #dates(box) {
    const most = Math.max(2, Math.floor((box.width - LEFT - RIGHT) / TICK_WIDTH));
    const step = Math.ceil(this.#days.length / most);
    const shown = [...this.#days.keys()].filter((at) => at % step === 0);
    return shown.map((at) => shape('text', {
      class: 'tick', x: ((box.x(at) + box.x(at + 1)) / 2).toFixed(1), y: HEIGHT - 7, 'text-anchor': 'middle',
    }, shortDay(this.#days[at])));
  }

  /** Such as `Calls, 1 Nov to 30 Nov: 340 in all, most on 12 Nov: 40.` */
  #words(sums) {
    const { title } = this.#measure;
    const most = Math.max(0, ...sums);
    const range = `${title}, ${shortDay(this.#days[0])} to ${shortDay(this.#days.at(-1))}`;
    if (most === 0) return `${range}: none.`;
    const all = total(sums);
    return `${range}: ${this.#text(all)} in all, most on ${shortDay(this.#days[sums.indexOf(most)])}: ${this.#text(most)}.`;
  }

  /** Eight tables of a year of days are slow to lay out: each is built when it is opened. */
  #fillNumbers() {
    this.#numbers.querySelector('.numbers-box')?.remove();
    if (!this.#numbers.open) return;
    const used = [...this.#days.keys()].filter((at) => this.#sumOf(at) > 0);
    const several = this.#series.length > 1;
    const row = (head, values) => element('tr', {}, element('th', { scope: 'row' }, head), ...values.map((value) => element('td', {}, this.#text(value))));
    const heads = [...this.#series.map(({ name }) => name), ...(several ? ['All'] : [])];
    const valuesAt = (at) => [...this.#series.map(({ values }) => values[at]), ...(several ? [this.#sumOf(at)] : [])];
    const sums = [...this.#series.map(({ values }) => total(values)), ...(several ? [total(used.map((at) => this.#sumOf(at)))] : [])];
    this.#numbers.append(element('div', { class: 'numbers-box', tabindex: 0, role: 'group', 'aria-label': `${this.#measure.title} in numbers` },
      element('table', {},
        element('caption', { class: 'visually-hidden' }, `${this.#measure.title} by day and key`),
        element('thead', {}, element('tr', {}, ...['Day', ...heads].map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, ...used.map((at) => row(this.#days[at], valuesAt(at)))),
        element('tfoot', {}, row('All days', sums)))));
  }
}
