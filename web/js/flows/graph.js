// The agent's flow as a graph: where the call is, how it came there, and where it can go. The server draws it.

import { errorText } from '../shared/api.js';
import { element } from '../shared/dom.js';

/** Smaller than this the names cannot be read: then the graph scrolls. */
const SCALE_MIN = 0.8;

export class FlowGraph {
  #graph;
  #now;
  #pick;
  #flow = null;
  /** Names of the states that were gone through. */
  #visited = new Set();
  /** The step that led to the current state, `{name, from, because}`. */
  #current = null;
  /** The steps whose edges are highlighted. */
  #taken = [];
  #marked = null;

  /** With `pick`, states can be chosen with pointer and keys; it is called with the name. */
  constructor({ graph, now, pick = null }) {
    this.#graph = graph;
    this.#now = now;
    this.#pick = pick;
    if (pick) listen(graph, pick);
    new ResizeObserver(() => this.#fit()).observe(graph);
  }

  /**
   * Shows `flow` of /api/flows, no state current. `picture` is what the server draws of it to be embedded, or a promise of that: what happens
   * until it is kept is shown with it. With `stay` the graph does not scroll.
   */
  async show(flow, picture, { stay = false } = {}) {
    this.#flow = flow;
    [this.#visited, this.#current, this.#taken] = [new Set(), null, []];
    this.#now.replaceChildren(element('p', { class: 'empty' }, `${flow.states.length} states. The current one is highlighted during a call.`));
    try {
      const text = await picture;
      if (flow === this.#flow) this.#put(elementOf(text), stay); // Else another one has been chosen meanwhile.
    } catch (problem) {
      if (flow === this.#flow) this.#missing(errorText(problem));
    }
  }

  #put(drawn, stay) {
    const chosen = this.#graph.querySelector('[tabindex="0"]')?.dataset.state;
    this.#graph.replaceChildren(drawn);
    if (this.#pick) makeChoosable(drawn, chosen);
    this.#fit();
    this.#go(this.#current, this.#taken);
    if (!stay) this.#bringIntoView(this.#current?.name ?? this.#flow.start);
  }

  #missing(why) {
    this.#graph.replaceChildren();
    this.#now.replaceChildren(element('p', { class: 'empty' }, `The graph cannot be shown. ${why}`));
  }

  /** The call that begins does not tell what state it is in. */
  untold() {
    this.#now.replaceChildren(element('p', { class: 'empty' }, 'This wire does not tell the states of a call.'));
  }

  /** A `state` message, `{name, from, because}`: makes `name` the current state and highlights the edge to it. */
  enter(step) {
    if (this.#current) this.#visited.add(this.#current.name);
    this.#go(step, [step]);
    this.#bringIntoView(step.name);
  }

  /** Shows all steps of a conversation at once in place of the path before. */
  walk(steps, { stay = false } = {}) {
    this.#visited = new Set(steps.slice(0, -1).map(({ name }) => name));
    this.#go(steps.at(-1) ?? null, steps);
    if (this.#current && !stay) this.#bringIntoView(this.#current.name);
  }

  /** Marks the state in whose lines the cursor is; null marks none. */
  mark(name, { stay = false } = {}) {
    this.#marked = name;
    this.#paint();
    if (name !== null && !stay) this.#bringIntoView(name);
  }

  /** After the call the path stays and no state is current. */
  endCall() {
    if (this.#current) this.#visited.add(this.#current.name);
    this.#current = null;
    this.#paint();
  }

  #go(current, taken) {
    [this.#current, this.#taken] = [current, taken];
    this.#paint();
    if (current) this.#describe(current);
  }

  #paint() {
    for (const { dataset } of this.#graph.querySelectorAll('.state')) {
      dataset.visited = this.#visited.has(dataset.state);
      dataset.current = dataset.state === this.#current?.name;
      dataset.marked = dataset.state === this.#marked;
    }
    const taken = new Set(this.#taken.flatMap((step) => this.#edgesOf(step)));
    for (const edge of this.#graph.querySelectorAll('.edge')) edge.dataset.taken = taken.has(edge);
    const where = this.#current ? `, current state ${this.#current.name}` : '';
    this.#graph.firstElementChild?.setAttribute('aria-label', `Flow ${this.#flow?.title}${where}`);
  }

  #describe({ name, from, because }) {
    const tools = this.#flow?.states.find((state) => state.name === name)?.tools ?? [];
    // Where the tools lead is said with them.
    const exits = this.#flow?.transitions.filter((transition) => transition.from === name && transition.kind !== 'called') ?? [];
    this.#now.replaceChildren(
      element('p', { class: 'state-name' }, element('strong', {}, name), ` ${kindOf(this.#stateBox(name))}`),
      element('p', { class: 'hint' }, origin(from, because)),
      tools.length > 0 ? element('ul', { class: 'model-tools', tabindex: '0', 'aria-label': 'Tools of the model' }, ...tools.map(toolItem)) : '',
      exits.length > 0 ? element('ul', { class: 'exits', 'aria-label': 'Transitions' }, ...exits.map(exitItem)) : '',
    );
  }

  /** The edge of a step. Two may join the same states: one of the state's own, and one that leaves from every question. */
  #edgesOf({ name, from, because }) {
    const ends = `[data-from~="${CSS.escape(from ?? '')}"][data-to="${CSS.escape(name)}"]`;
    const edges = [...this.#graph.querySelectorAll(`.edge${ends}`)];
    // Of keys the reason is “agent (key 0)”.
    const named = edges.filter(({ dataset }) => dataset.label.split(', ').some((label) => because === label || because?.startsWith(`${label} (`)));
    return named.length > 0 ? named : edges;
  }

  #stateBox(name) {
    return this.#graph.querySelector(`[data-state="${CSS.escape(name)}"]`);
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
    const state = this.#stateBox(name);
    if (!state) return;
    const [frame, box] = [this.#graph.getBoundingClientRect(), state.getBoundingClientRect()];
    this.#graph.scrollBy({
      top: box.top + box.height / 2 - frame.top - frame.height / 2,
      left: box.left + box.width / 2 - frame.left - frame.width / 2,
    });
  }
}

/** The picture as an element of this page. It is read as XML, so that no text in it can become more than a text. */
const elementOf = (picture) => document.importNode(new DOMParser().parseFromString(picture, 'image/svg+xml').documentElement, true);

/** What a state does, in the picture's words. */
const kindOf = (state) => state?.querySelector('.kind').textContent ?? '';

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
    const tools = [...state.querySelectorAll('.tool')].map(({ textContent }) => textContent);
    const what = [state.dataset.state, kindOf(state), tools.length > 0 ? `tools ${tools.join('; ')}` : null].filter(Boolean).join(', ');
    state.setAttribute('aria-label', `${what}: go to its line`);
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

/** What the model may do, and what that leads to. */
function toolItem({ name, about, arguments: names, effect, state }) {
  const effects = { call: `makes the request of ${state}`, go: `goes to ${state}`, save: state ? `keeps them, then ${state}` : 'keeps them' };
  const given = names.length > 0 ? ` (${names.join(', ')})` : '';
  return element('li', { title: about || null }, element('b', {}, name), `${given}: ${effects[effect] ?? effect}`);
}

const exitItem = ({ to, label }) => element('li', {}, label ? `${label}: ` : '', element('b', {}, to));
