// The flows page: the list, the text and its checks, saving and its conflicts, the graph and the dry run beside it.

import { errorText, fetchFlowPicture } from '../shared/api.js';
import { ask } from '../shared/dialog.js';
import { byId, element } from '../shared/dom.js';
import { counted, momentText } from '../shared/format.js';
import { Notices } from '../shared/notices.js';
import { becameReachable, showVersion, watchServer } from '../shared/server-status.js';
import { listFlows, listVersions, readText } from './api.js';
import { FlowCheck, stateAt } from './check.js';
import { DryRun } from './dry-run.js';
import { EditedFlow, FIRST_TEXT } from './edited-flow.js';
import { Editor } from './editor.js';
import { FlowGraph } from './graph.js';
import { compare, hideConflict, showConflict, showVersions } from './versions.js';

const OUTDATED = 412;
const GONE = 404;
/** The name under which a flow that has none yet is checked. */
const UNNAMED = 'flow';

const notices = new Notices(byId('notices'), () => load());
const edited = new EditedFlow();
const editor = new Editor({ area: byId('text'), gutter: byId('gutter'), highlights: byId('highlights') }, { changed: textChanged, moved: cursorMoved });
const graph = new FlowGraph({ graph: byId('graph'), now: byId('flow-now'), pick: goToState });
const conversation = new DryRun((steps, moved) => graph.walk(steps, { stay: !moved }));
const check = new FlowCheck({ draft, done: checked, failed: (text) => checkState('unknown', text) });
let flows = [];
/** Name and line of the states, as the last check found them. */
let states = [];
/** The flow in the graph, as JSON: it is redrawn only when it changes. */
let drawn = '';
let saving = false;

const isOpen = () => edited.name !== null || !byId('name-field').hidden;
const isDirty = () => isOpen() && !edited.isFixed && editor.text !== edited.saved;
const canSave = () => isOpen() && (edited.isNew || isDirty());
/** The flow as it is edited now, or null. */
function draft() {
  if (!isOpen() || edited.isFixed) return null;
  return { name: edited.name ?? (byId('name').value.trim() || UNNAMED), text: editor.text };
}

// ---- Server ----

async function serverChanged(readiness, before) {
  if (readiness.status === 'unreachable') return notices.show('server-unreachable');
  if (!becameReachable(before)) return;
  notices.remove('server-unreachable');
  await load();
}

