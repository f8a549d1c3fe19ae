// The call page: server readiness, the buttons, one call at a time, and what its messages change.

import { FlowGraph } from '../flows/graph.js';
import { connectionProblem, fetchFlowPicture } from '../shared/api.js';
import { byId } from '../shared/dom.js';
import { counted, millisecondsText } from '../shared/format.js';
import { endedWell, reasonText } from '../shared/messages.js';
import { Notices } from '../shared/notices.js';
import { showVersion, watchServer } from '../shared/server-status.js';
import { AgentChoice } from './agent-choice.js';
import { audioPossible } from './audio.js';
import { CallPanel } from './call-panel.js';
import { CallSession } from './call-session.js';
import { CallHistory } from './history.js';
import { Keypad } from './keypad.js';
import { askForMicrophone, release } from './microphone.js';
import { Transcript } from './transcript.js';
import { drawTurnLatency } from './turn-latency.js';
import { Waveform } from './waveform.js';

const panel = new CallPanel();
const notices = new Notices(byId('notices'), (action) => startCall({ speaking: action !== 'type' }));
const waveform = new Waveform(byId('waveform'));
const transcript = new Transcript({
  list: byId('transcript'), announcer: byId('announcer'), empty: byId('transcript-empty'),
});
const flowGraph = new FlowGraph({ graph: byId('graph'), now: byId('flow-now') });
const keypad = new Keypad(byId('keypad'), (digit) => call?.press(digit));
const recent = new CallHistory(byId('history'));
const agents = new AgentChoice((flow) => flowGraph.show(flow, fetchFlowPicture(flow.name)));

let call = null;
let turns = [];
/** How this page plays the call: delay, gaps and losses. */
let playback = {};
/** What the call is spoken over: Realtime carries no keys and tells no states and latencies. */
let wire = 'voiceforge';
/** Counts attempts, so that an answer to the microphone question after Cancel starts nothing. */
let attempt = 0;

// ---- Server ----

async function serverChanged(readiness, before) {
  const now = readiness.status;
  if (now === 'unreachable') serverLost(before);
  else if (before === 'unreachable') serverBack(now);
  if (now !== 'unreachable') await loadLists(now);
  if (now !== document.body.dataset.serverState) return; // The next change overtook this one.
  panel.callable = now === 'ready' && agents.isLoaded;
  if (panel.state === 'idle') panel.activity(now === 'loading' ? 'loading' : 'idle');
}

function serverLost(before) {
  if (panel.state === 'live') notices.show('server-silent');
  else if (before === 'unknown') notices.show('server-unreachable');
}

function serverBack(now) {
  for (const code of ['server-silent', 'server-unreachable', 'server-gone']) notices.remove(code);
  if (panel.state === 'live') return;
  const next = { ready: 'You can call again.', draining: 'It is out of service.' }[now] ?? 'Its speech engines are loading.';
  notices.say('server-back', 'The server is back.', next);
}

/** Flow and voice of a call stay as chosen, whatever the server does meanwhile. */
const inCall = () => !['idle', 'ended'].includes(panel.state);

async function loadLists(status) {
  try {
    await Promise.all([inCall() ? null : agents.load({ withVoices: status === 'ready' }), recent.load()]);
    await showVersion();
  } catch (problem) {
    notices.show('server-unreachable', problem.message);
  }
}

// ---- Starting and ending a call ----

async function startCall({ speaking }) {
  const current = ++attempt;
  resetViews();
  const stream = speaking ? await microphone() : null;
  if (current !== attempt) return release(stream);
  if (speaking && !stream) return;
  panel.microphone(stream ? 'on' : 'none');
  panel.activity('connecting');
  call = new CallSession(stream, handleEvent);
  wire = agents.chosen.wire;
  call.open({ ...agents.chosen, withAudio: audioPossible() }).catch((problem) => callFailed(current, problem));
}

function callFailed(current, problem) {
  if (current !== attempt) return;
  notices.show('audio-failed', problem.message);
  hangUp();
}

function resetViews() {
  notices.clear();
  transcript.clear();
  waveform.clear();
  keypad.clear();
  turns = [];
  drawTurnLatency(byId('latency'), turns);
  playback = { lost: 0, unsent: 0, underruns: 0, delayMs: NaN };
  byId('playback-delay').hidden = true;
  panel.title = agents.title;
  panel.enter('connecting');
}

