// The wire of OpenAI's Realtime API (Sources/Documentation.docc/RealtimeServer.md), as the page's messages: PCM16 at 24 kHz as Base64 in
// events. It tells words and speech; states, latencies and keys it has no word for.

import { fromPCM16, toPCM16 } from './codec.js';
import { parseMessage, TEXT_LENGTH_MAX } from './protocol.js';
import { Interpolator } from './resample.js';

export const REALTIME_RATE = 24000;
/** About 3 s of PCM16 as Base64. Beyond it the network cannot carry the voice: newest frames are dropped and counted. */
const UNSENT_BYTES_MAX = 200000;
/** Samples that the loudspeaker takes in a millisecond. */
const PLAYBACK_PER_MS = 48;

export class RealtimeWire {
  #emit;
  #socket;
  #playback;
  #voice;
  #opened = false;
  #beganAt = null;
  #interpolator = new Interpolator(REALTIME_RATE);
  #counts = { lost: 0, unsent: 0 };
  /** The caller's turns so far, and what number the item of each has. */
  #turns = 0;
  #turnOfItem = new Map();
  /** Items of the agent, by id: number, turn, words, audio that came, whether all came, and whether it was cut off. */
  #utterances = new Map();
  /** The item whose audio is being played. */
  #playing = null;
  #hungUp = false;

  /** `emit` gets what `NativeWire` gives, too. `protocols` carry the key, where the server has keys. */
  constructor({ url, protocols, voice, capturePort, playbackPort }, emit) {
    this.#emit = emit;
    this.#voice = voice;
    this.#connectAudio(capturePort, playbackPort);
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onopen = () => {
      this.#opened = true;
    };
    this.#socket.onmessage = ({ data }) => this.#receive(parseMessage(data));
    this.#socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  /** What the page says: typed words, a hang-up. */
  send(message) {
    if (message.type === 'text') this.#type(message.text);
    if (message.type === 'hangup') this.#hangUp();
  }

  close() {
    this.#socket.close(1000);
  }

  #connectAudio(capturePort, playbackPort) {
    if (!capturePort) return;
    this.#playback = playbackPort;
    playbackPort.onmessage = ({ data }) => this.#truncate(data.utterance, data.playedMs);
    capturePort.onmessage = ({ data }) => this.#append(data);
  }

