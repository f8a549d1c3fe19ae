// The voices page: the library, its filters kept in the address, and one sample at a time.

import { deleteMatchedVoice, errorText, fetchVoices, matchVoice } from '../shared/api.js';
import { byId, element } from '../shared/dom.js';
import { counted, engineText } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { showVersion, watchServer } from '../shared/server-status.js';
import { SamplePlayer } from './sample-player.js';

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });
const FIELDS = ['filter', 'language', 'gender', 'engine'];
const LOADING = 'The speech engines are loading. The voices appear here in a moment.';

const notices = new Notices(byId('notices'), () => load());
const player = new SamplePlayer({ changed: showPlaying, failed });
let voices = [];
let standard;

// ---- Server ----

async function serverChanged(readiness) {
  if (readiness.status === 'unreachable') {
    if (voices.length === 0) notices.show('server-unreachable');
  } else if (voices.length === 0) {
    notices.remove('server-unreachable');
    // Asked for while the engines load, the list would wait for them.
    if (readiness.status === 'loading') setEmptyText(LOADING);
    else await load();
  }
}

async function load() {
  try {
    const [library] = await Promise.all([fetchVoices(), showVersion()]);
    voices = library.voices;
    standard = library.default;
    fillFilters();
    readAddress();
    show();
  } catch (problem) {
    setEmptyText('The voices could not be loaded.');
    notices.say('voices-unreadable', 'The voices cannot be read.', errorText(problem));
  }
}

// ---- Filter ----

function fillFilters() {
  const languages = new Map(voices.map(({ language }) => [language.split('-')[0], languageText(language.split('-')[0])]));
  const sorted = [...languages].toSorted(([, one], [, other]) => one.localeCompare(other));
  fill('language', 'All languages', sorted);
  fill('engine', 'All', [...new Set(voices.map(({ engine }) => engine))].map((engine) => [engine, engineText(engine)]));
}

function fill(name, all, choices) {
  byId(name).replaceChildren(...[['', all], ...choices].map(([value, text]) => element('option', { value }, text)));
}

function readAddress() {
  const wanted = new URLSearchParams(location.search);
  for (const name of FIELDS) {
    const field = byId(name);
    const value = wanted.get(name) ?? '';
    if (field.tagName === 'INPUT' || [...field.options].some((option) => option.value === value)) field.value = value;
  }
}

function writeAddress() {
  const values = FIELDS.map((name) => [name, byId(name).value]).filter(([, value]) => value);
  history.replaceState(null, '', values.length > 0 ? `?${new URLSearchParams(values)}` : location.pathname);
}

const fits = (field, value) => byId(field).value === '' || byId(field).value === value;

function passesFilters({ id, name, language, gender, engine, description }) {
  const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${id} ${name} ${description} ${language}`.toLowerCase();
  return words.every((word) => text.includes(word)) && fits('language', language.split('-')[0]) && fits('gender', gender) && fits('engine', engine);
}

function show() {
  const shown = voices.filter(passesFilters);
  byId('shown').textContent = shown.length === voices.length ? counted(voices.length, 'voice') : `${shown.length} of ${counted(voices.length, 'voice')}`;
  setEmptyText(shown.length > 0 ? '' : 'No voice matches. Clear one of the filters.');
  byId('voices').replaceChildren(...shown.map(row));
  showPlaying(player.playing);
}

function setEmptyText(text) {
  byId('voices-empty').textContent = text;
  byId('voices-empty').hidden = text === '';
}

// ---- Voices ----

/** The name of a language by its tag; tags that are unknown, or private such as `chr-US-Qaaa-x-west`, stay as they are. */
function languageText(tag) {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}


function row(voice) {
  const facts = [languageText(voice.language), voice.gender, engineText(voice.engine), voice.pitchHz ? `${voice.pitchHz} Hz` : null];
  return element('li', { 'data-voice': voice.id },
    element('button', { type: 'button', class: 'small play', 'aria-pressed': 'false', 'aria-label': `Play ${voice.name}, ${voice.id}`, click: () => player.toggle(voice.id) }, '▶'),
    element('div', {},
      element('p', { class: 'name' }, voice.name, element('code', {}, voice.id), voice.id === standard ? element('span', { class: 'hint' }, 'default') : null),
      element('p', { class: 'hint' }, voice.description)),
    element('p', { class: 'hint voice-facts' }, facts.filter(Boolean).join(' · ')),
    voice.isMatched
      ? element('button', { type: 'button', class: 'small plain remove', click: () => remove(voice), 'aria-label': `Delete ${voice.name}` }, 'Delete')
      : null,
    element('a', { class: 'try', href: `/?${new URLSearchParams({ voice: voice.id })}` }, 'Call', element('span', { class: 'visually-hidden' }, ` with ${voice.name}`)));
}

/** `state` is `{id, phase}`, phase `loading` or `playing`; null for none. */
function showPlaying(state) {
  for (const item of byId('voices').children) {
    const mine = state?.id === item.dataset.voice;
    const button = item.querySelector('button');
    item.dataset.phase = mine ? state.phase : 'stopped';
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
  byId('match-start').disabled = true;
  byId('match-state').textContent = 'Listening to the recording…';
  try {
    const voice = await matchVoice(file, byId('match-name').value);
    byId('match').reset();
    const { similarity } = voice.matched;
    const alike = similarity === undefined ? '' : `, similarity to the recording ${similarity.toFixed(2)}`;
    byId('match-state').textContent = `${voice.name} is matched: ${voice.pitchHz} Hz${alike}.`;
    await load();
    byId('voices').querySelector(`[data-voice="${voice.id}"]`)?.scrollIntoView({ block: 'center' });
  } catch (problem) {
    byId('match-state').textContent = problem.message;
  }
  byId('match-start').disabled = false;
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
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('filters').addEventListener('input', () => {
  writeAddress();
  show();
});
watchServer(serverChanged);