/** The stream, or null after saying why there is none. */
async function microphone() {
  panel.activity('asking');
  const current = attempt;
  const { stream, problem } = await askForMicrophone();
  if (problem && current === attempt) {
    panel.microphone('none');
    panel.enter('idle');
    panel.activity('idle');
    notices.show(problem);
  }
  return stream ?? null;
}

function hangUp() {
  if (call) {
    panel.enter('ending');
    panel.activity('ending');
    call.hangUp();
  } else {
    attempt++;
    panel.enter('idle');
    panel.activity('idle');
  }
}

function callLive() {
  panel.enter('live');
  panel.activity('connected');
  keypad.enable(wire === 'voiceforge');
  if (wire !== 'voiceforge') showUntold();
  waveform.startClock();
  waveform.start();
  if (document.body.dataset.microphone === 'none') byId('message').focus();
}

function showUntold() {
  flowGraph.untold();
  drawTurnLatency(byId('latency'), turns, 'This wire does not tell turn latencies. They stand in the call’s record, below, when it is over.');
}

async function callEnded({ ended, code, detail, cancelled }) {
  const connected = panel.state !== 'connecting';
  call = null;
  waveform.stop();
  flowGraph.endCall();
  transcript.finish();
  keypad.enable(false);
  byId('vad').dataset.speech = 'stopped';
  panel.microphone('unknown');
  panel.enter(connected ? 'ended' : 'idle');
  if (connected) panel.activity('ended', ended ? reasonText(ended.reason) : 'The call is over.');
  else panel.activity('idle');
  if (ended && !endedWell(ended.reason)) notices.show('call-ended-early', reasonText(ended.reason));
  if (!ended && !cancelled) await explain(code, detail);
  if (code === 'server-gone') checkServer();
  else if (connected) await recent.addNew({ id: ended?.record?.id, isComing: Boolean(ended) });
}

async function explain(code, detail) {
  const reason = code === 'not-connected' ? await connectionProblem() : { code, detail };
  const detailText = reason.detail && reason.code === 'server-full' ? `The server says: ${reason.detail}.` : reason.detail;
  const wait = reason.seconds ? `Try again in ${reason.seconds} s.` : null;
  notices.show(reason.code, [detailText, wait].filter(Boolean).join(' '));
}

// ---- Messages of the call ----

function handleEvent(event) {
  if (event.message) receive(event.message);
  else if (event.side) showLevel(event);
  else if (event.delayMs || event.counts) showPlayback({ delayMs: event.delayMs ?? playback.delayMs, ...event.counts });
  else if (event.problem) notices.show(event.problem.code, event.problem.detail);
  else if (event.over) callEnded(event.over);
}

function receive(message) {
  switch (message.type) {
    case 'ready': return callLive();
    case 'speech': return speechChanged(message);
    case 'transcript': return transcript.update(message);
    case 'state': return flowGraph.enter(message);
    case 'agent': return agentChanged(message);
    case 'tool': return transcript.tool(message);
    case 'turn': return turnMeasured(message);
    case 'error': return notices.show('call-error', message.message);
  }
}

function speechChanged(message) {
  waveform.speech(message);
  byId('vad').dataset.speech = message.state;
  panel.activity(message.state === 'started' ? 'hearing' : 'thinking');
}

function agentChanged(message) {
  transcript.utterance(message, panel.elapsedMs);
  const speech = byId('vad').dataset.speech;
  if (message.state === 'started' || message.state === 'resumed') panel.activity('speaking');
  else if (speech !== 'started') panel.activity('listening');
}

function turnMeasured(message) {
  turns.push(message);
  drawTurnLatency(byId('latency'), turns);
}

function showLevel({ side, peak, underruns = playback.underruns }) {
  waveform.add(side, peak);
  if (underruns !== playback.underruns) showPlayback({ underruns });
}

/** The delay from a packet's arrival to the loudspeaker is what this page adds to the server's latency. */
function showPlayback(news) {
  playback = { ...playback, ...news };
  const lost = playback.lost + playback.unsent;
  byId('playback-delay').hidden = false;
  byId('playback-delay').dataset.delayMs = Math.round(playback.delayMs);
  byId('playback-delay').dataset.gaps = playback.underruns;
  byId('playback-delay').dataset.lost = lost;
  byId('playback-delay').textContent = [
    `Playback delay ${millisecondsText(playback.delayMs)}`,
    playback.underruns > 0 ? counted(playback.underruns, 'gap') : null,
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
  panel.microphone(muted ? 'muted' : 'on');
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
drawTurnLatency(byId('latency'), turns);
if (!audioPossible()) notices.show('insecure-page');
const checkServer = watchServer(serverChanged);
