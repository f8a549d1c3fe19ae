// Wires the flows page: the list, the text and its checks, saving and its conflicts, the graph and the conversation beside it.

import { fetchVersion, Refusal } from './api.js';
import { choose } from './ask.js';
import { byId, element } from './dom.js';
import { Editor } from './editor.js';
import { FlowView } from './flow.js';
import { listFlows, listVersions, readText } from './flowapi.js';
import { FlowCheck } from './flowcheck.js';
import { hideConflict, showConflict } from './flowconflict.js';
import { stateAt } from './flowlines.js';
import { FIRST_TEXT, FlowStore } from './flowstore.js';
import { FlowTrial } from './flowtrial.js';
import { compare, showVersions } from './flowversions.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { counted, momentText } from './words.js';

const OUTDATED = 412;
const GONE = 404;
/** The name under which a flow that has none yet is checked. */
const UNNAMED = 'flow';

const notices = new Notices(byId('notices'), () => load());
const store = new FlowStore();
const editor = new Editor({ area: byId('text'), gutter: byId('gutter'), bands: byId('bands') }, { changed: textChanged, moved: cursorMoved });
const view = new FlowView({ graph: byId('graph'), now: byId('flow-now'), pick: goToState });
const trial = new FlowTrial((steps, moved) => view.walk(steps, { stay: !moved }));
const check = new FlowCheck({ draft, done: checked, failed: (text) => checkState('unknown', text) });
let flows = [];
/** Name and line of the states, as the last check found them. */
let states = [];
/** What the graph shows, as JSON: it is drawn anew only when it changes. */
let drawn = '';
let saving = false;

const isOpen = () => store.name !== null || !byId('name-field').hidden;
const isDirty = () => isOpen() && !store.isFixed && editor.text !== store.saved;
const canSave = () => isOpen() && (store.isNew || isDirty());
/** What counts now, or null. */
function draft() {
  if (!isOpen() || store.isFixed) return null;
  return { name: store.name ?? (byId('name').value.trim() || UNNAMED), text: editor.text };
}

// ---- Server ----

async function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  document.body.dataset.serverState = readiness.status;
  byId('readiness').textContent = readinessText(readiness);
  if (readiness.status === 'unreachable') return notices.show('server-unreachable');
  if (before !== 'unknown' && before !== 'unreachable') return;
  notices.remove('server-unreachable');
  await load();
}

async function load() {
  try {
    const [, version] = await Promise.all([refresh(), fetchVersion()]);
    byId('version').textContent = `Version ${version}`;
    if (isOpen()) return void check.now();
    const wanted = wantedName();
    if (flows.length > 0) await open(flows.some(({ name }) => name === wanted) ? wanted : flows[0].name);
  } catch (problem) {
    failed(problem);
  }
}

async function refresh() {
  flows = await listFlows();
  showList();
}

const wantedName = () => decodeURIComponent(location.hash.slice(1));

function failed(problem) {
  notices.show('flows-refused', problem instanceof Refusal ? problem.message : 'The server does not answer. What you have written is still here.');
}

// ---- The list ----

function showList() {
  byId('flows-empty').hidden = flows.length > 0;
  byId('flows-empty').textContent = 'There are no flows yet.';
  byId('flows').replaceChildren(...flows.map(({ name, title, version, faults }) =>
    element('li', {},
      element('button', {
        type: 'button', class: 'flow-row', 'data-flow': name, 'aria-current': name === store.name ? 'true' : null, click: () => change(() => open(name)),
      }, element('strong', {}, name), element('span', { class: 'hint' }, title), element('span', { class: 'hint' }, faults ? 'cannot be used' : version ? `version ${version}` : 'read only')))));
}

/** Goes elsewhere, unless something is unsaved and the person wants to stay. */
async function change(go) {
  if (!(await mayLeave())) return;
  try {
    notices.clear();
    await go();
  } catch (problem) {
    failed(problem);
  }
}

async function mayLeave() {
  if (!isDirty()) return true;
  const what = store.isNew ? 'This new flow is' : `Your changes to ${store.name} are`;
  const choice = await choose(`${what} not saved`, 'What shall become of them?', [['save', 'Save'], ['drop', 'Drop them'], ['stay', 'Stay here']]);
  if (choice === 'save') return save();
  return choice === 'drop';
}

