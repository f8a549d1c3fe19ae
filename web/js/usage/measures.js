// Usage as figures, texts and CSV. Pure.

/** What is drawn, the most important first: name, heading, its value in a report, decimals. */
export const MEASURES = [
  { name: 'calls', title: 'Calls', of: ({ calls }) => calls, decimals: 0 },
  { name: 'callMinutes', title: 'Minutes in calls', of: ({ callSeconds }) => callSeconds / 60, decimals: 1 },
  { name: 'turns', title: 'Turns', of: ({ turns }) => turns, decimals: 0 },
  { name: 'refusedCalls', title: 'Refused calls', of: ({ refusedCalls }) => refusedCalls, decimals: 0 },
  { name: 'recognizedMinutes', title: 'Minutes of speech recognized', of: ({ recognizedSeconds }) => recognizedSeconds / 60, decimals: 1 },
  { name: 'synthesizedCharacters', title: 'Characters synthesized', of: ({ synthesizedCharacters }) => synthesizedCharacters, decimals: 0 },
  { name: 'synthesizedMinutes', title: 'Minutes of speech synthesized', of: ({ synthesizedSeconds }) => synthesizedSeconds / 60, decimals: 1 },
  { name: 'cacheHits', title: 'Cache hits', of: ({ cacheHits }) => cacheHits, decimals: 0 },
  { name: 'modelRequests', title: 'Model requests', of: ({ modelRequests }) => modelRequests, decimals: 0 },
  { name: 'promptTokens', title: 'Prompt tokens', of: ({ promptTokens }) => promptTokens, decimals: 0 },
  { name: 'answerTokens', title: 'Answer tokens', of: ({ answerTokens }) => answerTokens, decimals: 0 },
];
/** Members of a report, in the order of the CSV. */
const COLUMNS = [
  'calls', 'refusedCalls', 'callSeconds', 'turns', 'recognizedSeconds', 'synthesizedCharacters', 'synthesizedSeconds', 'cacheHits',
  'modelRequests', 'promptTokens', 'answerTokens',
];
const DAY_MS = 86_400_000;

export const dayText = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);
export const dayMs = (day) => Date.parse(`${day}T00:00:00Z`);

/** Every day from `from` to `to`, both included. */
export function daysOf(from, to) {
  const days = [];
  for (let at = dayMs(from); at <= dayMs(to); at += DAY_MS) days.push(dayText(at));
  return days;
}

/** The last `count` days up to today, which is a day of UTC. */
export const lastDays = (count, now = Date.now()) => ({ from: dayText(now - (count - 1) * DAY_MS), to: dayText(now) });

/** `3 Nov`, in the reader's language. */
export const shortDay = (day) => new Date(dayMs(day)).toLocaleDateString([], { day: 'numeric', month: 'short', timeZone: 'UTC' });

export const figureText = (value, decimals) => value.toLocaleString([], { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** The name of a key; `null` stands for requests without a key. */
export function keyLabel({ key, name }) {
  if (key === null) return 'without a key';
  return name ?? key;
}

/** A report with only the usage of `key`; `undefined` stands for every key. */
export function onlyKey(usage, key) {
  if (key === undefined) return usage;
  const ofKey = (keys) => keys.filter((one) => one.key === key);
  const days = usage.days.map((one) => ({ day: one.day, keys: ofKey(one.keys) })).filter((one) => one.keys.length > 0);
  for (const one of days) Object.assign(one, Object.fromEntries(COLUMNS.map((name) => [name, one.keys[0][name]])));
  const keys = ofKey(usage.keys);
  return { ...usage, totals: keys[0] ?? zero(), keys, days };
}

const zero = () => Object.fromEntries(COLUMNS.map((name) => [name, 0]));

/** A line for each day and key, after RFC 4180. */
export function csvOf({ days }) {
  const rows = days.flatMap(({ day, keys }) => keys.map((one) => [day, one.key ?? '', one.name ?? '', ...COLUMNS.map((name) => one[name])]));
  return [['day', 'key', 'name', ...COLUMNS], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would read as a formula gets an apostrophe in front. */
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
