// Compares two texts line by line. Pure.

/** Larger middles are shown as all removed and all added: the table has a cell for each pair of lines. */
const CELLS_MAX = 4_000_000;
/** Equal lines that are shown around a change. */
const CONTEXT = 2;

/** `[{kind: 'same' | 'removed' | 'added', text, line}]`; `line` counts in the text that has it, `same` in the new one. */
export function compareLines(before, after) {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const same = (index) => ({ kind: 'same', text: now[index], line: index + 1 });
  return [
    ...now.slice(0, start).map((_, index) => same(index)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end), start),
    ...now.slice(now.length - end).map((_, index) => same(now.length - end + index)),
  ];
}

/** The changes with some lines around them; `{kind: 'gap', count}` stands for what is left out. */
export function changesOf(rows) {
  const near = new Set();
  rows.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    for (let other = index - CONTEXT; other <= index + CONTEXT; other++) near.add(other);
  });
  const shown = [];
  rows.forEach((row, index) => {
    if (near.has(index)) shown.push(row);
    else if (shown.at(-1)?.kind === 'gap') shown.at(-1).count++;
    else shown.push({ kind: 'gap', count: 1 });
  });
  return shown;
}

/** The longest common subsequence, by the table of Wagner and Fischer (1974). */
function middle(old, now, offset) {
  const removed = (index) => ({ kind: 'removed', text: old[index], line: offset + index + 1 });
  const added = (index) => ({ kind: 'added', text: now[index], line: offset + index + 1 });
  if (old.length * now.length > CELLS_MAX) return [...old.keys()].map(removed).concat([...now.keys()].map(added));
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      table[row * width + column] = old[row] === now[column]
        ? table[(row + 1) * width + column + 1] + 1
        : Math.max(table[(row + 1) * width + column], table[row * width + column + 1]);
    }
  }
  const rows = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    if (row < old.length && column < now.length && old[row] === now[column]) {
      rows.push({ ...added(column), kind: 'same' });
      row++;
      column++;
    } else if (column === now.length || (row < old.length && table[(row + 1) * width + column] >= table[row * width + column + 1])) {
      rows.push(removed(row++));
    } else {
      rows.push(added(column++));
    }
  }
  return rows;
}
