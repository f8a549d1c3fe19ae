// The call's own thread: socket and codecs, so that a busy page does not interrupt the audio.

import { NativeWire } from './native-wire.js';
import { RealtimeWire } from './realtime-wire.js';

const WIRES = { voiceforge: NativeWire, realtime: RealtimeWire };

let wire;

self.onmessage = ({ data }) => {
  if (data.open) wire = new WIRES[data.open.wire](data.open, (event) => postMessage(event));
  else if (data.send) wire?.send(data.send);
  else if (data.close) wire?.close();
};
