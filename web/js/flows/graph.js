// The agent's flow as a graph: where the call is, how it came there, and where it can go.

import { element, shape } from '../shared/dom.js';
import { layout } from './layout.js';

/** Widths of a letter at the graph's two font sizes; long names are cut with an ellipsis. */
const LETTER_WIDTH = 7.6;
const KIND_LETTER_WIDTH = 6;
const NAME_LENGTH_MAX = 20;
const BOX_PADDING = 26;
const BOX_WIDTH_MIN = 76;
const MARGIN = 10;
/** Smaller than this the names cannot be read: then the graph scrolls. */
const SCALE_MIN = 0.8;
/** Label of the transition taken when no other fits: most states have one, so these are drawn paler. */
const OTHERWISE = 'else';
const KINDS = {
  say: 'says', listen: 'listens', collect: 'asks', decide: 'decides', tool: 'uses a tool', transfer: 'goes to another flow',
  'phone-transfer': 'transfers the call', end: 'ends', flow: 'other flow',
};

export class FlowGraph {
  #graph;
  #now;
  #pick;
  #flow = null;

  /** With `pick`, states can be chosen with pointer and keys; it is called with the name. */
  constructor({ graph, now, pick = null }) {
    this.#graph = graph;
    this.#now = now;
    this.#pick = pick;
    if (pick) listen(graph, pick);
    new ResizeObserver(() => this.#fit()).observe(graph);
  }

  /** Draws `flow` of /api/flows, no state current; with `stay` the graph does not scroll. */
  show(flow, { stay = false } = {}) {
    const chosen = this.#graph.querySelector('[tabindex="0"]')?.dataset.state;
    this.#flow = { ...flow, states: [...flow.states, ...otherFlows(flow)] };
    this.#graph.replaceChildren(drawing(this.#flow));
    if (this.#pick) makeChoosable(this.#graph.firstElementChild, chosen);
    this.#fit();
    if (!stay) this.#bringIntoView(flow.start);
    this.#now.replaceChildren(element('p', { class: 'empty' }, `${flow.states.length} states. The current one is highlighted during a call.`));
  }

  /** A `state` message: makes `name` the current state and highlights the edge to it. */
  enter({ name, from, because }) {
    for (const state of this.#graph.querySelectorAll('.state')) {
      if (state.dataset.current === 'true') state.dataset.visited = 'true';
      state.dataset.current = state.dataset.state === name;
    }
    for (const edge of this.#graph.querySelectorAll('.edge')) {
      edge.dataset.taken = edge.dataset.from === from && edge.dataset.to === name;
    }
    this.#describe(name, from, because);
    this.#bringIntoView(name);
  }

  /** Shows all steps of a conversation at once, `[{name, from, because}]`, in place of the path before. */
  walk(steps, { stay = false } = {}) {
    for (const part of this.#graph.querySelectorAll('.state, .edge')) {
      for (const mark of ['visited', 'current', 'taken']) delete part.dataset[mark];
    }
    const last = steps.at(-1);
    if (!last) return;
    const passed = new Set(steps.slice(0, -1).map(({ name }) => name));
    for (const state of this.#graph.querySelectorAll('.state')) {
      state.dataset.visited = passed.has(state.dataset.state);
      state.dataset.current = state.dataset.state === last.name;
    }
    for (const edge of this.#graph.querySelectorAll('.edge')) {
      edge.dataset.taken = steps.some(({ name, from }) => edge.dataset.from === from && edge.dataset.to === name);
    }
    this.#describe(last.name, last.from, last.because);
    if (!stay) this.#bringIntoView(last.name);
  }

  /** Marks the state in whose lines the cursor is; null marks none. */
  mark(name, { stay = false } = {}) {
    for (const state of this.#graph.querySelectorAll('.state')) state.dataset.marked = state.dataset.state === name;
    if (name !== null && !stay) this.#bringIntoView(name);
  }

  /** After the call the path stays and no state is current. */
  endCall() {
    for (const state of this.#graph.querySelectorAll('[data-current="true"]')) {
      Object.assign(state.dataset, { current: 'false', visited: 'true' });
    }
  }

  #describe(name, from, because) {
    const state = this.#flow?.states.find((each) => each.name === name);
    const exits = this.#flow?.transitions.filter((transition) => transition.from === name) ?? [];
    this.#now.replaceChildren(
      element('p', { class: 'state-name' }, element('strong', {}, name), ` ${KINDS[state?.kind] ?? ''}`),
      element('p', { class: 'hint' }, origin(from, because)),
      exits.length > 0 ? element('ul', { class: 'exits', 'aria-label': 'Transitions' }, ...exits.map(exitItem)) : '',
    );
    this.#graph.firstElementChild?.setAttribute('aria-label', `Flow ${this.#flow?.title}, current state ${name}`);
  }

  #fit() {
    const drawn = this.#graph.firstElementChild;
    if (!drawn) return;
    const { width, height } = drawn.viewBox.baseVal;
    const { clientWidth, clientHeight } = this.#graph;
    const scale = Math.min(1, Math.max(SCALE_MIN, Math.min(clientWidth / width, clientHeight / height)));
    drawn.setAttribute('width', width * scale);
    drawn.setAttribute('height', height * scale);
  }

  #bringIntoView(name) {
    const state = this.#graph.querySelector(`[data-state="${CSS.escape(name)}"]`);
    if (!state) return;
    const [frame, box] = [this.#graph.getBoundingClientRect(), state.getBoundingClientRect()];
    this.#graph.scrollBy({
      top: box.top + box.height / 2 - frame.top - frame.height / 2,
      left: box.left + box.width / 2 - frame.left - frame.width / 2,
    });
  }
}

