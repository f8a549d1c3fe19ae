// Reads and changes the server's flows. A change says from which version it was made.

import { granted } from './api.js';

const place = (name, part = '') => `/api/flows/${encodeURIComponent(name)}${part}`;
const named = (path, name) => `${path}?${new URLSearchParams({ name })}`;
const yaml = (text) => ({ method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: text });
const after = (version) => ({ 'If-Match': `"${version}"` });
const json = async (path, request) => (await granted(path, request)).json();

/** `[{name, title, version, …}]`; `version` is missing where flows are fixed. One that cannot be used has `faults`, and the first of them as its title. */
export async function listFlows() {
  const { flows, unusable = [] } = await json('/api/flows');
  return [...flows, ...unusable.map((flow) => ({ ...flow, title: `line ${flow.faults[0].line}: ${flow.faults[0].message}` }))];
}
export const readFlow = (name) => json(place(name));
/** `[{version, savedAt, bytes}]`, the newest first. */
export const listVersions = async (name) => (await json(place(name, '/versions'))).versions;

/** The text of a flow and its version, of the newest one unless told otherwise. */
export async function readText(name, version = null) {
  const answer = await granted(place(name, version === null ? '/text' : `/text?${new URLSearchParams({ version })}`));
  return { text: await answer.text(), version: Number(answer.headers.get('ETag').replaceAll('"', '')) };
}

/** `{ok, flow, states: [{name, line}], faults: [{line, column, message}]}`: what would become of `text`. */
export const checkText = (name, text) => json(named('/api/flows/check', name), yaml(text));
/** The conversation that `text` holds with a caller of these lines. */
export const tryText = (name, text, inputs) =>
  json('/api/flows/try', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, text, inputs }) });

export const addFlow = (name, text) => json(named('/api/flows', name), yaml(text));
export const saveText = (name, text, version) =>
  json(place(name), { method: 'PUT', headers: { 'Content-Type': 'application/yaml', ...after(version) }, body: text });
export const rollBack = (name, old, version) => json(place(name, `/versions/${old}`), { method: 'POST', headers: after(version) });
export const deleteFlow = (name, version) => granted(place(name), { method: 'DELETE', headers: after(version) });
