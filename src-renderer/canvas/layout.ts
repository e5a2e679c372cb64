import { graphlib, layout as dagreLayout } from "@dagrejs/dagre";
import { GAP } from "./measures";

/** A box to be placed among the others of its scope. `spine`: the x inside the box where the success line passes. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly spine: number;
}

/** `down`: part of the reading order. `aside`: leaves to the right (errors and conditions). */
export interface Link {
  readonly source: string;
  readonly target: string;
  readonly way: "down" | "aside";
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Positions = ReadonlyMap<string, Point>;

/**
 * Places the boxes of one scope: success goes straight down one spine, what hangs on errors and conditions alone
 * stands to the right of its source. The top left box touches 0, 0.
 */
export function layoutScope(boxes: readonly Box[], links: readonly Link[]): Positions {
  if (boxes.length === 0) return new Map();
  const key = shapeOf(boxes, links);
  const known = kept.get(key);
  const points = known ?? laidOut(boxes, links);
  // Moved to the end, so that what was not asked for longest goes first.
  kept.delete(key);
  kept.set(key, points);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? "");
  return new Map(boxes.map((box, index) => [box.id, points[index] ?? { x: 0, y: 0 }]));
}

/** Layouts of late, by shape: typing in a name or a config must not lay out a thousand cards again. */
const kept = new Map<string, readonly Point[]>();
const KEPT = 64;

/** The scope without its names: sizes, and links by position in the list. */
function shapeOf(boxes: readonly Box[], links: readonly Link[]): string {
  const at = new Map(boxes.map((box, index) => [box.id, index]));
  const sizes = boxes.map((box) => `${box.width},${box.height},${box.spine}`).join(" ");
  const lines = links.flatMap((link) => {
    const source = at.get(link.source);
    const target = at.get(link.target);
    return source === undefined || target === undefined ? [] : [`${source}${link.way === "down" ? ">" : "~"}${target}`];
  });
  return `${sizes}|${lines.join(" ")}`;
}

function laidOut(boxes: readonly Box[], links: readonly Link[]): readonly Point[] {
  const known = new Set(boxes.map((box) => box.id));
  const inside = links.filter(
    (link) => known.has(link.source) && known.has(link.target) && link.source !== link.target,
  );
  const aside = asideOf(boxes, inside);
  const main = boxes.filter((box) => !aside.has(box.id));
  const placed = new Map<string, Point>();
  placeMain(
    main,
    inside.filter((link) => !aside.has(link.source) && !aside.has(link.target)),
    placed,
  );
  placeAside(boxes, inside, aside, placed);
  const result = normalised(boxes, placed);
  return boxes.map((box) => at(result, box.id));
}

/** Ids that can be reached only over an `aside` link: they start a column of their own beside the spine. */
function asideOf(boxes: readonly Box[], links: readonly Link[]): ReadonlySet<string> {
  const incoming = new Map<string, Link[]>();
  const outgoing = new Map<string, Link[]>();
  for (const link of links) {
    push(incoming, link.target, link);
    push(outgoing, link.source, link);
  }
  const main = new Set<string>();
  const queue = boxes.filter((box) => !incoming.has(box.id)).map((box) => box.id);
  if (queue.length === 0 && boxes[0]) queue.push(boxes[0].id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (main.has(id)) continue;
    main.add(id);
    for (const link of outgoing.get(id) ?? []) if (link.way === "down") queue.push(link.target);
  }
  const aside = new Set<string>();
  for (const box of boxes) if (!main.has(box.id)) aside.add(box.id);
  return aside;
}

function placeMain(boxes: readonly Box[], links: readonly Link[], placed: Map<string, Point>): void {
  const graph = new graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: GAP.across, ranksep: GAP.down, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  // A wide container counts as wide as a card here, so that the spine stays straight; its overhang is made room for below.
  for (const box of boxes) graph.setNode(box.id, { width: box.spine * 2, height: box.height });
  // What leaves to the right bends around the spine, not the spine around it.
  for (const link of links) if (link.way === "down") graph.setEdge(link.source, link.target);
  dagreLayout(graph);
  for (const box of boxes) {
    const node = graph.node(box.id) as { x: number; y: number };
    placed.set(box.id, { x: node.x - box.spine, y: node.y - box.height / 2 });
  }
  makeRoom(boxes, placed);
}

