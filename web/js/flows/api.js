// Reads and changes the server's flows. A change names the version that it was made from.

import { postJSON, request, requestJSON } from '../shared/api.js';

const flowPath = (name, part = '') => `/api/flows/${encodeURIComponent(name)}${part}`;
const withQuery = (path, query) => `${path}?${new URLSearchParams(query)}`;
const yamlBody = (text) => ({ method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: text });
const ifVersion = (version) => ({ 'If-Match': `"${version}"` });

/**
 * `[{name, title, version, …}]`; `version` is missing where flows are fixed. One that cannot be used has `faults`, and the first of them as
 * its title.
 */
export async function listFlows() {
  const { flows, unusable = [] } = await requestJSON('/api/flows');
  for (const flow of unusable) flow.title = `line ${flow.faults[0].line}: ${flow.faults[0].message}`;
  return [...flows, ...unusable];
}
export const readFlow = (name) => requestJSON(flowPath(name));
/** `[{version, savedAt, bytes}]`, the newest first. */
export const listVersions = async (name) => (await requestJSON(flowPath(name, '/versions'))).versions;

/** The text of a flow and its version, of the newest one unless told otherwise. */
export async function readText(name, version = null) {
  const response = await request(flowPath(name, version === null ? '/text' : `/text?${new URLSearchParams({ version })}`));
  return { text: await response.text(), version: Number(response.headers.get('ETag').replaceAll('"', '')) };
}

/** `{ok, flow, svg, states: [{name, line}], faults: [{line, column, message}]}`: what would become of `text`; `svg` to be embedded. */
export const checkText = (name, text) => requestJSON(withQuery('/api/flows/check', { name, form: 'embedded' }), yamlBody(text));
/** Dry-runs `text` with the inputs of a caller. */
export const dryRun = (name, text, inputs) => postJSON('/api/flows/try', { name, text, inputs });

export const addFlow = (name, text) => requestJSON(withQuery('/api/flows', { name }), yamlBody(text));
export const saveText = (name, text, version) =>
  requestJSON(flowPath(name), { method: 'PUT', headers: { 'Content-Type': 'application/yaml', ...ifVersion(version) }, body: text });
export const rollBack = (name, old, version) => requestJSON(flowPath(name, `/versions/${old}`), { method: 'POST', headers: ifVersion(version) });
export const deleteFlow = (name, version) => request(flowPath(name), { method: 'DELETE', headers: ifVersion(version) });
