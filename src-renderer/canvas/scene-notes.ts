import { NOTE } from "./measures";
import type { Outline } from "./outline";
import type { SceneNode } from "./scene-types";

/** Notes stand right of their component, past what is in those rows already. Members keep theirs in the inspector. */
export function notesOf(nodes: readonly SceneNode[], outline: Outline): SceneNode[] {
  const roots = nodes.filter((node) => node.parent === undefined);
  const notes: SceneNode[] = [];
  for (const node of roots) {
    const text = outline.pieces.get(node.id)?.component.notes;
    if (typeof text !== "string" || text.trim() === "") continue;
    const lines = Math.min(
      12,
      text
        .trim()
        .split("\n")
        .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / NOTE.charactersPerLine)), 0),
    );
    const height = lines * NOTE.line + NOTE.padding;
    let x = node.x + node.width + 40;
    for (const other of [...roots, ...notes].sort((a, b) => a.x - b.x)) {
      if (
        other.id !== node.id &&
        other.y < node.y + height &&
        other.y + other.height > node.y &&
        other.x < x + NOTE.width &&
        other.x + other.width > x
      )
        x = other.x + other.width + 24;
    }
    notes.push({
      ...node,
      id: `note:${node.id}`,
      kind: "note",
      x,
      y: node.y,
      width: NOTE.width,
      height,
      title: text.trim(),
      what: "",
      lanes: [],
      inside: [],
      collapsed: false,
      ports: { input: false, success: false, side: "none", sideIn: false, usesIn: false, usesOut: false },
    });
  }
  return notes;
}
