// Wires the page: server readiness, the stage's buttons, one call at a time, and what its messages change.

import { Agents } from './agents.js';
import { fetchVersion, whyNotConnected } from './api.js';
import { audioPossible } from './audio.js';
import { Call } from './call.js';
import { byId } from './dom.js';
import { FlowView } from './flow.js';
import { History } from './history.js';
import { Keypad } from './keypad.js';
import { askForMicrophone, release } from './microphone.js';
import { Notices } from './notices.js';
import { readinessText, watchReadiness } from './readiness.js';
import { Stage } from './stage.js';
import { drawTimeline } from './timeline.js';
import { Transcript } from './transcript.js';
import { Waveform } from './waveform.js';
import { counted, endedWell, millisecondsText, reasonWords } from './words.js';

const stage = new Stage();
const notices = new Notices(byId('notices'), (way) => startCall({ speaking: way !== 'type' }));
const waveform = new Waveform(byId('waveform'));
const transcript = new Transcript({
  list: byId('transcript'), announcer: byId('announcer'), empty: byId('transcript-empty'),
});
const flowView = new FlowView({ graph: byId('graph'), now: byId('flow-now') });
const keypad = new Keypad(byId('keypad'), (digit) => call?.press(digit));
const recent = new History(byId('history'));
const agents = new Agents((flow) => flowView.show(flow));

let call = null;
let turns = [];
/** How the call's audio fares on this side: times, gaps and losses. */
let health = {};
/** Counts attempts, so that an answer to the microphone question after Cancel starts nothing. */
let attempt = 0;

// ---- Server ----

async function serverChanged(readiness) {
  const before = document.body.dataset.serverState;
  const now = readiness.status;
  document.body.dataset.serverState = now;
  byId('readiness').textContent = readinessText(readiness);
  if (now === 'unreachable') serverLost(before);
  else if (before === 'unreachable') serverBack(now);
  if (now !== 'unreachable') await loadLists(now);
  if (now !== document.body.dataset.serverState) return; // The next change overtook this one.
  stage.callable = now === 'ready' && agents.known;
  if (stage.state === 'idle') stage.activity(now === 'loading' ? 'loading' : 'idle');
}

function serverLost(before) {
  if (stage.state === 'live') notices.show('server-silent');
  else if (before === 'unknown') notices.show('server-unreachable');
}

function serverBack(now) {
  for (const code of ['server-silent', 'server-unreachable', 'server-gone']) notices.remove(code);
  if (stage.state === 'live') return;
  notices.say('server-back', 'The server is back.', now === 'ready' ? 'You can call again.' : 'Its speech engines are loading.');
}

/** Flow and voice of a call stay as chosen, whatever the server does meanwhile. */
const inCall = () => !['idle', 'ended'].includes(stage.state);

async function loadLists(status) {
  try {
    await Promise.all([inCall() ? null : agents.load({ withVoices: status === 'ready' }), recent.load()]);
    byId('version').textContent = `Version ${await fetchVersion()}`;
  } catch (problem) {
    notices.show('server-unreachable', problem.message);
  }
}

// ---- Starting and ending a call ----

async function startCall({ speaking }) {
  const mine = ++attempt;
  resetViews();
  const stream = speaking ? await microphone() : null;
  if (mine !== attempt) return release(stream);
  if (speaking && !stream) return;
  stage.microphone(stream ? 'on' : 'none');
  stage.activity('connecting');
  call = new Call(stream, heard);
  call.open({ ...agents.chosen, withAudio: audioPossible() }).catch((problem) => callFailed(mine, problem));
}

function callFailed(mine, problem) {
  if (mine !== attempt) return;
  notices.show('audio-failed', problem.message);
  hangUp();
}

function resetViews() {
  notices.clear();
  transcript.clear();
  waveform.clear();
  keypad.clear();
  turns = [];
  drawTimeline(byId('latency'), turns);
  health = { lost: 0, unsent: 0, underruns: 0, earMs: NaN };
  byId('ear').hidden = true;
  stage.title = agents.title;
  stage.enter('connecting');
}

/** The stream, or null after saying why there is none. */
async function microphone() {
  stage.activity('asking');
  const mine = attempt;
  const { stream, problem } = await askForMicrophone();
  if (problem && mine === attempt) {
    stage.microphone('none');
    stage.enter('idle');
    stage.activity('idle');
    notices.show(problem);
  }
  return stream ?? null;
}

function hangUp() {
  if (call) {
    stage.enter('ending');
    stage.activity('ending');
    call.hangUp();
  } else {
    attempt++;
    stage.enter('idle');
    stage.activity('idle');
  }
}

