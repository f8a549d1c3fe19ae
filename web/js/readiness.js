// Watches whether the server can take calls, gently: often while something is about to change, rarely else.

import { fetchReadiness } from './api.js';

/** Engines load within seconds, so the call button should follow at once. */
const SOON_MS = 1000;
const GONE_MS = 2000;
const STEADY_MS = 10000;

/** Calls `changed({status, parts, trouble})` now and after every change of it. Returns a function that looks at once. */
export function watchReadiness(changed) {
  let last = '';
  let next;
  const look = async () => {
    clearTimeout(next);
    const readiness = await fetchReadiness();
    const now = JSON.stringify(readiness);
    if (now !== last) changed(readiness);
    last = now;
    clearTimeout(next);
    next = setTimeout(look, pause(readiness.status));
  };
  look();
  return look;
}

function pause(status) {
  if (status === 'loading') return SOON_MS;
  return status === 'unreachable' ? GONE_MS : STEADY_MS;
}

/** One sentence for the header. */
export function readinessText({ status, parts, trouble }) {
  const names = parts.filter((part) => part.state === status).map((part) => part.detail || part.name);
  if (status === 'ready') return trouble ? `Ready for calls, but ${trouble}` : 'Ready for calls';
  if (status === 'off') return `No calls: ${trouble}`;
  if (status === 'loading') return 'Speech engines are loading';
  if (status === 'unreachable') return 'Server does not answer';
  return `Not ready: ${names.join('; ') || 'an engine failed'}`;
}
