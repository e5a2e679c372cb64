import { rectsOf, type Placed } from "./bounds";
import type { Scene } from "./scene";

export type Direction = "up" | "down" | "left" | "right";

/** Every component's middle on the canvas itself, containers by their header. */
export function middlesOf(scene: Scene): readonly Placed[] {
  return rectsOf(scene).map(({ node, x, y }) => ({
    node,
    x: x + node.spine,
    y: y + (node.kind === "container" ? 14 : node.height / 2),
  }));
}

/** The component an arrow key goes to: the nearest one that way, straight ahead before askew. */
export function neighbour(scene: Scene, from: string, direction: Direction): string | undefined {
  const placed = middlesOf(scene);
  const here = placed.find((item) => item.node.id === from);
  if (!here) return placed[0]?.node.id;
  let best: string | undefined;
  let least = Infinity;
  for (const item of placed) {
    if (item === here) continue;
    const dx = item.x - here.x;
    const dy = item.y - here.y;
    const ahead = direction === "up" ? -dy : direction === "down" ? dy : direction === "left" ? -dx : dx;
    const askew = direction === "up" || direction === "down" ? Math.abs(dx) : Math.abs(dy);
    if (ahead <= 4) continue;
    const cost = ahead + askew * 2.5;
    if (cost < least) {
      least = cost;
      best = item.node.id;
    }
  }
  return best;
}