async function load() {
  try {
    await Promise.all([refresh(), showVersion()]);
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
  notices.show('flows-refused', errorText(problem, 'The server does not answer. What you have written is still here.'));
}

// ---- The list ----

function showList() {
  byId('flows-empty').hidden = flows.length > 0;
  byId('flows-empty').textContent = 'There are no flows yet.';
  byId('flows').replaceChildren(...flows.map(({ name, title, version, faults }) =>
    element('li', {},
      element('button', {
        type: 'button', class: 'flow-row', 'data-flow': name, 'aria-current': name === edited.name ? 'true' : null, click: () => leaveFor(() => open(name)),
      }, element('strong', {}, name), element('span', { class: 'hint' }, title), element('span', { class: 'hint' }, faults ? 'cannot be used' : version ? `version ${version}` : 'read only')))));
}

/** Opens something else, unless there are unsaved changes and the person wants to stay. */
async function leaveFor(go) {
  if (!(await confirmLeaving())) return;
  try {
    notices.clear();
    await go();
  } catch (problem) {
    failed(problem);
  }
}

async function confirmLeaving() {
  if (!isDirty()) return true;
  const what = edited.isNew ? 'This new flow is' : `Your changes to ${edited.name} are`;
  const choice = await ask(`${what} not saved`, 'What should happen to them?', [['save', 'Save'], ['drop', 'Drop them'], ['stay', 'Stay here']]);
  if (choice === 'save') return save();
  return choice === 'drop';
}

async function open(name) {
  const { text, fixed, why } = await edited.open(name);
  if (location.hash !== `#${encodeURIComponent(name)}`) history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  begin(text);
  if (fixed) showFixed(fixed, why);
  else await loadVersions();
}

/** `kept`: as much of the text as is on the server, or would not be missed. */
function beginNew(text, name, kept) {
  edited.begin(kept);
  history.replaceState(null, '', location.pathname);
  byId('name').value = name;
  byId('name-field').hidden = false;
  begin(text);
  showVersions([], versionAct);
  byId('name').focus();
}

function begin(text) {
  byId('name-field').hidden = !edited.isNew;
  hideConflict();
  editor.text = text;
  editor.readOnly = edited.isFixed;
  [states, drawn] = [[], ''];
  byId('faults').replaceChildren();
  editor.showFaults([]);
  editor.highlight(null);
  conversation.show(null);
  checkState('none', '');
  showState();
  showList();
  check.now();
}

function showFixed(flow, why) {
  checkState('unknown', `This flow is read-only: ${why}.`);
  showVersions([], versionAct);
  draw(flow, fetchFlowPicture(flow.name));
}

/** Lists the versions of the open flow, unless another one has been opened meanwhile. */
async function loadVersions() {
  const { name } = edited;
  const versions = await listVersions(name);
  if (name === edited.name) showVersions(versions, versionAct);
}

/** Name, version, whether all is saved, and the buttons that do something now. */
function showState() {
  byId('flow-name').textContent = edited.name ?? 'New flow';
  const version = edited.version ? `Version ${edited.version}` : edited.isFixed ? 'Read only' : 'Not on the server yet';
  byId('flow-state').textContent = isDirty() ? `${version}, with changes that are not saved` : version;
  document.body.dataset.dirty = isDirty();
  byId('save').disabled = saving || !canSave();
  byId('copy').disabled = !isOpen() || edited.isFixed;
  byId('delete').hidden = edited.version === null;
}

// ---- Text, checks, graph ----

function textChanged() {
  showState();
  checkState('busy', 'Checking…');
  check.later();
}

function checked(now, { ok, flow, svg, states: found, faults }) {
  states = found;
  editor.showFaults(faults);
  byId('faults').replaceChildren(...faults.map(faultRow));
  checkState(ok ? 'good' : 'bad', ok ? `No faults. ${counted(states.length, 'state')}.` : counted(faults.length, 'fault'));
  byId('graph-state').textContent = ok ? 'Choose a state to see its line' : 'of the last text without faults';
  byId('graph').dataset.stale = !ok;
  if (ok) draw(flow, svg);
  cursorMoved(editor.line, { quietly: true });
  if (ok) conversation.show(now);
}

function draw(flow, picture) {
  const wanted = JSON.stringify(flow);
  if (wanted === drawn) return;
  graph.show(flow, picture, { stay: drawn !== '' });
  drawn = wanted;
}

function faultRow({ line, column, message }) {
  return element('li', {},
    element('button', { type: 'button', class: 'fault-row', click: () => editor.goTo(line, column) }, element('b', {}, `Line ${line}`), element('span', {}, message)));
}

function checkState(state, text) {
  byId('check-state').dataset.check = state;
  byId('check-state').textContent = text;
}

/** Highlights the state in whose lines the cursor is, in the text and in the graph. */
function cursorMoved(line, { quietly = false } = {}) {
  const state = stateAt(line, states, editor.text);
  editor.highlight(state?.first ?? null, state?.last ?? null);
  graph.mark(state?.name ?? null, { stay: quietly });
}

function goToState(name) {
  const found = states.find((state) => state.name === name);
  if (found) return editor.goTo(found.line);
  const other = /^flow:(.+)$/.exec(name)?.[1];
  if (other && flows.some((flow) => flow.name === other)) leaveFor(() => open(other));
}

// ---- Saving ----

/** Returns whether the text is saved now. */
async function save() {
  if (saving || !canSave()) return !isDirty();
  const name = byId('name').value.trim();
  if (edited.isNew && !name) {
    notices.say('flow-name', 'The flow needs a name.');
    byId('name').focus();
    return false;
  }
  saving = true;
  showState();
  try {
    notices.clear();
    hideConflict();
    await edited.save(editor.text, name);
    history.replaceState(null, '', `#${encodeURIComponent(edited.name)}`);
    byId('name-field').hidden = true;
    showState();
    // Said when all of the page shows it; what is saved is saved, also if the lists cannot be read then.
    await Promise.all([refresh(), loadVersions()]).catch(failed);
    notices.say('flow-saved', `${edited.name} is saved as version ${edited.version}.`, 'Calls that begin now use it.');
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
  if (problem.status === OUTDATED) return offerMerge();
  if (problem.status === GONE && !edited.isNew) return offerNewFlow();
  failed(problem);
  if (problem.faults) check.now();
}

/** Somebody else was faster. */
async function offerMerge() {
  const [newest] = await listVersions(edited.name);
  const theirs = await readText(edited.name);
  const loadTheirs = { label: 'Load theirs, drop mine', act: () => open(edited.name) };
  const saveMine = { label: 'Save mine after it', act: () => (edited.rebase(theirs), save()) };
  const compareBoth = async () => {
    const choice = await compare(`From version ${theirs.version} to your text`, theirs.text, editor.text,
      [['load', loadTheirs.label], ['save', saveMine.label], ['close', 'Close']]);
    if (choice === 'close') return;
    hideConflict();
    await (choice === 'load' ? loadTheirs : saveMine).act();
  };
  showConflict(`Somebody else saved version ${theirs.version} first.`,
    `${momentText(newest.savedAt)}. You were changing version ${edited.version}. Your text is still here and not saved.`,
    [{ label: 'Compare', act: compareBoth, stays: true }, loadTheirs, saveMine], failed);
}

function offerNewFlow() {
  const { name } = edited;
  showConflict(`${name} has been deleted by somebody else.`, 'Your text is still here and not saved.',
    [{ label: 'Save it as a new flow', act: () => beginNew(editor.text, name, '') }], failed);
}

// ---- Versions, copying, deleting ----

async function versionAct(what, version) {
  try {
    if (what === 'compare') {
      const { text } = await readText(edited.name, version);
      return void (await compare(`From version ${version} to the text in the editor`, text, editor.text, [['close', 'Close']]));
    }
    if (!(await confirmLeaving())) return;
    await edited.rollBack(version);
    await refresh();
    await open(edited.name);
    notices.say('flow-back', `${edited.name} is back at the text of version ${version}, saved as version ${edited.version}.`);
    byId('versions-title').focus();
  } catch (problem) {
    await notSaved(problem);
  }
}

async function remove() {
  const { name } = edited;
  const choice = await ask(`Delete ${name}?`, 'All its versions are deleted, and it cannot be undone. Calls in progress continue.', [['delete', 'Delete'], ['keep', 'Keep']]);
  if (choice !== 'delete') return;
  try {
    notices.clear();
    await edited.remove();
    editor.text = edited.saved; // Unsaved changes are deleted with it, as the question said.
    edited.begin();
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

byId('new').addEventListener('click', () => leaveFor(() => beginNew(FIRST_TEXT, '', FIRST_TEXT)));
byId('copy').addEventListener('click', () => {
  // What is unsaved goes along into the copy.
  const text = withoutName(editor.text);
  beginNew(text, `${edited.name ?? byId('name').value}-copy`, isDirty() ? '' : text);
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
  if (wanted !== edited.name && flows.some(({ name }) => name === wanted)) leaveFor(() => open(wanted));
});
window.addEventListener('beforeunload', (event) => {
  if (isDirty()) event.preventDefault();
});
watchServer(serverChanged);
