import type { Into } from "@shared/workflow/edit";
import type { Point } from "./layout";
import { rectsOf } from "./bounds";
import type { Scene, SceneNode } from "./scene";

/** The innermost open container under a point, and the branch there. */
export function containerAt(
  scene: Scene,
  point: Point,
  without: ReadonlySet<string> = new Set(),
): { readonly into: Into; readonly origin: Point } | undefined {
  let found: { into: Into; origin: Point } | undefined;
  // Owners come before their members, so the last one that holds the point is the innermost.
  for (const { node, x, y } of rectsOf(scene)) {
    if (node.kind !== "container" || node.collapsed || without.has(node.id)) continue;
    if (point.x < x || point.y < y || point.x > x + node.width || point.y > y + node.height) continue;
    const lane = laneAt(node, point.x - x);
    if (lane === undefined) continue;
    found = { into: lane === "" ? { owner: node.id } : { owner: node.id, branch: lane }, origin: { x, y } };
  }
  return found;
}

function laneAt(node: SceneNode, x: number): string | undefined {
  let nearest: string | undefined;
  let least = Infinity;
  for (const lane of node.lanes) {
    const distance = x < lane.x ? lane.x - x : x > lane.x + lane.width ? x - lane.x - lane.width : 0;
    if (distance < least) {
      least = distance;
      nearest = lane.id;
    }
  }
  return nearest;
}
