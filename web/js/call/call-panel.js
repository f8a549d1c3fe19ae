// The call panel: buttons, clock and the one line that says what is happening.

import { byId } from '../shared/dom.js';
import { clockText } from '../shared/format.js';

const ACTIVITIES = {
  idle: 'Choose an agent and start the call.',
  loading: 'The speech engines are loading. You can call in a moment.',
  asking: 'Your browser asks whether this page may use the microphone.',
  connecting: 'Connecting…',
  connected: 'You are connected.',
  listening: 'The agent is listening.',
  hearing: 'The agent hears you.',
  thinking: 'The agent is thinking.',
  speaking: 'The agent is speaking.',
  ending: 'Hanging up…',
};

export class CallPanel {
  #beganAt = 0;
  #ticking = null;
  #callable = false;
  /** Flow and voice of the call, for the heading. */
  title = '';

  get state() {
    return document.body.dataset.callState;
  }

  /** `idle`, `connecting`, `live`, `ending` or `ended`: shows the buttons that do something in it. */
  enter(state) {
    const focused = document.activeElement;
    document.body.dataset.callState = state;
    const inCall = state !== 'idle' && state !== 'ended';
    byId('call-title').textContent = state === 'idle' ? 'Call' : this.title;
    byId('call').hidden = inCall;
    byId('call-typing').hidden = inCall;
    byId('hangup').hidden = !inCall;
    byId('hangup').textContent = state === 'connecting' ? 'Cancel' : 'Hang up';
    for (const field of document.querySelectorAll('.setup select')) field.disabled = inCall || field.length === 0;
    for (const field of document.querySelectorAll('.composer *')) field.disabled = state !== 'live';
    this.#updateCallable();
    this.#keepFocus(focused, inCall);
    if (state === 'live') this.#startClock();
    else clearInterval(this.#ticking);
  }

  /** Whether the server takes calls now. */
  set callable(callable) {
    this.#callable = callable;
    this.#updateCallable();
  }

  /** Key of `ACTIVITIES`, or a sentence of its own under `ended`. */
  activity(name, text = ACTIVITIES[name]) {
    byId('activity').dataset.activity = name;
    byId('activity').textContent = text;
  }

  /** `on`, `muted`, `none` or `unknown`. */
  microphone(state) {
    document.body.dataset.microphone = state;
    byId('mute').hidden = state !== 'on' && state !== 'muted';
    byId('mute').setAttribute('aria-pressed', state === 'muted');
    byId('mute').textContent = state === 'muted' ? 'Unmute' : 'Mute';
  }

  get elapsedMs() {
    return performance.now() - this.#beganAt;
  }

  #updateCallable() {
    byId('call').disabled = !this.#callable;
    byId('call-typing').disabled = !this.#callable;
  }

  /** When the focused button is hidden, the focus moves to the one in its place. */
  #keepFocus(focused, inCall) {
    if (!focused?.hidden && !focused?.disabled) return;
    if (focused.closest('.call-panel')) byId(inCall ? 'hangup' : 'call').focus();
  }

  #startClock() {
    this.#beganAt = performance.now();
    const show = () => {
      byId('clock').textContent = clockText(this.elapsedMs);
    };
    show();
    this.#ticking = setInterval(show, 1000);
  }
}
