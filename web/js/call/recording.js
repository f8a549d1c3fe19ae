// A recorded call to listen to: picture of both sides, player, and a transcript that follows.

import { apiKey } from '../shared/api-key.js';
import { fetchRecording, recordingURL } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { clockText } from '../shared/format.js';
import { fillToolCall } from './tool-call.js';
import { fill } from './transcript.js';
import { drawRecording } from './waveform.js';

/** RIFF header of the server's recordings: 16 kHz stereo PCM16, caller left, agent right. */
const WAV_HEADER_BYTES = 44;
const BYTES_PER_SECOND = 64000;
const BARS = 220;
/** More samples per bar find the same peaks. */
const SAMPLES_PER_BAR_MAX = 4000;
/** Larger recordings have no picture, and are streamed where no key is required: half an hour. */
const PICTURE_BYTES_MAX = 1800 * BYTES_PER_SECOND;

/** The player and the transcript of one call record, both live at once. */
export function recordingView(record) {
  const audio = element('audio', { controls: '', preload: 'metadata', 'aria-label': 'Recording of the call' });
  const picture = element('canvas', { class: 'recording', 'aria-hidden': 'true' });
  const transcript = element('ol', { class: 'recorded', 'aria-label': 'Transcript of the call' },
    ...spokenAndUsed(record).map((entry) => recordedEntry(entry, audio, record.hasRecording)));
  const player = element('div', { class: 'player' });
  if (record.hasRecording) load(record, { player, audio, picture, transcript });
  else player.append(element('p', { class: 'empty' }, 'This call has no recording.'));
  return { player, transcript };
}

/** What was said and what the language model called, in the order of the call: a tool stands before what was said because of it. */
const spokenAndUsed = ({ transcript, toolCalls = [] }) => [...toolCalls, ...transcript].toSorted((one, other) => one.at - other.at);

function recordedEntry(entry, audio, playable) {
  const item = element('li', { class: 'entry', 'data-at': entry.at });
  if (entry.call) {
    fillToolCall(item, entry);
    return item;
  }
  fill(item, entry);
  if (playable) item.append(element('button', {
    type: 'button', class: 'small plain', click: () => playFrom(audio, entry.at / 1000),
    'aria-label': `Play from ${clockText(entry.at)}`,
  }, '▶'));
  return item;
}

function playFrom(audio, seconds) {
  audio.currentTime = seconds;
  audio.play();
}

async function load(record, { player, audio, picture, transcript }) {
  const small = (record.recordingBytes ?? 0) <= PICTURE_BYTES_MAX;
  player.append(small ? picture : '', audio,
    element('a', { href: recordingURL(record.id), download: `${record.id}.wav` }, 'Download WAV'));
  audio.addEventListener('timeupdate', () => markSpoken(transcript, audio.currentTime * 1000));
  // A player cannot send a key: with one, the whole recording is fetched first, however long it is.
  if (!small && !apiKey()) return void (audio.src = recordingURL(record.id));
  try {
    const blob = await fetchRecording(record.id);
    audio.src = URL.createObjectURL(blob);
    if (!small) return;
    const peaks = recordedPeaks(await blob.arrayBuffer());
    keepDrawn(picture, audio, peaks);
  } catch (problem) {
    player.replaceChildren(element('p', { class: 'empty' }, `The recording could not be loaded. ${problem.message}`));
  }
}

function keepDrawn(picture, audio, peaks) {
  const draw = () => drawRecording(picture, peaks, audio.duration ? audio.currentTime / audio.duration : 0);
  audio.addEventListener('timeupdate', draw);
  audio.addEventListener('loadedmetadata', draw);
  new ResizeObserver(draw).observe(picture);
  picture.addEventListener('click', ({ offsetX }) => playFrom(audio, (offsetX / picture.clientWidth) * audio.duration));
}

function markSpoken(transcript, nowMs) {
  const entries = [...transcript.querySelectorAll('.entry:not([data-role="tool"])')];
  const current = entries.findLast((entry) => Number(entry.dataset.at) <= nowMs);
  for (const entry of entries) entry.dataset.current = entry === current;
}

function recordedPeaks(buffer) {
  const samples = new Int16Array(buffer, WAV_HEADER_BYTES, (buffer.byteLength - WAV_HEADER_BYTES) >> 1);
  const frames = samples.length >> 1;
  const side = (offset) => Float32Array.from({ length: BARS }, (_, bar) => {
    const [from, to] = [Math.floor((bar * frames) / BARS), Math.floor(((bar + 1) * frames) / BARS)];
    const step = Math.max(1, Math.floor((to - from) / SAMPLES_PER_BAR_MAX));
    let peak = 0;
    for (let frame = from; frame < to; frame += step) peak = Math.max(peak, Math.abs(samples[frame * 2 + offset]));
    return peak / 32768;
  });
  return { caller: side(0), agent: side(1) };
}
