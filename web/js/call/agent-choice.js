// The choice of flow, voice and wire, kept in the address so that a link or a reload brings it back.

import { fetchFlows, fetchVoices } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { engineText } from '../shared/format.js';

const NO_VOICES = { voices: [], default: undefined };

export class AgentChoice {
  #flows = [];
  #loads = 0;
  #changed;

  /** `changed` gets the flow chosen, at the start and after every change. */
  constructor(changed) {
    this.#changed = changed;
    byId('flow').addEventListener('change', () => this.#choose());
    for (const name of ['voice', 'wire']) byId(name).addEventListener('change', () => this.#writeAddress());
    const wire = new URLSearchParams(location.search).get('wire');
    if (['voiceforge', 'realtime'].includes(wire)) byId('wire').value = wire;
  }

  get chosen() {
    return { flow: byId('flow').value, voice: byId('voice').value, wire: byId('wire').value };
  }

  get isLoaded() {
    return this.#flows.length > 0;
  }

  /** The chosen flow and voice as one line. */
  get title() {
    return [byId('flow'), byId('voice')].map((select) => select.selectedOptions[0]?.text.split(' – ')[0]).filter(Boolean).join(' with ');
  }

  /** Voices are known only when the engines are loaded: asking earlier waits for that. */
  async load({ withVoices }) {
    const load = ++this.#loads;
    const [flows, { voices, default: standard }] = await Promise.all([fetchFlows(), withVoices ? fetchVoices() : NO_VOICES]);
    if (load !== this.#loads) return; // A later one knows more.
    const wanted = new URLSearchParams(location.search);
    this.#flows = flows;
    fillSelect(byId('flow'), flows.map(({ name, title }) => option(name, title || name)), wanted.get('flow'));
    fillSelect(byId('voice'), voiceGroups(voices), wanted.get('voice') ?? standard);
    this.#show();
  }

  #choose() {
    this.#writeAddress();
    this.#show();
  }

  #show() {
    const flow = this.#flows.find(({ name }) => name === byId('flow').value);
    byId('flow-description').textContent = flow?.description ?? '';
    if (flow) this.#changed(flow);
  }

  #writeAddress() {
    history.replaceState(null, '', `?${new URLSearchParams(this.chosen)}`);
  }
}

const option = (value, title) => element('option', { value }, title);

/** Puts `choices`, options or groups of them, into `select`. */
function fillSelect(select, choices, wanted) {
  select.replaceChildren(...choices);
  if ([...select.options].some(({ value }) => value === wanted)) select.value = wanted;
  select.disabled = select.length === 0;
}

/** One group for each engine: the natural voices come first and are not lost among hundreds of formant ones. */
function voiceGroups(voices) {
  const groups = Map.groupBy(voices, ({ engine }) => engine);
  return [...groups].map(([engine, members]) => element('optgroup', { label: engineText(engine) },
    ...members.map((voice) => option(voice.id, voiceTitle(voice)))));
}

const voiceTitle = ({ name, language, gender }) => [name, [language, gender].filter(Boolean).join(', ')].filter(Boolean).join(' – ');
