import type { Scene, SceneNode } from "./scene";

/** A node with its top left corner on the canvas itself, owners' corners added up. */
export interface Placed {
  readonly node: SceneNode;
  readonly x: number;
  readonly y: number;
}

/** Every component, notes left out, owners before their members. */
export function rectsOf(scene: Scene): readonly Placed[] {
  const corners = new Map<string, Placed>();
  for (const node of scene.nodes) {
    const owner = node.parent === undefined ? undefined : corners.get(node.parent);
    corners.set(node.id, { node, x: node.x + (owner?.x ?? 0), y: node.y + (owner?.y ?? 0) });
  }
  return [...corners.values()].filter((placed) => placed.node.kind !== "note");
}

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest rectangle around all of them; nothing when there are none. */
export function boundsOf(placed: readonly Placed[]): Bounds | undefined {
  if (placed.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { node, x, y } of placed) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + node.width);
    bottom = Math.max(bottom, y + node.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The viewport a canvas opens with: a small workflow whole, of a large one its beginning at a size that can be read. */
export function firstViewport(
  scene: Scene,
  pane: { readonly width: number; readonly height: number },
): { x: number; y: number; zoom: number } {
  const placed = rectsOf(scene);
  const box = boundsOf(placed);
  if (!box) return { x: 0, y: 0, zoom: 1 };
  const zoom = Math.min(1, pane.width / (box.width + 64), pane.height / (box.height + 48));
  if (zoom >= 0.72)
    return { x: Math.min((pane.width - box.width * zoom) / 2, 40) - box.x * zoom, y: 28 - box.y * zoom, zoom };
  const near = 0.9;
  const first = placed[0];
  const middle = first ? first.x + first.node.spine : box.x;
  return {
    x: Math.min(
      40 - box.x * near,
      Math.max(pane.width / 2 - middle * near, pane.width - 40 - (box.x + box.width) * near),
    ),
    y: 28 - box.y * near,
    zoom: near,
  };
}

/** The viewport that shows everything, never larger than life. */
export function wholeViewport(
  scene: Scene,
  pane: { readonly width: number; readonly height: number },
): { x: number; y: number; zoom: number } {
  const box = boundsOf(rectsOf(scene));
  if (!box) return { x: 0, y: 0, zoom: 1 };
  const zoom = Math.max(0.03, Math.min(1, (pane.width - 48) / box.width, (pane.height - 48) / box.height));
  return {
    x: (pane.width - box.width * zoom) / 2 - box.x * zoom,
    y: (pane.height - box.height * zoom) / 2 - box.y * zoom,
    zoom,
  };
}