function callLive() {
  stage.enter('live');
  stage.activity('connected');
  keypad.enable(true);
  waveform.startClock();
  waveform.start();
  if (document.body.dataset.microphone === 'none') byId('message').focus();
}

async function callOver({ ended, code, detail, cancelled }) {
  const connected = stage.state !== 'connecting';
  call = null;
  waveform.stop();
  flowView.leave();
  transcript.finish();
  keypad.enable(false);
  byId('vad').dataset.speech = 'stopped';
  stage.microphone('unknown');
  stage.enter(connected ? 'ended' : 'idle');
  if (connected) stage.activity('ended', ended ? reasonWords(ended.reason) : 'The call is over.');
  else stage.activity('idle');
  if (ended && !endedWell(ended.reason)) notices.show('call-ended-early', reasonWords(ended.reason));
  if (!ended && !cancelled) await explain(code, detail);
  if (code === 'server-gone') lookAtServer();
  else if (connected) await recent.addNew(ended?.record?.id);
}

async function explain(code, detail) {
  const reason = code === 'not-connected' ? await whyNotConnected() : { code, detail };
  const said = reason.detail && reason.code === 'server-full' ? `It says: ${reason.detail}.` : reason.detail;
  const wait = reason.seconds ? `Try again in ${reason.seconds} s.` : null;
  notices.show(reason.code, [said, wait].filter(Boolean).join(' '));
}

// ---- What the call tells ----

function heard(event) {
  if (event.message) receive(event.message);
  else if (event.side) soundOf(event);
  else if (event.earMs || event.counts) showHealth({ earMs: event.earMs ?? health.earMs, ...event.counts });
  else if (event.problem) notices.show(event.problem.code, event.problem.detail);
  else if (event.over) callOver(event.over);
}

function receive(message) {
  switch (message.type) {
    case 'ready': return callLive();
    case 'speech': return speechChanged(message);
    case 'transcript': return transcript.heard(message);
    case 'state': return flowView.enter(message);
    case 'agent': return agentChanged(message);
    case 'turn': return turnMeasured(message);
    case 'error': return notices.show('call-error', message.message);
  }
}

function speechChanged(message) {
  waveform.speech(message);
  byId('vad').dataset.speech = message.state;
  stage.activity(message.state === 'started' ? 'hearing' : 'thinking');
}

function agentChanged(message) {
  transcript.utterance(message, stage.elapsedMs);
  const speech = byId('vad').dataset.speech;
  if (message.state === 'started') stage.activity('speaking');
  else if (speech !== 'started') stage.activity('listening');
}

function turnMeasured(message) {
  turns.push(message);
  drawTimeline(byId('latency'), turns);
}

function soundOf({ side, peak, underruns = health.underruns }) {
  waveform.add(side, peak);
  if (underruns !== health.underruns) showHealth({ underruns });
}

/** From arrival here to the ear is what this page adds to the server's latency. */
function showHealth(news) {
  health = { ...health, ...news };
  const lost = health.lost + health.unsent;
  byId('ear').hidden = false;
  byId('ear').dataset.earMs = Math.round(health.earMs);
  byId('ear').dataset.gaps = health.underruns;
  byId('ear').dataset.lost = lost;
  byId('ear').textContent = [
    `Arrival to ear ${millisecondsText(health.earMs)}`,
    health.underruns > 0 ? counted(health.underruns, 'gap') : null,
    lost > 0 ? `${counted(lost, 'packet')} lost` : null,
  ].filter(Boolean).join(', ');
}

// ---- Controls ----

byId('call').addEventListener('click', () => startCall({ speaking: true }));
byId('call-typing').addEventListener('click', () => startCall({ speaking: false }));
byId('hangup').addEventListener('click', hangUp);
byId('mute').addEventListener('click', () => {
  const muted = document.body.dataset.microphone === 'on';
  call?.mute(muted);
  stage.microphone(muted ? 'muted' : 'on');
});
byId('keypad-toggle').addEventListener('click', () => showKeypad(byId('keypad').hidden));
byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('message').value.trim();
  if (text) call?.type(text);
  byId('message').value = '';
});

function showKeypad(shown) {
  byId('keypad').hidden = !shown;
  byId('keypad-toggle').setAttribute('aria-expanded', shown);
}

showKeypad(matchMedia('(min-width: 760px)').matches);
drawTimeline(byId('latency'), turns);
if (!audioPossible()) notices.show('insecure-page');
const lookAtServer = watchReadiness(serverChanged);
