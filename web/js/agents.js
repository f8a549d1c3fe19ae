// The choice of flow and voice, kept in the address so that a link or a reload brings it back.

import { fetchFlows, fetchVoices } from './api.js';
import { byId, element } from './dom.js';

export class Agents {
  #flows = [];
  #changed;

  /** `changed` gets the flow chosen, at the start and after every change. */
  constructor(changed) {
    this.#changed = changed;
    byId('flow').addEventListener('change', () => this.#choose());
    byId('voice').addEventListener('change', () => this.#remember());
  }

  get chosen() {
    return { flow: byId('flow').value, voice: byId('voice').value };
  }

  get known() {
    return this.#flows.length > 0;
  }

  /** The chosen flow and voice as one line. */
  get title() {
    return [byId('flow'), byId('voice')].map((select) => select.selectedOptions[0]?.text.split(' – ')[0]).filter(Boolean).join(' with ');
  }

  async load() {
    const [flows, { voices, default: standard }] = await Promise.all([fetchFlows(), fetchVoices()]);
    const wanted = new URLSearchParams(location.search);
    this.#flows = flows;
    offer(byId('flow'), flows.map((flow) => [flow.name, flow.title || flow.name]), wanted.get('flow'));
    offer(byId('voice'), voices.map((voice) => [voice.id, voiceTitle(voice)]), wanted.get('voice') ?? standard);
    this.#show();
  }

  #choose() {
    this.#remember();
    this.#show();
  }

  #show() {
    const flow = this.#flows.find(({ name }) => name === byId('flow').value);
    byId('flow-description').textContent = flow?.description ?? '';
    if (flow) this.#changed(flow);
  }

  #remember() {
    history.replaceState(null, '', `?${new URLSearchParams(this.chosen)}`);
  }
}

function offer(select, options, wanted) {
  select.replaceChildren(...options.map(([value, title]) => element('option', { value }, title)));
  if (options.some(([value]) => value === wanted)) select.value = wanted;
  select.disabled = options.length === 0;
}

const voiceTitle = ({ name, language, gender }) => [name, [language, gender].filter(Boolean).join(', ')].filter(Boolean).join(' – ');
