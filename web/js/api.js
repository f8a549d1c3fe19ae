// Reads the server's REST answers.

import { askForKey, key, keyHeaders } from './key.js';

/** No answer after this counts as unreachable. */
const ANSWER_LIMIT_MS = 8000;
/** A sample may have to be made while calls come first. */
const SAMPLE_LIMIT_MS = 40_000;
/** “Upgrade required”: a call would be taken now. */
const CALLABLE = 426;

/**
 * The server answered, but not with what was asked for. `seconds` says when to ask again, null when it did not say; `faults` are those
 * of a text that was sent, null when it was not about one.
 */
export class Refusal extends Error {
  constructor(problem, { status, headers }) {
    super(sentence(problem, status));
    this.status = status;
    this.seconds = Number.parseInt(headers.get('Retry-After'), 10) || null;
    this.faults = problem.faults ?? null;
  }
}

export const fetchFlows = async () => (await json('/api/flows')).flows;
export const fetchVersion = async () => (await json('/healthz')).version;
export const fetchVoices = () => json('/api/voices');
export const fetchCall = (id) => json(`/api/calls/${encodeURIComponent(id)}`);
export const recordingAddress = (id) => `/api/calls/${encodeURIComponent(id)}/recording`;

export const fetchTestCases = () => json('/testcases');
/** The newest runs first, with their evaluations. */
export const fetchTestRuns = (limit) => json(`/testruns?${new URLSearchParams({ limit })}`);
export const fetchTestRun = (id) => json(`/testruns/${encodeURIComponent(id)}`);
export const fetchTestProgress = (id) => json(`/testruns/${encodeURIComponent(id)}/progress`);
export const reportAddress = (id) => `/testruns/${encodeURIComponent(id)}/report`;

/** Starts a run with sound and answers at once, before it is over. */
export const startTestRun = (testId) =>
  json('/test/run', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ test_id: testId, mode: 'simulation', wait: false, sound: true }),
  });

/** `{allowed, setting, running, limits, usualThresholds, runs}`. */
export const fetchLoads = () => json('/api/load');
/** A load test with its seconds from number `since` on, and `next`. */
export const fetchLoad = (id, since) => json(`/api/load/${encodeURIComponent(id)}?${new URLSearchParams({ since })}`);
export const stopLoad = (id) => json(`/api/load/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const loadReportAddress = (id) => `/api/load/${encodeURIComponent(id)}/report`;

/** Starts the load test `order` and answers at once. */
export const startLoad = (order) =>
  json('/api/load', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(order) });

/** `{keys, lasting}`. */
export const fetchKeys = () => json('/api/keys');
/** The new key, with its secret in `key`: the only time that it is told. */
export const createKey = (wish) =>
  json('/api/keys', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wish) });
export const revokeKey = (id) => json(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** What was used from day to day, both `YYYY-MM-DD` in UTC and included. */
export const fetchUsage = (from, to) => json(`/api/usage?${new URLSearchParams({ from, to })}`);

/** Where to call: with a token that is good once, because a WebSocket can carry no key. */
export async function callAddress() {
  const address = new URL('/v1/call', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  if (key()) address.searchParams.set('token', (await json('/api/call-tokens', { method: 'POST', body: '{}' })).token);
  return address.href;
}

/** One page of the recent calls: `{calls, nextCursor}`. */
export function fetchCalls({ limit, cursor }) {
  const query = new URLSearchParams({ limit, ...(cursor ? { cursor } : {}) });
  return json(`/api/calls?${query}`);
}

/** Matches a voice to the recording `file`; answers with it. */
export async function matchVoice(file, name) {
  const body = new FormData();
  body.append('name', name);
  body.append('file', file);
  const answer = await withKey(() =>
    fetch('/api/clone-voice', { method: 'POST', body, headers: keyHeaders(), signal: AbortSignal.timeout(SAMPLE_LIMIT_MS) }));
  if (!answer.ok) throw new Error(await detail(answer));
  return answer.json();
}

export async function deleteMatchedVoice(id) {
  const answer = await ask(`/api/cloned-voices/${encodeURIComponent(id)}`, { method: 'DELETE' });
  if (!answer.ok && answer.status !== 404) throw new Error(await detail(answer));
}

/** The sample of a voice as a WAV file. */
export async function fetchSample(id) {
  const answer = await withKey(() =>
    fetch(`/api/voices/${encodeURIComponent(id)}/sample`, { headers: keyHeaders(), signal: AbortSignal.timeout(SAMPLE_LIMIT_MS) }));
  if (!answer.ok) throw new Error(await detail(answer));
  return answer.blob();
}

/** The whole recording, kept by the browser so that seeking needs nothing from the server. */
export async function fetchRecording(id) {
  const answer = await withKey(() => fetch(recordingAddress(id), { headers: keyHeaders() }));
  if (!answer.ok) throw new Error(await detail(answer));
  return answer.blob();
}

/** `{status, parts}` of /readyz; `unreachable` when nothing answers, `off` when the node makes speech and takes no calls. A degraded server takes calls, so it is `ready`, with `trouble`. */
export async function fetchReadiness() {
  try {
    const answer = await get('/readyz');
    const readiness = await answer.json();
    const off = readiness.parts.find((part) => part.state === 'off');
    if (off && readiness.status === 'ready') return { ...readiness, status: 'off', trouble: off.detail };
    if (readiness.status !== 'degraded') return readiness;
    const trouble = readiness.parts.filter((part) => part.state === 'degraded').map((part) => part.detail).join('; ');
    return { ...readiness, status: 'ready', trouble };
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

async function json(path, request) {
  return (await granted(path, request)).json();
}

/** The answer to a request; a `Refusal` is thrown when it is none. */
export async function granted(path, request) {
  const answer = await ask(path, request);
  if (!answer.ok) throw new Refusal(await answer.json().catch(() => ({})), answer);
  return answer;
}

const get = (path) => ask(path);
const ask = (path, request) =>
  withKey(() =>
    fetch(path, {
      ...request, headers: { ...request?.headers, ...keyHeaders() }, signal: AbortSignal.timeout(ANSWER_LIMIT_MS), cache: 'no-store',
    }));

/** Sends, and once more with another key as long as the server wants one and the person has one. */
async function withKey(send) {
  for (;;) {
    const used = key();
    const answer = await send();
    if (answer.status !== 401 || !(await askForKey(used))) return answer;
  }
}

/** A link cannot carry a key, so with one its file is fetched and saved. */
document.addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[href^="/api/"], a[href^="/testruns/"], a[href="/metrics"]');
  if (!link || !key()) return;
  event.preventDefault();
  const answer = await withKey(() => fetch(link.href, { headers: keyHeaders() }));
  if (!answer.ok) return;
  const address = URL.createObjectURL(await answer.blob());
  const name = link.download || `${link.pathname.slice(1).replaceAll('/', '-')}${link.href.endsWith('report') ? '.html' : '.txt'}`;
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), ANSWER_LIMIT_MS);
});

const detail = async (answer) => sentence(await answer.json().catch(() => ({})), answer.status);

/** The server's own sentence in a problem answer (RFC 9457), else the status. */
const sentence = (problem, status) => problem.detail ?? problem.title ?? `The server answered ${status}.`;
