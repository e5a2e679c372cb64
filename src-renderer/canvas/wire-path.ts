import { getSmoothStepPath, Position } from "@xyflow/svelte";
import type { Side } from "./scene";

export interface WireShape {
  readonly path: string;
  /** The arrow's head, ending at the rim of the target's port. */
  readonly tip: string;
  readonly labelX: number;
  readonly labelY: number;
}

/** The length of the arrow's head. */
const HEAD = 7;

/** The line from one port to another: straight where they face each other, else with one bend and soft corners. */
export function wirePath(at: {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
  readonly from: Side;
  readonly to: Side;
}): WireShape {
  const { sourceX, sourceY, targetX, targetY } = at;
  const down = at.to === "in";
  const endX = down ? targetX : targetX - HEAD + 1;
  const endY = down ? targetY - HEAD + 1 : targetY;
  const tip = down
    ? `M${targetX - 4} ${targetY - HEAD}h8l-4 ${HEAD}z`
    : `M${targetX - HEAD} ${targetY - 4}v8l${HEAD} -4z`;
  if (at.from === "out" && down && Math.abs(sourceX - targetX) < 1)
    return { path: `M${sourceX} ${sourceY}V${endY}`, tip, labelX: sourceX, labelY: (sourceY + endY) / 2 };
  if (at.from === "side" && !down && Math.abs(sourceY - targetY) < 1)
    return { path: `M${sourceX} ${sourceY}H${endX}`, tip, labelX: (sourceX + endX) / 2, labelY: sourceY };
  const [path, labelX, labelY] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition: at.from === "side" ? Position.Right : Position.Bottom,
    targetX: endX,
    targetY: endY,
    targetPosition: down ? Position.Top : Position.Left,
    borderRadius: 8,
    offset: 5,
  });
  return { path, tip, labelX, labelY };
}