const stateOf = (event) => event.target.closest?.('.state')?.dataset.state;

/** A click or Enter on a state chooses it, arrow keys lead to the next one. */
function listen(graph, pick) {
  graph.addEventListener('click', (event) => {
    if (stateOf(event)) pick(stateOf(event));
  });
  graph.addEventListener('keydown', (event) => {
    const name = stateOf(event);
    if (!name) return;
    const states = [...graph.querySelectorAll('.state')];
    const at = states.findIndex((state) => state.dataset.state === name);
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -at, End: states.length - 1 - at };
    if (event.key === 'Enter' || event.key === ' ') pick(name);
    else if (event.key in steps) makeTabStop(states, states.at((at + steps[event.key]) % states.length)).focus();
    else return;
    event.preventDefault();
  });
}

/** One state at a time is reached by Tab: a flow may have two hundred. */
function makeChoosable(svg, chosen) {
  svg.setAttribute('role', 'group');
  const states = [...svg.querySelectorAll('.state')];
  for (const state of states) {
    state.setAttribute('role', 'button');
    state.setAttribute('aria-label', `${state.dataset.state}, ${KINDS[state.dataset.kind] ?? state.dataset.kind}: go to its line`);
  }
  makeTabStop(states, states.find((state) => state.dataset.state === chosen) ?? states[0]);
}

function makeTabStop(states, chosen) {
  for (const state of states) state.setAttribute('tabindex', state === chosen ? 0 : -1);
  return chosen;
}

/** How the call came here; a slot named like its state is not repeated. */
function origin(from, because) {
  if (!from) return 'The call begins here';
  return because && because !== from ? `Came from ${from}: ${because}` : `Came from ${from}`;
}

const exitItem = ({ to, label }) => element('li', {}, label ? `${label}: ` : '', element('b', {}, to));

/** A transition to `flow:NAME` leads to a box of its own. */
function otherFlows(flow) {
  const names = flow.transitions.map(({ to }) => to).filter((to) => to.startsWith('flow:'));
  return [...new Set(names)].map((name) => ({ name, kind: 'flow', text: '' }));
}

function drawing(flow) {
  const states = flow.states.toSorted((one, other) => (other.name === flow.start) - (one.name === flow.start));
  const names = new Set(states.map(({ name }) => name));
  const edges = mergeParallel(flow.transitions.filter(({ from, to }) => names.has(from) && names.has(to)));
  const placed = layout(states.map((state) => ({ name: state.name, width: boxWidth(state) })), edges);
  const [width, height] = [placed.width + 2 * MARGIN, placed.height + 2 * MARGIN];
  return shape('svg', { viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, role: 'img', 'aria-label': `Flow ${flow.title}` },
    arrowHead(),
    ...placed.routes.map(drawEdge),
    ...edges.filter(({ from, to }) => from === to).map((edge) => drawLoop(edge, placed.boxes.get(edge.from))),
    ...states.map((state) => drawState(state, placed.boxes.get(state.name))));
}

/** Several transitions between the same two states are one line with all labels. */
function mergeParallel(transitions) {
  const groups = Map.groupBy(transitions, ({ from, to }) => JSON.stringify([from, to]));
  return [...groups.values()].map((group) => ({
    from: group[0].from,
    to: group[0].to,
    label: group.map(({ label }) => label).filter(Boolean).join(', '),
  }));
}

const shortName = (name) => (name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX - 1)}…` : name);

function boxWidth({ name, kind }) {
  const kindWidth = (KINDS[kind] ?? kind).length * KIND_LETTER_WIDTH;
  return Math.max(BOX_WIDTH_MIN, BOX_PADDING + Math.max(shortName(name).length * LETTER_WIDTH, kindWidth));
}

function arrowHead() {
  return shape('defs', {}, shape('marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
    shape('path', { d: 'M0 0.6 8 4 0 7.4z', fill: 'context-stroke' })));
}

function drawEdge({ edge, back, points }) {
  const line = points.slice(1).map((point, index) => {
    const middle = (points[index].y + point.y) / 2;
    return `C${points[index].x} ${middle} ${point.x} ${middle} ${point.x} ${point.y}`;
  });
  return edgePath(edge, `M${points[0].x} ${points[0].y}${line.join('')}`, back);
}

function drawLoop(edge, { x, y, width, height }) {
  const [right, reach] = [x + width / 2, x + width / 2 + 22];
  return edgePath(edge, `M${right} ${y - height / 4}C${reach} ${y - height / 2} ${reach} ${y + height / 2} ${right} ${y + height / 4}`, true);
}

function edgePath({ from, to, label }, d, back) {
  const kind = ['edge', back ? 'back' : '', label === OTHERWISE ? 'otherwise' : ''].filter(Boolean).join(' ');
  return shape('path', { class: kind, d, 'data-from': from, 'data-to': to, 'marker-end': 'url(#arrow)' },
    shape('title', {}, `${from} to ${to}${label ? `: ${label}` : ''}`));
}

function drawState({ name, kind, text }, { x, y, width, height }) {
  const corner = kind === 'end' ? height / 2 : 9;
  return shape('g', { class: 'state', 'data-state': name, 'data-kind': kind, 'data-current': 'false' },
    shape('title', {}, [name, KINDS[kind], text].filter(Boolean).join(': ')),
    shape('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: corner }),
    shape('text', { x, y: y - 3, class: 'name' }, shortName(name)),
    shape('text', { x, y: y + 13, class: 'kind' }, KINDS[kind] ?? kind));
}
