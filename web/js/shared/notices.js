// Shows notices: problems and facts in plain words, each once, with what to do about it.

import { element } from './dom.js';
import { problemMessage } from './messages.js';

const BUTTONS = { type: 'Call without microphone', again: 'Try again' };

export class Notices {
  #root;
  #act;

  /** `act` is called with `type` or `again` when the button of a notice is pressed. */
  constructor(root, act) {
    this.#root = root;
    this.#act = act;
  }

  /** Shows the problem `code`; `detail` is what the server or browser said. */
  show(code, detail) {
    const words = problemMessage(code);
    this.#put(code, 'alert', words.title, [words.text, detail].filter(Boolean).join(' '), words.act);
  }

  /** A fact that is no problem. */
  say(code, title, text = '') {
    this.#put(code, 'status', title, text);
  }

  remove(code) {
    this.#root.querySelector(`[data-notice=${code}]`)?.remove();
  }

  clear() {
    this.#root.replaceChildren();
  }

  #put(code, role, title, text, act) {
    this.remove(code);
    const notice = element('div', { class: 'notice', role, 'data-notice': code },
      element('p', {}, element('strong', {}, title), text ? ` ${text}` : null));
    const close = () => notice.remove();
    const buttons = element('div', { class: 'notice-buttons' });
    if (act) buttons.append(element('button', { type: 'button', class: 'small', click: () => (close(), this.#act(act)) }, BUTTONS[act]));
    buttons.append(element('button', { type: 'button', class: 'small plain', click: close, 'aria-label': `Dismiss: ${title}` }, 'Dismiss'));
    notice.append(buttons);
    this.#root.append(notice);
  }
}
