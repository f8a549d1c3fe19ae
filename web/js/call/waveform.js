// The sound of both sides: agent above the line, caller below, with the speech the server detected shaded.

/** What one peak from a worklet covers. */
const COLUMN_MS = 20;
/** Drawn bar: three columns. */
const BAR_COLUMNS = 3;
const BAR_PIXELS = 4;
/** Columns kept: more than the widest screen shows. */
const COLUMNS_MAX = 4096;
/** Voices move at 30 pictures a second; with reduced motion at 4. */
const FRAME_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 250 : 33;

export class Waveform {
  #canvas;
  #peaks;
  #counts;
  #spans;
  /** Column at which the call's clock began. */
  #origin;
  #running = false;
  #drawnAt = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.clear();
    new ResizeObserver(() => this.#draw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  clear() {
    this.#peaks = { agent: new Float32Array(COLUMNS_MAX), caller: new Float32Array(COLUMNS_MAX) };
    this.#counts = { agent: 0, caller: 0 };
    this.#spans = [];
    this.#origin = 0;
  }

  start() {
    this.#running = true;
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** The picture stays as it was. */
  stop() {
    this.#running = false;
    this.#draw();
  }

  add(side, peak) {
    this.#peaks[side][this.#counts[side]++ % COLUMNS_MAX] = peak;
  }

  /** The call's clock, which the server's `at` counts, is 0 now. */
  startClock() {
    this.#origin = this.#newest();
  }

  /** A `speech` message. */
  speech({ state, at }) {
    const column = this.#origin + at / COLUMN_MS;
    const open = this.#spans.at(-1);
    if (state === 'started') this.#spans.push({ from: column, to: Infinity });
    else if (open) open.to = column;
    if (this.#spans[0].to < this.#newest() - COLUMNS_MAX) this.#spans.shift();
  }

  #newest() {
    return Math.max(this.#counts.agent, this.#counts.caller);
  }

  #tick(now) {
    if (!this.#running) return;
    if (now - this.#drawnAt >= FRAME_MS - 2) {
      this.#drawnAt = now;
      this.#draw();
    }
    requestAnimationFrame((next) => this.#tick(next));
  }

  #draw() {
    const { context, width, height } = fit(this.#canvas);
    const colours = palette(this.#canvas);
    const newest = this.#newest();
    const toX = (column) => width - ((newest - column) * BAR_PIXELS) / BAR_COLUMNS;
    this.#drawSpeech(context, colours, toX, width, height);
    context.fillStyle = colours.line;
    context.fillRect(0, height / 2 - 0.5, width, 1);
    const last = Math.floor(newest / BAR_COLUMNS);
    const bars = Math.min(last, Math.ceil(width / BAR_PIXELS) + 1);
    for (let bar = last - bars; bar < last; bar++) {
      const x = toX(bar * BAR_COLUMNS);
      drawBar(context, colours.agent, x, height / 2 - 3, -this.#loudness('agent', bar) * (height / 2 - 10));
      drawBar(context, colours.caller, x, height / 2 + 3, this.#loudness('caller', bar) * (height / 2 - 10));
    }
  }

  #drawSpeech(context, colours, toX, width, height) {
    for (const { from, to } of this.#spans) {
      const left = Math.max(0, toX(from));
      const right = Math.min(width, toX(to));
      if (right <= left) continue;
      context.fillStyle = colours.speech;
      context.fillRect(left, height / 2, right - left, height / 2);
      context.fillStyle = colours.caller;
      context.fillRect(left, height - 3, right - left, 3);
    }
  }

  /** 0…1 of one bar; the square root brings quiet speech into view. */
  #loudness(side, bar) {
    let peak = 0;
    for (let column = bar * BAR_COLUMNS; column < (bar + 1) * BAR_COLUMNS; column++) {
      if (column < this.#counts[side]) peak = Math.max(peak, this.#peaks[side][column % COLUMNS_MAX]);
    }
    return Math.sqrt(Math.min(1, peak));
  }
}

/** Both sides of a whole recording in one still picture; `peaks` holds one value per bar and side. */
export function drawRecording(canvas, { agent, caller }, playedShare) {
  const { context, width, height } = fit(canvas);
  const colours = palette(canvas);
  const step = width / agent.length;
  agent.forEach((_, bar) => {
    context.globalAlpha = bar / agent.length <= playedShare ? 1 : 0.4;
    drawBar(context, colours.agent, bar * step, height / 2 - 2, -Math.sqrt(agent[bar]) * (height / 2 - 4), step * 0.6);
    drawBar(context, colours.caller, bar * step, height / 2 + 2, Math.sqrt(caller[bar]) * (height / 2 - 4), step * 0.6);
  });
  context.globalAlpha = 1;
}

function drawBar(context, colour, x, y, length, thickness = BAR_PIXELS - 1.5) {
  context.fillStyle = colour;
  const size = Math.max(1, Math.abs(length));
  context.beginPath();
  context.roundRect(x, length < 0 ? y - size : y, thickness, size, thickness / 2);
  context.fill();
}

/** Matches the canvas to its size on screen and clears it. */
function fit(canvas) {
  const scale = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

function palette(canvas) {
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return { agent: colour('agent'), caller: colour('caller'), speech: colour('speech'), line: colour('line') };
}
