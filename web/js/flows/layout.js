// Places a directed graph in layers, top to bottom, with few crossings. Pure; after Sugiyama, Tagawa and Toda (1981).

const ROW_HEIGHT = 38;
const ROW_GAP = 24;
const COLUMN_GAP = 22;
/** A long edge passes a layer through a point this wide. */
const POINT_WIDTH = 10;
/** More sweeps changed nothing on flows of 25 states. */
const ORDER_SWEEPS = 12;
const PLACE_SWEEPS = 12;

/**
 * `nodes` are `{name, width}`, first the start; `edges` are `{from, to}` between them.
 * Returns `{width, height, boxes: Map(name → {x, y, width, height}), routes: [{edge, back, points: [{x, y}]}]}`,
 * boxes by their centre, points from the edge's start to its end. Edges from a node to itself get no route.
 */
export function layout(nodes, edges) {
  const links = edges.filter((edge) => edge.from !== edge.to).map((edge) => ({ edge, back: false }));
  turnBackEdges(nodes, links);
  const rank = ranks(nodes, links);
  const cells = new Map(nodes.map(({ name, width }) => [name, { name, width, row: rank.get(name), x: 0, up: [], down: [] }]));
  for (const link of links) thread(link, cells);
  const rows = sortIntoRows(cells);
  order(rows);
  place(rows);
  return picture(nodes, links, cells, rows);
}

/** Depth first from the start: an edge to a state still being visited closes a loop and is drawn against the flow. */
function turnBackEdges(nodes, links) {
  const outgoing = Map.groupBy(links, (link) => link.edge.from);
  const visit = new Map();
  const walk = (name) => {
    visit.set(name, 'open');
    for (const link of outgoing.get(name) ?? []) {
      if (visit.get(link.edge.to) === 'open') link.back = true;
      else if (!visit.has(link.edge.to)) walk(link.edge.to);
    }
    visit.set(name, 'done');
  };
  for (const { name } of nodes) if (!visit.has(name)) walk(name);
}

const upper = ({ edge, back }) => (back ? edge.to : edge.from);
const lower = ({ edge, back }) => (back ? edge.from : edge.to);

/** Each node one layer below the lowest of those that lead to it; one that no edge touches stands in the last layer. */
function ranks(nodes, links) {
  const rank = new Map(nodes.map(({ name }) => [name, 0]));
  for (let pass = 0, moved = true; moved && pass <= nodes.length; pass++) {
    moved = false;
    for (const link of links) {
      const least = rank.get(upper(link)) + 1;
      if (rank.get(lower(link)) >= least) continue;
      rank.set(lower(link), least);
      moved = true;
    }
  }
  const linked = new Set(links.flatMap(({ edge }) => [edge.from, edge.to]));
  const last = Math.max(...rank.values());
  for (const { name } of nodes.slice(1)) if (!linked.has(name)) rank.set(name, last);
  return rank;
}

/** Gives a link one cell per layer it passes, and joins the cells. */
function thread(link, cells) {
  const [top, bottom] = [cells.get(upper(link)), cells.get(lower(link))];
  link.cells = [top];
  for (let row = top.row + 1; row < bottom.row; row++) {
    const point = { width: POINT_WIDTH, row, x: 0, up: [], down: [] };
    cells.set(point, point);
    link.cells.push(point);
  }
  link.cells.push(bottom);
  link.cells.slice(1).forEach((cell, index) => {
    cell.up.push(link.cells[index]);
    link.cells[index].down.push(cell);
  });
}

function sortIntoRows(cells) {
  const rows = [];
  for (const cell of cells.values()) (rows[cell.row] ??= []).push(cell);
  for (const row of rows) number(row);
  return rows;
}

function number(row) {
  row.forEach((cell, index) => {
    cell.index = index;
  });
}

/** Sorts rows by the middle of their neighbours, down and up in turn, and keeps the order with the fewest crossings. */
function order(rows) {
  let best = { crossings: crossings(rows), rows: rows.map((row) => [...row]) };
  for (let sweep = 0; sweep < ORDER_SWEEPS && best.crossings > 0; sweep++) {
    const side = sweep % 2 === 0 ? 'up' : 'down';
    for (const row of side === 'up' ? rows : rows.toReversed()) sortByNeighbours(row, side);
    const count = crossings(rows);
    if (count < best.crossings) best = { crossings: count, rows: rows.map((row) => [...row]) };
  }
  best.rows.forEach((row, index) => {
    rows[index] = row;
    number(row);
  });
}