async function open(name) {
  const { text, graph, why } = await store.open(name);
  if (location.hash !== `#${encodeURIComponent(name)}`) history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  begin(text);
  if (graph) showFixed(graph, why);
  else await showKept();
}

/** `kept`: as much of the text as is on the server, or would not be missed. */
function beginNew(text, name, kept) {
  store.begin(kept);
  history.replaceState(null, '', location.pathname);
  byId('name').value = name;
  byId('name-field').hidden = false;
  begin(text);
  showVersions([], versionAct);
  byId('name').focus();
}

function begin(text) {
  byId('name-field').hidden = !store.isNew;
  hideConflict();
  editor.text = text;
  editor.readOnly = store.isFixed;
  [states, drawn] = [[], ''];
  byId('faults').replaceChildren();
  editor.showFaults([]);
  editor.light(null);
  trial.show(null);
  checkState('none', '');
  showState();
  showList();
  check.now();
}

function showFixed(graph, why) {
  checkState('unknown', `This flow can be looked at, not changed: ${why}.`);
  showVersions([], versionAct);
  draw(graph);
}

async function showKept() {
  showVersions(await listVersions(store.name), versionAct);
}

/** Name, version, whether all is saved, and the buttons that do something now. */
function showState() {
  byId('flow-name').textContent = store.name ?? 'New flow';
  const version = store.version ? `Version ${store.version}` : store.isFixed ? 'Read only' : 'Not on the server yet';
  byId('flow-state').textContent = isDirty() ? `${version}, with changes that are not saved` : version;
  document.body.dataset.dirty = isDirty();
  byId('save').disabled = saving || !canSave();
  byId('copy').disabled = !isOpen() || store.isFixed;
  byId('delete').hidden = store.version === null;
}

// ---- Text, checks, graph ----

function textChanged() {
  showState();
  checkState('busy', 'Checking…');
  check.later();
}

function checked(now, { ok, flow, states: found, faults }) {
  states = found;
  editor.showFaults(faults);
  byId('faults').replaceChildren(...faults.map(faultRow));
  checkState(ok ? 'good' : 'bad', ok ? `No faults. ${counted(states.length, 'state')}.` : counted(faults.length, 'fault'));
  byId('graph-state').textContent = ok ? 'Choose a state to see its line' : 'of the last text without faults';
  byId('graph').dataset.stale = !ok;
  if (ok) draw(flow);
  cursorMoved(editor.line, { quietly: true });
  if (ok) trial.show(now);
}

function draw(flow) {
  const picture = JSON.stringify(flow);
  if (picture === drawn) return;
  view.show(flow, { stay: drawn !== '' });
  drawn = picture;
}

function faultRow({ line, column, message }) {
  return element('li', {},
    element('button', { type: 'button', class: 'fault-row', click: () => editor.goTo(line, column) }, element('b', {}, `Line ${line}`), element('span', {}, message)));
}

function checkState(state, text) {
  byId('check-state').dataset.check = state;
  byId('check-state').textContent = text;
}

/** The state in whose lines the cursor is lights up, here and in the graph. */
function cursorMoved(line, { quietly = false } = {}) {
  const state = stateAt(line, states, editor.text);
  editor.light(state?.first ?? null, state?.last ?? null);
  view.ring(state?.name ?? null, { stay: quietly });
}

function goToState(name) {
  const found = states.find((state) => state.name === name);
  if (found) return editor.goTo(found.line);
  const other = /^flow:(.+)$/.exec(name)?.[1];
  if (other && flows.some((flow) => flow.name === other)) change(() => open(other));
}

// ---- Saving ----