/** Moves what stands right of a wide box further right, so that nothing overlaps its overhang. */
function makeRoom(boxes: readonly Box[], placed: Map<string, Point>): void {
  const wide = boxes.filter((box) => box.width > box.spine * 2).sort((a, b) => at(placed, a.id).x - at(placed, b.id).x);
  for (const box of wide) {
    const here = at(placed, box.id);
    const edge = here.x + box.spine * 2;
    const missing = boxes
      .filter((other) => other.id !== box.id)
      .map((other) => ({ other, place: at(placed, other.id) }))
      .filter(({ other, place }) => place.x >= edge && place.y < here.y + box.height && place.y + other.height > here.y)
      .reduce((most, { place }) => Math.max(most, here.x + box.width + GAP.across - place.x), 0);
    if (missing <= 0) continue;
    for (const other of boxes) {
      const place = at(placed, other.id);
      if (other.id !== box.id && place.x >= edge) placed.set(other.id, { x: place.x + missing, y: place.y });
    }
  }
}

/** Stands each aside box level with its source, right of all that is in those rows; what follows it goes below it. */
function placeAside(
  boxes: readonly Box[],
  links: readonly Link[],
  aside: ReadonlySet<string>,
  placed: Map<string, Point>,
): void {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const waiting = new Set(aside);
  const taken: { x: number; y: number; right: number; bottom: number }[] = [];
  const take = (box: Box, point: Point): void => {
    placed.set(box.id, point);
    taken.push({ x: point.x, y: point.y, right: point.x + box.width, bottom: point.y + box.height });
  };
  for (const box of boxes) if (placed.has(box.id)) take(box, at(placed, box.id));
  const outgoing = new Map<string, Link[]>();
  for (const link of links) push(outgoing, link.source, link);
  const open = links.filter((link) => waiting.has(link.target) && placed.has(link.source));
  while (waiting.size > 0) {
    const next = takeHighest(open, placed, waiting);
    const id = next?.target ?? waiting.values().next().value;
    if (id === undefined) return;
    waiting.delete(id);
    const box = byId.get(id);
    if (!box) continue;
    const source = next ? byId.get(next.source) : undefined;
    const from = source ? at(placed, source.id) : { x: 0, y: 0 };
    let point: Point;
    if (!source) point = { x: 0, y: taken.reduce((low, rect) => Math.max(low, rect.bottom), 0) + GAP.down };
    else if (next?.way === "down")
      point = { x: from.x + source.spine - box.spine, y: from.y + source.height + GAP.down };
    else point = { x: from.x + source.width + GAP.aside, y: from.y };
    take(box, freeAt(point, box, taken));
    for (const link of outgoing.get(id) ?? []) if (waiting.has(link.target)) open.push(link);
  }
}

/** Takes the link whose source stands highest out of `open`; a chain goes on before a new column starts. */
function takeHighest(open: Link[], placed: ReadonlyMap<string, Point>, waiting: ReadonlySet<string>): Link | undefined {
  let best = -1;
  let rank = Infinity;
  for (let index = 0; index < open.length; index++) {
    const link = open[index];
    if (!link || !waiting.has(link.target)) continue;
    const value = at(placed, link.source).y - (link.way === "down" ? 0.5 : 0);
    if (value < rank) {
      rank = value;
      best = index;
    }
  }
  if (best < 0) return undefined;
  return open.splice(best, 1)[0];
}

function freeAt(
  wanted: Point,
  box: Box,
  taken: readonly { x: number; y: number; right: number; bottom: number }[],
): Point {
  let point = wanted;
  for (let tries = 0; tries < 400; tries++) {
    const hit = taken.find(
      (rect) =>
        rect.x < point.x + box.width + 8 &&
        rect.right + 8 > point.x &&
        rect.y < point.y + box.height + 12 &&
        rect.bottom + 12 > point.y,
    );
    if (!hit) return point;
    // A column that is blocked by the main layout moves right; one blocked by its own kind moves down.
    point = hit.x < wanted.x ? { x: hit.right + GAP.across, y: point.y } : { x: point.x, y: hit.bottom + 16 };
  }
  return point;
}

function normalised(boxes: readonly Box[], placed: ReadonlyMap<string, Point>): Positions {
  let left = Infinity;
  let top = Infinity;
  for (const box of boxes) {
    const point = at(placed, box.id);
    left = Math.min(left, point.x);
    top = Math.min(top, point.y);
  }
  return new Map(
    boxes.map((box) => [
      box.id,
      { x: Math.round(at(placed, box.id).x - left), y: Math.round(at(placed, box.id).y - top) },
    ]),
  );
}

function at(placed: ReadonlyMap<string, Point>, id: string): Point {
  return placed.get(id) ?? { x: 0, y: 0 };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
