// Polls whether the server can take calls, and shows it in the header: often while that is about to change, rarely else.

import { fetchReadiness, requestJSON } from './api.js';
import { byId } from './dom.js';

/** Engines load within seconds, so the call button should follow at once. */
const LOADING_INTERVAL_MS = 1000;
const UNREACHABLE_INTERVAL_MS = 2000;
const STEADY_INTERVAL_MS = 10000;

/**
 * Calls `changed({status, parts, trouble}, before)` now and after every change of it, `before` being the status until then or `unknown`.
 * Returns a function that checks at once.
 */
export function watchServer(changed) {
  let last = '';
  let next;
  const check = async () => {
    clearTimeout(next);
    const readiness = await fetchReadiness();
    const now = JSON.stringify(readiness);
    if (now !== last) {
      const before = document.body.dataset.serverState;
      document.body.dataset.serverState = readiness.status;
      byId('readiness').textContent = readinessText(readiness);
      changed(readiness, before);
    }
    last = now;
    clearTimeout(next);
    next = setTimeout(check, interval(readiness.status));
  };
  check();
  return check;
}

/** Whether a server that answers now did not answer `before`: then the page reads its lists. */
export const becameReachable = (before) => before === 'unknown' || before === 'unreachable';

/** Reads the server's version into the footer. */
export async function showVersion() {
  byId('version').textContent = `Version ${(await requestJSON('/healthz')).version}`;
}

function interval(status) {
  if (status === 'loading') return LOADING_INTERVAL_MS;
  // One that goes out of service may be gone soon, or back.
  return ['unreachable', 'draining'].includes(status) ? UNREACHABLE_INTERVAL_MS : STEADY_INTERVAL_MS;
}

/** One sentence for the header. */
function readinessText({ status, parts, trouble }) {
  const names = parts.filter((part) => part.state === status).map((part) => part.detail || part.name);
  if (status === 'ready') return trouble ? `Ready for calls, but ${trouble}` : 'Ready for calls';
  if (status === 'off') return `No calls: ${trouble}`;
  if (status === 'draining') return 'Out of service: no new calls';
  if (status === 'loading') return 'Speech engines are loading';
  if (status === 'unreachable') return 'Server does not answer';
  return `Not ready: ${names.join('; ') || 'an engine failed'}`;
}