function sortByNeighbours(row, side) {
  const middle = (cell) => (cell[side].length > 0 ? mean(cell[side].map((other) => other.index)) : cell.index);
  const middles = new Map(row.map((cell) => [cell, middle(cell)]));
  row.sort((one, other) => middles.get(one) - middles.get(other));
  number(row);
}

function crossings(rows) {
  let count = 0;
  for (const row of rows) {
    const lines = row.flatMap((cell) => cell.down.map((below) => [cell.index, below.index]));
    lines.forEach(([top, bottom], index) => {
      for (const [otherTop, otherBottom] of lines.slice(index + 1)) {
        if ((top - otherTop) * (bottom - otherBottom) < 0) count++;
      }
    });
  }
  return count;
}

/** Pulls every cell under or over the middle of its neighbours, as far as the row has room. */
function place(rows) {
  for (const row of rows) setPositions(row, row.map(() => 0));
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? 'up' : 'down';
    for (const row of side === 'up' ? rows : rows.toReversed()) {
      setPositions(row, row.map((cell) => wantedX(cell, sweep >= PLACE_SWEEPS - 2 ? null : side)));
    }
  }
}

function wantedX(cell, side) {
  const neighbours = side ? cell[side] : [...cell.up, ...cell.down];
  return neighbours.length > 0 ? mean(neighbours.map((other) => other.x)) : cell.x;
}

/** Least-squares positions in the given order without overlap: neighbours that would collide move as one block. */
function setPositions(row, wanted) {
  const blocks = [];
  row.forEach((cell, index) => {
    const before = row[index - 1];
    const gap = before ? (before.width + cell.width) / 2 + COLUMN_GAP : 0;
    const offset = (index > 0 ? row[index - 1].offset : 0) + gap;
    cell.offset = offset;
    let block = { cells: [cell], sum: wanted[index] - offset };
    while (blocks.length > 0 && average(blocks.at(-1)) > average(block)) {
      const left = blocks.pop();
      block = { cells: [...left.cells, ...block.cells], sum: left.sum + block.sum };
    }
    blocks.push(block);
  });
  for (const block of blocks) for (const cell of block.cells) cell.x = average(block) + cell.offset;
}

const average = (block) => block.sum / block.cells.length;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function picture(nodes, links, cells, rows) {
  const all = rows.flat();
  const left = Math.min(...all.map((cell) => cell.x - cell.width / 2));
  const right = Math.max(...all.map((cell) => cell.x + cell.width / 2));
  for (const cell of all) {
    cell.x -= left;
    cell.y = cell.row * (ROW_HEIGHT + ROW_GAP) + ROW_HEIGHT / 2;
  }
  const box = ({ x, y, width }) => ({ x, y, width, height: ROW_HEIGHT });
  return {
    width: right - left,
    height: rows.length * (ROW_HEIGHT + ROW_GAP) - ROW_GAP,
    boxes: new Map(nodes.map(({ name }) => [name, box(cells.get(name))])),
    routes: links.map((link) => ({ edge: link.edge, back: link.back, points: points(link) })),
  };
}

/** From the lower side of the upper box to the upper side of the lower one, spread so that edges do not share an end. */
function points({ cells, back }) {
  // Upright past the boxes of each layer on the way, so that the curve does not cut their corners.
  const middle = cells.slice(1, -1).flatMap(({ x, y }) => [{ x, y: y - ROW_HEIGHT / 2 }, { x, y: y + ROW_HEIGHT / 2 }]);
  const top = { x: port(cells[0], 'down', cells[1], back), y: cells[0].y + ROW_HEIGHT / 2 };
  const bottom = { x: port(cells.at(-1), 'up', cells.at(-2), back), y: cells.at(-1).y - ROW_HEIGHT / 2 };
  const path = [top, ...middle, bottom];
  return back ? path.toReversed() : path;
}

/** Two states that lead to each other are joined twice: there and back end side by side. */
function port(cell, side, towards, back) {
  const others = cell[side].toSorted((one, other) => one.x - other.x);
  const at = back ? others.lastIndexOf(towards) : others.indexOf(towards);
  const share = (at + 1) / (others.length + 1) - 0.5;
  return cell.x + share * cell.width * 0.8;
}
