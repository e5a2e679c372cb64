import { layoutScope, type Box, type Link, type Point } from "./layout";
import { CARD, CONTAINER, GAP, PILL, spineOf } from "./measures";
import type { Lane, Outline, Piece } from "./outline";
import { notesOf } from "./scene-notes";
import type { LaneName, Scene, SceneInput, SceneNode, SceneWire, Sized } from "./scene-types";
import { markPorts, wireOf } from "./scene-wires";
import { summaryOf, titleOf } from "./words";

export type { Scene, SceneNode, SceneWire, Side } from "./scene-types";

/** Lays out and describes everything the canvas draws. Pure: the same workflow gives the same scene. */
export function sceneOf(input: SceneInput): Scene {
  const { outline } = input;
  const links = linksOf(outline, input.descriptorOf);
  const sized = new Map<string, Sized>();
  const roots = [...outline.pieces.values()].filter((piece) => piece.owner === undefined);
  for (const piece of roots) measure(piece, input, links, sized);
  const places = placeScope(
    roots.map((piece) => piece.id),
    input,
    links,
    sized,
  );
  const hidden = hiddenPieces(outline, input.collapsed);
  const absolute = new Map<string, Point>();
  const nodes: SceneNode[] = [];
  const sides = sidesOf(outline, links);
  const emit = (piece: Piece, place: Point, parent: string | undefined, origin: Point): void => {
    const size = sized.get(piece.id);
    if (!size) return;
    const here = { x: origin.x + place.x, y: origin.y + place.y };
    absolute.set(piece.id, here);
    nodes.push(describe(piece, size, place, parent, input, sides.get(piece.id)));
    if (!input.collapsed.has(piece.id)) {
      for (const lane of outline.lanes.get(piece.id) ?? []) {
        for (const id of lane.members) {
          const member = outline.pieces.get(id);
          const at = size.children.get(id);
          if (member && at) emit(member, at, piece.id, here);
        }
      }
    }
  };
  for (const piece of roots) emit(piece, places.get(piece.id) ?? { x: 0, y: 0 }, undefined, { x: 0, y: 0 });
  nodes.push(...notesOf(nodes, outline));
  const wires = new Map<string, SceneWire>();
  for (const line of outline.lines) {
    const wire = wireOf(line, hidden, absolute, sized, input.descriptorOf);
    if (wire && !wires.has(wire.id)) wires.set(wire.id, wire);
  }
  const drawn = [...wires.values()];
  return { nodes: markPorts(nodes, drawn), wires: drawn };
}

function measure(piece: Piece, input: SceneInput, links: readonly Link[], sized: Map<string, Sized>): Sized {
  const lanes = input.outline.lanes.get(piece.id);
  let result: Sized;
  if (!lanes) {
    const kind = piece.component.type === "start" || piece.component.type === "end" ? "pill" : "card";
    result = { piece, kind, ...(kind === "pill" ? PILL : CARD), lanes: [], children: new Map() };
  } else {
    for (const lane of lanes)
      for (const id of lane.members) {
        const member = input.outline.pieces.get(id);
        if (member && !sized.has(id)) measure(member, input, links, sized);
      }
    result = containerOf(piece, lanes, input, links, sized);
  }
  sized.set(piece.id, result);
  return result;
}

function containerOf(
  piece: Piece,
  lanes: readonly Lane[],
  input: SceneInput,
  links: readonly Link[],
  sized: ReadonlyMap<string, Sized>,
): Sized {
  const children = new Map<string, Point>();
  if (input.collapsed.has(piece.id))
    return {
      piece,
      kind: "container",
      width: CONTAINER.collapsedWidth,
      height: CONTAINER.collapsedHeight,
      lanes: [],
      children,
    };
  const names: LaneName[] = [];
  const top = CONTAINER.header + CONTAINER.lane;
  let x = CONTAINER.padding;
  let bottom = top + CARD.height;
  for (const lane of lanes) {
    const places = placeScope(lane.members, input, links, sized);
    let width = CARD.width;
    for (const [id, place] of places) {
      const size = sized.get(id);
      if (!size) continue;
      children.set(id, { x: x + place.x, y: top + place.y });
      width = Math.max(width, place.x + size.width);
      bottom = Math.max(bottom, top + place.y + size.height);
    }
    names.push({ id: lane.id, x, width, empty: lane.members.length === 0 });
    x += width + CONTAINER.gap;
  }
  if (lanes.length === 0) x += CARD.width + CONTAINER.gap;
  return {
    piece,
    kind: "container",
    width: x - CONTAINER.gap + CONTAINER.padding,
    height: bottom + CONTAINER.padding,
    lanes: names,
    children,
  };
}