/** Returns whether the text is saved now. */
async function save() {
  if (saving || !canSave()) return !isDirty();
  const name = byId('name').value.trim();
  if (store.isNew && !name) {
    notices.say('flow-name', 'The flow needs a name.');
    byId('name').focus();
    return false;
  }
  saving = true;
  showState();
  try {
    notices.clear();
    hideConflict();
    const text = editor.text;
    await store.save(text, name);
    history.replaceState(null, '', `#${encodeURIComponent(store.name)}`);
    byId('name-field').hidden = true;
    showState();
    notices.say('flow-saved', `${store.name} is saved as version ${store.version}.`, 'Calls that begin now have it.');
    await Promise.all([refresh(), showKept()]);
    return true;
  } catch (problem) {
    await notSaved(problem);
    return false;
  } finally {
    saving = false;
    showState();
  }
}

async function notSaved(problem) {
  if (problem.status === OUTDATED) return outdated();
  if (problem.status === GONE && !store.isNew) return gone();
  failed(problem);
  if (problem.faults) check.now();
}

/** Somebody else was faster. */
async function outdated() {
  const [newest] = await listVersions(store.name);
  const theirs = await readText(store.name);
  const load = { label: 'Load theirs, drop mine', act: () => open(store.name) };
  const keep = { label: 'Save mine after it', act: () => (store.goOnFrom(theirs), save()) };
  const look = async () => {
    const choice = await compare(`From version ${theirs.version} to your text`, theirs.text, editor.text,
      [['load', load.label], ['keep', keep.label], ['close', 'Close']]);
    if (choice === 'close') return;
    hideConflict();
    await (choice === 'load' ? load : keep).act();
  };
  showConflict(`Somebody else saved version ${theirs.version} first.`,
    `${momentText(newest.savedAt)}. You were changing version ${store.version}. Your text is still here and not saved.`,
    [{ label: 'Compare', act: look, stays: true }, load, keep], failed);
}

function gone() {
  const { name } = store;
  showConflict(`${name} was deleted meanwhile.`, 'Your text is still here and not saved.',
    [{ label: 'Make it a new flow', act: () => beginNew(editor.text, name, '') }], failed);
}

// ---- Versions, copying, deleting ----

async function versionAct(what, version) {
  try {
    if (what === 'compare') {
      const { text } = await readText(store.name, version);
      return void (await compare(`From version ${version} to the text in the editor`, text, editor.text, [['close', 'Close']]));
    }
    if (!(await mayLeave())) return;
    await store.rollBack(version);
    await refresh();
    await open(store.name);
    notices.say('flow-back', `${store.name} is as it was in version ${version}, now as version ${store.version}.`);
    byId('versions-title').focus();
  } catch (problem) {
    await notSaved(problem);
  }
}

async function remove() {
  const { name } = store;
  const choice = await choose(`Delete ${name}?`, 'All its versions go, and it cannot be taken back. Calls that are up go on.', [['delete', 'Delete'], ['keep', 'Keep']]);
  if (choice !== 'delete') return;
  try {
    notices.clear();
    await store.remove();
    editor.text = store.saved; // What was unsaved in it is gone with it, as was said.
    store.begin();
    await refresh();
    if (flows.length > 0) await open(flows[0].name);
    else beginNew(FIRST_TEXT, '', FIRST_TEXT);
    notices.say('flow-deleted', `${name} is deleted.`);
    byId('flows').querySelector('[aria-current]')?.focus();
  } catch (problem) {
    await notSaved(problem);
  }
}

/** A text that names its flow would be refused under another name. */
const withoutName = (text) => text.replace(/^flow:.*\n/m, '');

byId('new').addEventListener('click', () => change(() => beginNew(FIRST_TEXT, '', FIRST_TEXT)));
byId('copy').addEventListener('click', () => {
  // What is unsaved goes along into the copy.
  const text = withoutName(editor.text);
  beginNew(text, `${store.name ?? byId('name').value}-copy`, isDirty() ? '' : text);
});
byId('save').addEventListener('click', save);
byId('delete').addEventListener('click', remove);
byId('name').addEventListener('input', () => check.later());
document.addEventListener('keydown', (event) => {
  if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  if (!document.querySelector('dialog[open]')) save();
});
window.addEventListener('hashchange', () => {
  const wanted = wantedName();
  if (wanted !== store.name && flows.some(({ name }) => name === wanted)) change(() => open(wanted));
});
window.addEventListener('beforeunload', (event) => {
  if (isDirty()) event.preventDefault();
});
watchReadiness(serverChanged);
