// Asks for the microphone and says, in one of a few codes, why there is none.

const WANTED = { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };

/** Codes of `PROBLEMS` in messages.js by the browser's own error names. */
const CODES = {
  NotAllowedError: 'microphone-refused',
  SecurityError: 'microphone-refused',
  NotFoundError: 'microphone-absent',
  OverconstrainedError: 'microphone-absent',
};

/** `{ stream }`, or `{ problem }` with a code. Waits as long as the browser asks its user. */
export async function askForMicrophone() {
  if (!navigator.mediaDevices) return { problem: window.isSecureContext ? 'microphone-absent' : 'insecure-page' };
  try {
    return { stream: await navigator.mediaDevices.getUserMedia(WANTED) };
  } catch (error) {
    return { problem: CODES[error.name] ?? 'microphone-busy' };
  }
}

export function release(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}