/** Positions of one scope: where the text has them, theirs; else the layout's, moved off what stands there already. */
function placeScope(
  ids: readonly string[],
  input: SceneInput,
  links: readonly Link[],
  sized: ReadonlyMap<string, Sized>,
): ReadonlyMap<string, Point> {
  const sizes = ids.flatMap((id) => sized.get(id) ?? []);
  const own = new Map<string, Point>();
  if (!input.ignorePositions)
    for (const size of sizes) {
      const position = positionOf(size.piece);
      if (position) own.set(size.piece.id, position);
    }
  if (own.size === sizes.length) return own;
  const boxes: Box[] = sizes.map((size) => ({
    id: size.piece.id,
    width: size.width,
    height: size.height,
    spine: spineOf(size),
  }));
  const laid = layoutScope(boxes, links);
  if (own.size === 0) return laid;
  const result = new Map(own);
  for (const box of boxes) {
    if (own.has(box.id)) continue;
    let place = laid.get(box.id) ?? { x: 0, y: 0 };
    for (
      let hit = overlapping(place, box, result, sized);
      hit !== undefined;
      hit = overlapping(place, box, result, sized)
    )
      place = { x: place.x, y: hit + GAP.down };
    result.set(box.id, place);
  }
  return result;
}

function overlapping(
  place: Point,
  box: Box,
  taken: ReadonlyMap<string, Point>,
  sized: ReadonlyMap<string, Sized>,
): number | undefined {
  for (const [id, point] of taken) {
    const size = sized.get(id);
    if (
      size &&
      point.x < place.x + box.width &&
      point.x + size.width > place.x &&
      point.y < place.y + box.height &&
      point.y + size.height > place.y
    )
      return point.y + size.height;
  }
  return undefined;
}

function positionOf(piece: Piece): Point | undefined {
  const position: unknown = piece.component.position;
  if (typeof position !== "object" || position === null) return undefined;
  const { x, y } = position as { x?: unknown; y?: unknown };
  return typeof x === "number" && typeof y === "number" && Number.isFinite(x) && Number.isFinite(y)
    ? { x, y }
    : undefined;
}

/** Which lines lead down and which leave to the right. Branching by case, or by conditions alone, leads down. */
function linksOf(outline: Outline, descriptorOf: SceneInput["descriptorOf"]): Link[] {
  const straight = new Set<string>();
  for (const { connection } of outline.lines)
    if ((connection.type ?? "success") === "success" && connection.case === undefined) straight.add(connection.source);
  return outline.lines.map(({ connection }) => {
    const fork = descriptorOf(outline.pieces.get(connection.source)?.component.type ?? "")?.ports.cases === true;
    const condition = connection.type === "conditional" || connection.case !== undefined;
    const aside = connection.type === "error" || (condition && !fork && straight.has(connection.source));
    return { source: connection.source, target: connection.target, way: aside ? "aside" : "down" };
  });
}

function sidesOf(
  outline: Outline,
  links: readonly Link[],
): ReadonlyMap<string, { error: boolean; conditional: boolean }> {
  const sides = new Map<string, { error: boolean; conditional: boolean }>();
  outline.lines.forEach(({ connection }, index) => {
    if (links[index]?.way !== "aside") return;
    const side = sides.get(connection.source) ?? { error: false, conditional: false };
    if (connection.type === "error") side.error = true;
    else side.conditional = true;
    sides.set(connection.source, side);
  });
  return sides;
}

function describe(
  piece: Piece,
  size: Sized,
  place: Point,
  parent: string | undefined,
  input: SceneInput,
  side: { error: boolean; conditional: boolean } | undefined,
): SceneNode {
  const descriptor = input.descriptorOf(piece.component.type);
  const members = (input.outline.lanes.get(piece.id) ?? []).flatMap((lane) => lane.members);
  return {
    id: piece.id,
    kind: size.kind,
    ...(parent === undefined ? {} : { parent }),
    x: place.x,
    y: place.y,
    width: size.width,
    height: size.height,
    spine: spineOf(size),
    title: titleOf(piece.component),
    what: summaryOf(piece.component, descriptor),
    type: piece.component.type,
    icon: descriptor?.icon ?? "circle-help",
    category: descriptor?.category ?? "flow",
    disabled: piece.component.disabled === true,
    ports: {
      input: descriptor?.ports.input !== false,
      success: descriptor?.ports.success !== false,
      side:
        side?.error && side.conditional ? "both" : side?.error ? "error" : side?.conditional ? "conditional" : "none",
      sideIn: false,
      usesIn: false,
      usesOut: false,
    },
    lanes: size.lanes,
    collapsed: input.collapsed.has(piece.id),
    inside: input.collapsed.has(piece.id)
      ? members
          .map((id) => input.descriptorOf(input.outline.pieces.get(id)?.component.type ?? "")?.icon ?? "circle-help")
          .slice(0, 6)
      : [],
  };
}

function hiddenPieces(outline: Outline, collapsed: ReadonlySet<string>): ReadonlySet<string> {
  const hidden = new Set<string>();
  for (const piece of outline.pieces.values()) {
    for (let owner = piece.owner; owner !== undefined; owner = outline.pieces.get(owner)?.owner)
      if (collapsed.has(owner)) hidden.add(piece.id);
  }
  return hidden;
}
