// The REST client: requests with the API key of this tab, errors in the server's words, and the endpoints.

import { apiKey, askForKey, keyHeaders } from './api-key.js';

/** A server that has not answered after this counts as unreachable. */
const RESPONSE_LIMIT_MS = 8000;
/** A sample may have to be synthesized while calls come first. */
const SAMPLE_LIMIT_MS = 40_000;
/** A downloaded file has been written by then. */
const DOWNLOAD_MS = 8000;
/** “Upgrade required”: a call would be accepted now. */
const UPGRADE_REQUIRED = 426;
const UNAVAILABLE = 503;
const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/**
 * The server answered with an error. `seconds` says when to ask again, null when it did not say; `faults` are those of a text that was
 * sent, null when the error is not about one.
 */
export class RequestError extends Error {
  constructor(problem, { status, headers }) {
    // The server's own sentence (RFC 9457).
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.status = status;
    this.seconds = Number.parseInt(headers.get('Retry-After'), 10) || null;
    this.faults = problem.faults ?? null;
  }
}

/** The text of a notice about `error`: the server's sentence, or `unreachable` when there was no response. */
export const errorText = (error, unreachable = 'The server does not answer.') => (error instanceof RequestError ? error.message : unreachable);

const toError = async (response) => new RequestError(await response.json().catch(() => ({})), response);

/** Sends a request; throws `RequestError` unless the response is a success. */
export async function request(path, init, limitMs) {
  const response = await send(path, init, limitMs);
  if (!response.ok) throw await toError(response);
  return response;
}

/** The JSON document of a response. */
export const requestJSON = async (path, init) => (await request(path, init)).json();

/** A request with `document` as its body. */
export const postJSON = (path, document) =>
  requestJSON(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(document) });

/** Sends once, and again with another key as long as the server requires one and the person enters one. */
async function send(path, init, limitMs = RESPONSE_LIMIT_MS) {
  for (;;) {
    const used = apiKey();
    const response = await fetch(path, {
      cache: 'no-store', ...init, headers: { ...init?.headers, ...keyHeaders() },
      signal: limitMs === Infinity ? undefined : AbortSignal.timeout(limitMs),
    });
    if (response.status !== UNAUTHORIZED || !(await askForKey(used))) return response;
  }
}

// ---- What more than one page reads ----

const idPath = (folder, id, rest = '') => `${folder}/${encodeURIComponent(id)}${rest}`;

export const fetchFlows = async () => (await requestJSON('/api/flows')).flows;
/** The graph of a flow as SVG that is styled by the page. */
export const fetchFlowPicture = async (name) => (await request(idPath('/api/flows', name, '/graph?form=embedded'))).text();
export const fetchVoices = () => requestJSON('/api/voices');
export const fetchTestCases = () => requestJSON('/testcases');

/**
 * `{status, parts}` of /readyz; `unreachable` when nothing answers, `off` when the node makes speech and takes no calls, `draining` when it goes out
 * of service. A degraded server takes calls, so it is `ready`, with `trouble`.
 */
export async function fetchReadiness() {
  try {
    const readiness = await (await send('/readyz')).json();
    if (readiness.draining) return { ...readiness, status: 'draining' };
    const off = readiness.parts.find((part) => part.state === 'off');
    if (off && readiness.status === 'ready') return { ...readiness, status: 'off', trouble: off.detail };
    if (readiness.status !== 'degraded') return readiness;
    const trouble = readiness.parts.filter((part) => part.state === 'degraded').map((part) => part.detail).join('; ');
    return { ...readiness, status: 'ready', trouble };
  } catch {
    return { status: 'unreachable', parts: [] };
  }
}

// ---- Calls ----

/**
 * Where to call over `wire`: `{url, protocols}`. A browser's WebSocket carries no key: our own wire takes a token that is valid once, in the
 * address, and Realtime a client secret among the subprotocols.
 */
