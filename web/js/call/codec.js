// Encoders and decoders for call audio: Opus by WebCodecs, or plain PCM16 where a browser has none.

import { Interpolator } from './resample.js';

/** The rate on the wire. */
export const CALL_RATE = 16000;
const FRAME_MICROSECONDS = 20000;

/** 24 kbit/s is transparent for wideband speech; DTX is off because it would hide time gaps from the server. */
const ENCODER_CONFIG = {
  codec: 'opus',
  sampleRate: CALL_RATE,
  numberOfChannels: 1,
  bitrate: 24000,
  opus: { application: 'voip', signal: 'voice', frameDuration: FRAME_MICROSECONDS, usedtx: false },
};
const DECODER_CONFIG = { codec: 'opus', sampleRate: CALL_RATE, numberOfChannels: 1 };

/** `opus` when this browser encodes and decodes it, else `pcm16`. */
export async function bestCodec() {
  try {
    const [encoder, decoder] = await Promise.all([
      AudioEncoder.isConfigSupported(ENCODER_CONFIG),
      AudioDecoder.isConfigSupported(DECODER_CONFIG),
    ]);
    return encoder.supported && decoder.supported ? 'opus' : 'pcm16';
  } catch {
    return 'pcm16'; // No WebCodecs, or (Firefox) a throw where the answer should be false.
  }
}

/** `encode(frame)` takes 320 samples at 16 kHz; each packet goes to `onPacket(payload, microseconds)`. */
export function createEncoder(codec, onPacket, onError) {
  return codec === 'opus' ? new OpusEncoder(onPacket, onError) : new PcmEncoder(onPacket);
}

/** `decode(payload, tag)`; each frame, 960 samples at 48 kHz, goes to `onFrame(samples, tag)` in order. */
export function createDecoder(codec, onFrame, onError) {
  return codec === 'opus' ? new OpusDecoder(onFrame, onError) : new PcmDecoder(onFrame);
}

/** Samples of -1 … 1 as bytes, two for each, the low one first. */
export function toPCM16(samples) {
  const payload = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, index) => {
    payload.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
  });
  return new Uint8Array(payload.buffer);
}

/** The samples in `payload` (Uint8Array). */
export function fromPCM16(payload) {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return Float32Array.from({ length: payload.byteLength >> 1 }, (_, index) => view.getInt16(index * 2, true) / 32768);
}

class OpusEncoder {
  #encoder;
  #timestamp = 0;

  constructor(onPacket, onError) {
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const payload = new Uint8Array(chunk.byteLength);
        chunk.copyTo(payload);
        onPacket(payload, Math.max(0, chunk.timestamp));
      },
      error: onError,
    });
    this.#encoder.configure(ENCODER_CONFIG);
  }

  encode(frame) {
    const audio = new AudioData({
      format: 'f32',
      sampleRate: CALL_RATE,
      numberOfFrames: frame.length,
      numberOfChannels: 1,
      timestamp: this.#timestamp,
      data: frame,
    });
    this.#timestamp += FRAME_MICROSECONDS;
    this.#encoder.encode(audio);
    audio.close();
  }
}

class OpusDecoder {
  #decoder;
  #timestamp = 0;
  /** Tags of packets inside the decoder, oldest first: it answers in order, one frame per packet. */
  #tags = [];

  constructor(onFrame, onError) {
    this.#decoder = new AudioDecoder({
      output: (audio) => {
        const samples = new Float32Array(audio.numberOfFrames);
        audio.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        audio.close();
        onFrame(samples, this.#tags.shift());
      },
      error: onError,
    });
    this.#decoder.configure(DECODER_CONFIG);
  }

  decode(payload, tag) {
    this.#tags.push(tag);
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: this.#timestamp, data: payload }));
    this.#timestamp += FRAME_MICROSECONDS;
  }
}

class PcmEncoder {
  #timestamp = 0;

  constructor(onPacket) {
    this.onPacket = onPacket;
  }

  encode(frame) {
    this.onPacket(toPCM16(frame), this.#timestamp);
    this.#timestamp += FRAME_MICROSECONDS;
  }
}

class PcmDecoder {
  #interpolator = new Interpolator(CALL_RATE);

  constructor(onFrame) {
    this.onFrame = onFrame;
  }

  decode(payload, tag) {
    this.onFrame(this.#interpolator.push(fromPCM16(payload)), tag);
  }
}
