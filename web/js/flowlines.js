// Which state of a flow stands in a line of its text. Pure.

/**
 * The state in whose lines `line` is, `{name, first, last}`, or null outside all of them. `states` are `{name, line}` in the order of the
 * text. A state ends before the next one, before the next section of the file, and with its last line that is not empty.
 */
export function stateAt(line, states, text) {
  const at = states.findLastIndex((state) => state.line <= line);
  if (at < 0) return null;
  const first = states[at].line;
  const below = text.split('\n').slice(first, states[at + 1] ? states[at + 1].line - 1 : undefined);
  const section = below.findIndex((one) => /^[^\s#]/.test(one));
  const own = section < 0 ? below : below.slice(0, section);
  const last = first + own.findLastIndex((one) => one.trim() !== '') + 1;
  return line <= last ? { name: states[at].name, first, last } : null;
}
