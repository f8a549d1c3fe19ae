// The wire of Sources/Documentation.docc/Wire.md as pure functions: packet header, client messages, server messages.

/** Bytes before the payload of every binary frame. */
export const HEADER_BYTES = 16;
/** Largest payload the server accepts. */
export const PAYLOAD_BYTES_MAX = 4000;
/** Longest typed message the server accepts. */
export const TEXT_LENGTH_MAX = 1000;
export const SUBPROTOCOL = 'voiceforge.v1';
export const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

const KIND_AUDIO = 1;
const FLAG_LAST = 1;
const CODEC_NUMBERS = { opus: 0, pcm16: 1, mulaw: 2, alaw: 3 };
const CODEC_NAMES = Object.keys(CODEC_NUMBERS);

/** One audio packet as it travels: header, then `payload` (Uint8Array). */
export function packPacket({ codec, last = false, sequence, microseconds }, payload) {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, KIND_AUDIO);
  header.setUint8(1, CODEC_NUMBERS[codec]);
  header.setUint8(2, last ? FLAG_LAST : 0);
  header.setUint32(4, sequence, true);
  header.setBigUint64(8, BigInt(microseconds), true);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** The packet in `buffer` (ArrayBuffer), or null when it is none we know. */
export function unpackPacket(buffer) {
  if (buffer.byteLength <= HEADER_BYTES || buffer.byteLength > HEADER_BYTES + PAYLOAD_BYTES_MAX) return null;
  const header = new DataView(buffer);
  const codec = CODEC_NAMES[header.getUint8(1)];
  if (header.getUint8(0) !== KIND_AUDIO || !codec) return null;
  return {
    codec,
    last: (header.getUint8(2) & FLAG_LAST) !== 0,
    sequence: header.getUint32(4, true),
    microseconds: Number(header.getBigUint64(8, true)),
    payload: new Uint8Array(buffer, HEADER_BYTES),
  };
}

/** The server's message in a text frame, or null when it is not an object with a type. */
export function parseMessage(text) {
  try {
    const message = JSON.parse(text);
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

export const startMessage = ({ flow, voice, codec, sampleRate }) => ({
  type: 'start',
  flow,
  codec,
  sampleRate,
  ...(voice ? { voice } : {}),
});
export const dtmfMessage = (digit) => ({ type: 'dtmf', digit });
export const textMessage = (text) => ({ type: 'text', text: text.slice(0, TEXT_LENGTH_MAX) });
export const playedMessage = (utterance, ms) => ({ type: 'played', utterance, ms: Math.round(ms) });
export const hangupMessage = () => ({ type: 'hangup' });
