// Wires the voices page: the library, its filter kept in the address, and one sample at a time.

import { deleteMatchedVoice, fetchVersion, fetchVoices, matchVoice, Refusal } from './api.js';
import { byId, element } from './dom.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { SamplePlayer } from './sampleplayer.js';
import { engineWords, languageWords } from './voicewords.js';
import { counted } from './words.js';

const FIELDS = ['filter', 'language', 'gender', 'engine'];
const MATCHED = 'matched-';
const NOT_YET = 'The speech engines are loading. The voices appear here in a moment.';

const notices = new Notices(byId('notices'), () => load());
const player = new SamplePlayer({ changed: showPlaying, failed });
let voices = [];
let standard;

// ---- Server ----

async function serverChanged(readiness) {
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') {
    if (voices.length === 0) notices.show('server-unreachable');
  } else if (voices.length === 0) {
    notices.remove('server-unreachable');
    // Asked for while the engines load, the list would wait for them.
    if (readiness.status === 'loading') note(NOT_YET);
    else await load();
  }
}

async function load() {
  try {
    const [library, version] = await Promise.all([fetchVoices(), fetchVersion()]);
    byId('version').textContent = `Version ${version}`;
    voices = library.voices;
    standard = library.default;
    offer();
    recall();
    show();
  } catch (problem) {
    note('There is nothing to show.');
    notices.say('voices-unreadable', 'The voices cannot be read.', problem instanceof Refusal ? problem.message : 'The server does not answer.');
  }
}

// ---- Filter ----

function offer() {
  const languages = new Map(voices.map(({ language }) => [language.split('-')[0], languageWords(language.split('-')[0])]));
  const sorted = [...languages].sort(([, one], [, other]) => one.localeCompare(other));
  fill('language', 'All languages', sorted);
  fill('engine', 'All', [...new Set(voices.map(({ engine }) => engine))].map((engine) => [engine, engineWords(engine)]));
}

function fill(name, all, choices) {
  byId(name).replaceChildren(...[['', all], ...choices].map(([value, text]) => element('option', { value }, text)));
}

function recall() {
  const wanted = new URLSearchParams(location.search);
  for (const name of FIELDS) {
    const field = byId(name);
    const value = wanted.get(name) ?? '';
    if (field.tagName === 'INPUT' || [...field.options].some((option) => option.value === value)) field.value = value;
  }
}

function remember() {
  const chosen = FIELDS.map((name) => [name, byId(name).value]).filter(([, value]) => value);
  history.replaceState(null, '', chosen.length > 0 ? `?${new URLSearchParams(chosen)}` : location.pathname);
}

function chosen({ id, name, language, gender, engine, description }) {
  const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${id} ${name} ${description} ${language}`.toLowerCase();
  const is = (field, value) => byId(field).value === '' || byId(field).value === value;
  return words.every((word) => text.includes(word)) && is('language', language.split('-')[0]) && is('gender', gender) && is('engine', engine);
}

function show() {
  const shown = voices.filter(chosen);
  byId('shown').textContent = shown.length === voices.length ? counted(voices.length, 'voice') : `${shown.length} of ${counted(voices.length, 'voice')}`;
  note(shown.length > 0 ? '' : 'No voice is like that. Take something out of the filter.');
  byId('voices').replaceChildren(...shown.map(row));
  showPlaying(player.playing);
}

function note(text) {
  byId('voices-empty').textContent = text;
  byId('voices-empty').hidden = text === '';
}

// ---- Voices ----

function row(voice) {
  const facts = [languageWords(voice.language), voice.gender, engineWords(voice.engine), voice.pitchHz ? `${voice.pitchHz} Hz` : null];
  return element('li', { 'data-voice': voice.id },
    element('button', { type: 'button', class: 'small play', 'aria-pressed': 'false', 'aria-label': `Play ${voice.name}, ${voice.id}`, click: () => player.toggle(voice.id) }, '▶'),
    element('div', {},
      element('p', { class: 'name' }, voice.name, element('code', {}, voice.id), voice.id === standard ? element('span', { class: 'hint' }, 'default') : null),
      element('p', { class: 'hint' }, voice.description)),
    element('p', { class: 'hint facts-line' }, facts.filter(Boolean).join(' · ')),
    voice.id.startsWith(MATCHED)
      ? element('button', { type: 'button', class: 'small plain remove', click: () => remove(voice), 'aria-label': `Delete ${voice.name}` }, 'Delete')
      : null,
    element('a', { class: 'try', href: `/?${new URLSearchParams({ voice: voice.id })}` }, 'Call', element('span', { class: 'unseen' }, ` with ${voice.name}`)));
}

/** `state` is `{id, phase}`, phase `loading` or `playing`; null when nothing is heard. */
function showPlaying(state) {
  for (const item of byId('voices').children) {
    const mine = state?.id === item.dataset.voice;
    const button = item.querySelector('button');
    item.dataset.phase = mine ? state.phase : 'still';
    button.setAttribute('aria-pressed', String(mine));
    button.textContent = mine ? '■' : '▶';
  }
  const name = voices.find(({ id }) => id === state?.id)?.name;
  byId('announcer').textContent = state?.phase === 'playing' ? `${name} plays` : '';
}

function failed(id, text) {
  notices.say('sample-failed', `The sample of ${id} cannot be played.`, text);
}

// ---- Matched voices ----

async function match(event) {
  event.preventDefault();
  const [file] = byId('match-file').files;
  byId('match-go').disabled = true;
  byId('match-state').textContent = 'Listening to the recording…';
  try {
    const voice = await matchVoice(file, byId('match-name').value);
    byId('match').reset();
    byId('match-state').textContent = `${voice.name} is matched: ${voice.pitchHz} Hz.`;
    await load();
    byId('voices').querySelector(`[data-voice="${voice.id}"]`)?.scrollIntoView({ block: 'center' });
  } catch (problem) {
    byId('match-state').textContent = problem.message;
  }
  byId('match-go').disabled = false;
}

async function remove({ id, name }) {
  try {
    await deleteMatchedVoice(id);
    byId('announcer').textContent = `${name} is deleted`;
    await load();
    byId('voices').focus();
  } catch (problem) {
    notices.say('delete-failed', `${name} cannot be deleted.`, problem.message);
  }
}

byId('match').addEventListener('submit', match);
byId('sieve').addEventListener('submit', (event) => event.preventDefault());
byId('sieve').addEventListener('input', () => {
  remember();
  show();
});
watchReadiness(serverChanged);
