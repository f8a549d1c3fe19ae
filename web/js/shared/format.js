// Times, counts and names as text. Pure.

/** What protocols of calls are called, by the name that stands in a call's record. */
export const WIRE_NAMES = {
  voiceforge: 'VoiceForge', realtime: 'OpenAI Realtime', twilio: 'Twilio', telnyx: 'Telnyx', plivo: 'Plivo', exotel: 'Exotel', vonage: 'Vonage',
  legacy: 'JSON',
};

const ENGINES = { hibari: 'Neural', 'espeak-ng': 'Formant synthesis' };

/** `caller-hung-up` → `Caller hung up`. */
export const capitalized = (name) =>
  (name ?? '').replace(/^./, (first) => first.toUpperCase()).replaceAll('-', ' ');

/** 75000 → `1:15`. */
export function clockText(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1 gap`, `2 gaps`. */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const millisecondsText = (value) => (Number.isFinite(value) ? `${Math.round(value)} ms` : '–');

/** `Today, 14:05` or `3 Mar, 14:05`, in the reader's language. */
export function momentText(iso) {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date().toDateString()) return `Today, ${time}`;
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`;
}

/** What a call was spoken over. */
export const wireText = (wire) => WIRE_NAMES[wire] ?? wire;

/** What kind of synthesis an engine of voices uses. */
export const engineText = (engine) => ENGINES[engine] ?? engine;
