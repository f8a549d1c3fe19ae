// A text area with line numbers, highlighted lines and the line of the cursor.

import { element } from '../shared/dom.js';

/** Further indentation of a line below one that ends with a colon. */
const STEP = '  ';
/** Lines drawn above and below what is seen, so that scrolling shows no gap. */
const SPARE = 4;
/** `goTo` puts its line this far down, as a share of the height. */
const SIGHT = 0.3;

export class Editor {
  #area;
  #gutter;
  #highlights;
  #changed;
  #moved;
  #faults = new Map();
  #range = null;
  #line = 1;
  /** Where each line begins; made when it is asked for. */
  #starts = null;

  /** `changed` is called after an edit, `moved` with the line when the cursor has moved to another. */
  constructor({ area, gutter, highlights }, { changed, moved }) {
    this.#area = area;
    this.#gutter = gutter;
    this.#highlights = highlights;
    this.#changed = changed;
    this.#moved = moved;
    area.addEventListener('input', () => {
      this.#starts = null;
      this.#draw();
      this.#changed();
    });
    area.addEventListener('scroll', () => this.#draw());
    area.addEventListener('keydown', (event) => this.#keyDown(event));
    document.addEventListener('selectionchange', () => this.#followCursor());
    new ResizeObserver(() => this.#draw()).observe(area);
  }

  get text() {
    return this.#area.value;
  }

  /** Replaces the text without calling `changed`. */
  set text(text) {
    this.#area.value = text;
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTo(0, 0);
    this.#starts = null;
    this.#line = 1;
    this.#draw();
  }

  set readOnly(flag) {
    this.#area.readOnly = flag;
  }

  /** Of the cursor, from 1. */
  get line() {
    return this.#line;
  }

  get linesCount() {
    return this.#lineStarts().length;
  }

  /** Marks the lines of `faults`, `[{line, message}]`. */
  showFaults(faults) {
    this.#faults = Map.groupBy(faults, ({ line }) => line);
    this.#area.setAttribute('aria-invalid', String(faults.length > 0));
    this.#draw();
  }

  /** Highlights the lines from `first` to `last`; null highlights none. */
  highlight(first, last) {
    this.#range = first === null ? null : { first, last };
    this.#draw();
  }

  /** Puts the cursor there and shows it. */
  goTo(line, column = 1) {
    const starts = this.#lineStarts();
    const at = starts[Math.min(line, starts.length) - 1];
    const end = this.text.indexOf('\n', at);
    const place = Math.min(at + column - 1, end < 0 ? this.text.length : end);
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(place, place);
    this.#area.scrollTop = (line - 1) * this.#lineHeight() - this.#area.clientHeight * SIGHT;
    this.#area.scrollLeft = 0;
    this.#area.closest('.editor').scrollIntoView({ block: 'nearest' });
    this.#followCursor();
  }

  #lineHeight() {
    return Number.parseFloat(getComputedStyle(this.#area).lineHeight);
  }

  #lineStarts() {
    if (this.#starts) return this.#starts;
    this.#starts = [0];
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    return this.#starts;
  }

  #followCursor() {
    if (document.activeElement !== this.#area) return;
    const starts = this.#lineStarts();
    const at = this.#area.selectionStart;
    const after = starts.findIndex((start) => start > at);
    const line = after < 0 ? starts.length : after;
    if (line === this.#line) return;
    this.#line = line;
    this.#draw();
    this.#moved(line);
  }

  /** A new line is indented like the one above. */
  #keyDown(event) {
    if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || this.#area.readOnly) return;
    const at = this.#area.selectionStart;
    const above = this.text.slice(this.text.lastIndexOf('\n', at - 1) + 1, at);
    const indent = /^ */.exec(above)[0] + (/:\s*$/.test(above) ? STEP : '');
    event.preventDefault();
    // The only way to insert text that the browser's undo knows.
    document.execCommand('insertText', false, `\n${indent}`);
  }

  /** Only what is seen is drawn: a flow may have thousands of lines. */
  #draw() {
    const { scrollTop, clientHeight } = this.#area;
    const height = this.#lineHeight();
    const from = Math.max(1, Math.floor(scrollTop / height) + 1 - SPARE);
    const to = Math.min(this.linesCount, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
    const numbers = [];
    const highlights = [];
    for (let line = from; line <= to; line++) {
      const faults = this.#faults.get(line);
      const top = `top: ${(line - 1) * height - scrollTop}px`;
      const isHighlighted = this.#range && line >= this.#range.first && line <= this.#range.last;
      const kind = [faults ? 'fault' : '', line === this.#line ? 'here' : ''].filter(Boolean).join(' ');
      numbers.push(element('span', { class: kind, style: top, title: faults?.map(({ message }) => message).join('\n') }, faults ? `✗ ${line}` : String(line)));
      if (isHighlighted || faults) highlights.push(element('span', { class: faults ? 'fault' : 'highlighted', style: top }));
    }
    this.#gutter.replaceChildren(...numbers);
    this.#highlights.replaceChildren(...highlights);
  }
}
