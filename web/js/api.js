// Reads the server's REST answers.

/** No answer after this counts as unreachable. */
const ANSWER_LIMIT_MS = 8000;
/** “Upgrade required”: a call would be taken now. */
const CALLABLE = 426;

export const fetchFlows = async () => (await json('/api/flows')).flows;
export const fetchVersion = async () => (await json('/healthz')).version;
export const fetchVoices = () => json('/api/voices');
export const fetchCall = (id) => json(`/api/calls/${encodeURIComponent(id)}`);
export const recordingAddress = (id) => `/api/calls/${encodeURIComponent(id)}/recording`;

/** One page of the recent calls: `{calls, nextCursor}`. */
export function fetchCalls({ limit, cursor }) {
  const query = new URLSearchParams({ limit, ...(cursor ? { cursor } : {}) });
  return json(`/api/calls?${query}`);
}

/** The whole recording, kept by the browser so that seeking needs nothing from the server. */
export async function fetchRecording(id) {
  const answer = await fetch(recordingAddress(id));
  if (!answer.ok) throw new Error(await detail(answer));
  return answer.blob();
}

/** `{status, parts}` of /readyz; `unreachable` when nothing answers. */
export async function fetchReadiness() {
  try {
    const answer = await get('/readyz');
    return await answer.json();
  } catch {
    return { status: 'unreachable', parts: [] };
  }
}

/** Why a WebSocket was refused, which browsers hide: asks the same address by plain GET. */
export async function whyNotConnected() {
  try {
    const answer = await get('/v1/call');
    if (answer.status === CALLABLE) return { code: 'call-refused' };
    if (answer.status !== 503) return { code: 'call-refused', detail: await detail(answer) };
    const { status } = await fetchReadiness();
    const seconds = answer.headers.get('Retry-After');
    return status === 'ready' ? { code: 'server-full', detail: await detail(answer), seconds } : { code: 'server-loading' };
  } catch {
    return { code: 'server-unreachable' };
  }
}

async function json(path) {
  const answer = await get(path);
  if (!answer.ok) throw new Error(await detail(answer));
  return answer.json();
}

const get = (path) => fetch(path, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), cache: 'no-store' });

/** The server's own sentence in a problem answer (RFC 9457), else the status. */
async function detail(answer) {
  const problem = await answer.json().catch(() => ({}));
  return problem.detail ?? problem.title ?? `The server answered ${answer.status}.`;
}