export async function callAddress(wire, flow) {
  const url = new URL(wire === 'realtime' ? '/v1/realtime' : '/v1/call', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const protocols = wire === 'realtime' ? ['realtime'] : [];
  if (wire === 'realtime') {
    url.searchParams.set('model', flow);
    if (apiKey()) protocols.push(`openai-insecure-api-key.${(await postJSON('/v1/realtime/client_secrets', {})).value}`);
  } else if (apiKey()) {
    url.searchParams.set('token', (await postJSON('/api/call-tokens', {})).token);
  }
  return { url: url.href, protocols };
}

/** Why a WebSocket was refused, which browsers hide: asks the same address by plain GET. */
export async function connectionProblem() {
  try {
    const response = await send('/v1/call');
    if (response.status === UPGRADE_REQUIRED) return { code: 'call-refused' };
    const { message: detail, seconds } = await toError(response);
    if (response.status !== UNAVAILABLE) return { code: 'call-refused', detail };
    const { status } = await fetchReadiness();
    if (status === 'draining') return { code: 'call-refused', detail };
    return status === 'ready' ? { code: 'server-full', detail, seconds } : { code: 'server-loading' };
  } catch {
    return { code: 'server-unreachable' };
  }
}

/** One page of the recent calls: `{calls, nextCursor}`. */
export function fetchCalls({ limit, cursor }) {
  const query = new URLSearchParams({ limit, ...(cursor ? { cursor } : {}) });
  return requestJSON(`/api/calls?${query}`);
}

export const fetchCall = (id) => requestJSON(idPath('/api/calls', id));
export const recordingURL = (id) => idPath('/api/calls', id, '/recording');

/** The whole recording, kept by the browser so that seeking needs nothing from the server. */
export const fetchRecording = async (id) => (await request(recordingURL(id), { cache: 'default' }, Infinity)).blob();

// ---- Tests ----

/** The newest runs first, with their evaluations. */
export const fetchTestRuns = (limit) => requestJSON(`/testruns?${new URLSearchParams({ limit })}`);
export const fetchTestRun = (id) => requestJSON(idPath('/testruns', id));
export const fetchTestProgress = (id) => requestJSON(idPath('/testruns', id, '/progress'));
export const reportURL = (id) => idPath('/testruns', id, '/report');

/** Starts a run with sound and returns before it is over. */
export const startTestRun = (testId) => postJSON('/test/run', { test_id: testId, mode: 'simulation', wait: false, sound: true });

// ---- Load tests ----

/** `{allowed, setting, running, limits, usualThresholds, runs}`. */
export const fetchLoads = () => requestJSON('/api/load');
/** A load test with its seconds from number `since` on, and `next`. */
export const fetchLoad = (id, since) => requestJSON(idPath('/api/load', id, `?${new URLSearchParams({ since })}`));
/** Starts a load test and returns before it is over. */
export const startLoad = (plan) => postJSON('/api/load', plan);
export const stopLoad = (id) => requestJSON(idPath('/api/load', id), { method: 'DELETE' });
export const loadReportURL = (id) => idPath('/api/load', id, '/report');

// ---- Voices, usage, keys ----

/** The sample of a voice as a WAV file. */
export const fetchSample = async (id) => (await request(idPath('/api/voices', id, '/sample'), { cache: 'default' }, SAMPLE_LIMIT_MS)).blob();

/** Matches a voice to the recording `file`; returns the voice. */
export async function matchVoice(file, name) {
  const body = new FormData();
  body.append('name', name);
  body.append('file', file);
  return (await request('/api/clone-voice', { method: 'POST', body }, SAMPLE_LIMIT_MS)).json();
}

/** One that is gone already is deleted, too. */
export async function deleteMatchedVoice(id) {
  const response = await send(idPath('/api/cloned-voices', id), { method: 'DELETE' });
  if (!response.ok && response.status !== NOT_FOUND) throw await toError(response);
}

/** What was used from day to day, both `YYYY-MM-DD` in UTC and included. */
export const fetchUsage = (from, to) => requestJSON(`/api/usage?${new URLSearchParams({ from, to })}`);

/** `{keys, lasting}`. */
export const fetchKeys = () => requestJSON('/api/keys');
/** The new key, with its secret in `key`: the only time that the server returns it. */
export const createKey = (key) => postJSON('/api/keys', key);
export const revokeKey = (id) => requestJSON(idPath('/api/keys', id), { method: 'DELETE' });

// ---- Links ----

/** A link carries no key: with one, its file is fetched and saved. */
document.addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[href^="/api/"], a[href^="/testruns/"], a[href="/metrics"]');
  if (!link || !apiKey()) return;
  event.preventDefault();
  const response = await send(link.href, undefined, Infinity);
  if (!response.ok) return;
  const name = link.download || `${link.pathname.slice(1).replaceAll('/', '-')}${link.href.endsWith('report') ? '.html' : '.txt'}`;
  saveFile(await response.blob(), name);
});

/** Saves `blob` on the reader's machine as `name`. */
export function saveFile(blob, name) {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), DOWNLOAD_MS);
}