  #say(event) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(event));
  }

  /** `frame`: 480 samples. Before the session is set up the caller has not been put through. */
  #append(frame) {
    if (this.#beganAt === null || this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) {
      this.#counts.unsent++;
      this.#emit({ counts: this.#counts });
      return;
    }
    this.#say({ type: 'input_audio_buffer.append', audio: toBase64(toPCM16(frame)) });
  }

  #type(text) {
    const content = [{ type: 'input_text', text: text.slice(0, TEXT_LENGTH_MAX) }];
    this.#say({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    this.#say({ type: 'response.create' });
  }

  #hangUp() {
    this.#hungUp = true;
    this.close();
  }

  #receive(event) {
    switch (event?.type) {
      case 'session.created': return this.#setUp();
      case 'session.updated': return this.#begin();
      case 'input_audio_buffer.speech_started': return this.#speechStarted(event);
      case 'input_audio_buffer.speech_stopped': return this.#speech('stopped', event.audio_end_ms);
      case 'conversation.item.added': return this.#itemAdded(event.item);
      case 'conversation.item.deleted': return this.#itemDeleted(event.item_id);
      case 'conversation.item.input_audio_transcription.completed': return this.#callerSaid(event.item_id, event.transcript, 'speech');
      case 'response.output_audio_transcript.delta': return this.#agentSays(event.item_id, event.delta);
      case 'response.output_audio.delta': return this.#play(event.item_id, event.delta);
      case 'response.output_audio.done': return this.#play(event.item_id, '', true);
      case 'response.done': return this.#agentFinished(event.response);
      case 'error': return this.#emit({ message: { type: 'error', message: event.error?.message ?? 'unknown' } });
    }
  }

  // ---- The session ----

  #setUp() {
    const format = { type: 'audio/pcm', rate: REALTIME_RATE };
    const output = this.#voice ? { format, voice: this.#voice } : { format };
    this.#say({ type: 'session.update', session: { type: 'realtime', audio: { input: { format }, output } } });
  }

  #begin() {
    if (this.#beganAt !== null) return;
    this.#beganAt = performance.now();
    this.#emit({ message: { type: 'ready' } });
  }

  /** There is no record of the call on this wire, and the close says why it is over. */
  #closed(code, reason) {
    const ended = this.#hungUp ? 'caller-hung-up' : reason;
    if (this.#beganAt !== null && (this.#hungUp || code === 1000 || code === 1001)) this.#emit({ message: { type: 'ended', reason: ended } });
    else this.#emit({ closed: { code, reason, opened: this.#opened } });
  }

  get #elapsedMs() {
    return performance.now() - this.#beganAt;
  }

  // ---- The caller ----

  /** Whatever is still to be played is not heard any more, whether or not its response is over. */
  #speechStarted({ item_id: item, audio_start_ms: at }) {
    this.#turnOfItem.set(item, ++this.#turns);
    if (this.#playing) this.#playback?.postMessage({ clear: this.#playing });
    this.#speech('started', at);
  }

  #speech(state, at) {
    this.#emit({ message: { type: 'speech', state, at } });
  }

  #itemAdded(item) {
    if (item?.role !== 'user') return;
    if (!this.#turnOfItem.has(item.id)) this.#turnOfItem.set(item.id, ++this.#turns);
    const typed = item.content?.find(({ type }) => type === 'input_text');
    if (typed) this.#callerSaid(item.id, typed.text, 'text');
  }

  /** The caller went on after a pause: the next item has the words of this one, too, and takes its number. */
  #itemDeleted(item) {
    const turn = this.#turnOfItem.get(item);
    if (turn === undefined) return;
    this.#callerSaid(item, '', 'speech');
    this.#turnOfItem.delete(item);
    this.#turns--;
    for (const [id, later] of this.#turnOfItem) if (later > turn) this.#turnOfItem.set(id, later - 1);
  }

  #callerSaid(item, text, source) {
    const turn = this.#turnOfItem.get(item);
    if (turn === undefined) return;
    this.#emit({ message: { type: 'transcript', role: 'caller', turn, text, final: true, at: this.#elapsedMs, source } });
  }

  // ---- The agent ----

  #utterance(item) {
    const number = this.#utterances.size + 1;
    if (!this.#utterances.has(item)) this.#utterances.set(item, { number, turn: this.#turns, text: '', audioMs: 0, isWhole: false, isCut: false });
    return this.#utterances.get(item);
  }

  #agentSays(item, delta) {
    this.#utterance(item).text += delta;
    this.#tellAgent(item, 'started');
  }

  #agentFinished({ output, status }) {
    for (const { id } of output ?? []) this.#tellAgent(id, status === 'completed' ? 'finished' : 'interrupted');
  }

  #tellAgent(item, state) {
    const { number, text, turn } = this.#utterance(item);
    if (text) this.#emit({ message: { type: 'agent', utterance: number, turn, text, state } });
  }

  #play(item, delta, last = false) {
    const utterance = this.#utterance(item);
    if (!this.#playback || utterance.isCut) return;
    this.#playing = item;
    const samples = this.#interpolator.push(fromPCM16(fromBase64(delta)));
    utterance.audioMs += samples.length / PLAYBACK_PER_MS;
    utterance.isWhole = last;
    const arrivedMs = performance.timeOrigin + performance.now();
    this.#playback.postMessage({ samples, last, arrivedMs }, [samples.buffer]);
  }

  /** The server is told what was heard of an item; what else comes of it is late. */
  #truncate(item, playedMs) {
    const utterance = this.#utterance(item);
    this.#playing = null;
    if (utterance.isCut || (utterance.isWhole && playedMs >= utterance.audioMs)) return; // All of it was heard.
    utterance.isCut = true;
    this.#say({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: Math.floor(playedMs) });
  }
}

const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
