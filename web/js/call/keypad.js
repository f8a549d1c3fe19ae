// The telephone keypad: one tab stop, arrow keys move, digits typed inside it are pressed.

import { element } from '../shared/dom.js';
import { DIGITS } from './protocol.js';

const COLUMNS = 3;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };
const LETTERS = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ' };
const SPOKEN = { '*': 'star', '#': 'hash' };
/** How long a key pressed by keyboard looks pressed. */
const FLASH_MS = 140;

export class Keypad {
  #press;
  #keys;
  #sent = element('output', { class: 'digits', 'aria-label': 'Keys pressed' });

  /** `press` is called with each digit. */
  constructor(root, press) {
    this.#press = press;
    this.#keys = DIGITS.map((digit, index) => this.#key(digit, index));
    root.append(this.#sent, element('div', { class: 'keys' }, ...this.#keys));
    root.addEventListener('keydown', (event) => this.#typed(event));
  }

  enable(enabled) {
    for (const key of this.#keys) key.disabled = !enabled;
  }

  clear() {
    this.#sent.value = '';
  }

  #key(digit, index) {
    return element('button', {
      type: 'button', 'data-digit': digit, tabindex: index === 0 ? 0 : -1, disabled: '',
      'aria-label': SPOKEN[digit] ?? digit, click: () => this.#send(digit),
    }, digit, element('small', { 'aria-hidden': 'true' }, LETTERS[digit] ?? ''));
  }

  #send(digit) {
    this.#sent.value = (this.#sent.value + digit).slice(-14);
    this.#press(digit);
  }

  #typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.#keys.indexOf(event.target);
    if (event.key in STEPS) {
      event.preventDefault();
      this.#focus(index + STEPS[event.key]);
    } else if (DIGITS.includes(event.key)) {
      const key = this.#keys[DIGITS.indexOf(event.key)];
      key.click();
      key.classList.add('pressed');
      setTimeout(() => key.classList.remove('pressed'), FLASH_MS);
    }
  }

  #focus(index) {
    const key = this.#keys[index];
    if (!key) return;
    for (const each of this.#keys) each.tabIndex = each === key ? 0 : -1;
    key.focus();
  }
}
