import type { Connection } from "@shared/workflow/workflow";
import type { Point } from "./layout";
import { connectionKey } from "./marks";
import { spineOf } from "./measures";
import type { Line } from "./outline";
import type { SceneInput, SceneNode, SceneWire, Sized } from "./scene-types";

/** A line as drawn; nothing when an end of it is hidden. */
export function wireOf(
  line: Line,
  hidden: ReadonlySet<string>,
  absolute: ReadonlyMap<string, Point>,
  sized: ReadonlyMap<string, Sized>,
  descriptorOf: SceneInput["descriptorOf"],
): SceneWire | undefined {
  const { connection } = line;
  const source = sized.get(connection.source);
  const target = sized.get(connection.target);
  const from = absolute.get(connection.source);
  const to = absolute.get(connection.target);
  if (!source || !target || !from || !to || hidden.has(connection.source) || hidden.has(connection.target))
    return undefined;
  const kind =
    connection.case !== undefined || connection.type === "conditional"
      ? "conditional"
      : connection.type === "error"
        ? "error"
        : "success";
  const fork = descriptorOf(source.piece.component.type)?.ports.cases === true;
  const below = to.y >= from.y + source.height - 8;
  const leaves =
    kind === "error" ||
    (kind === "conditional" && !fork && !(below && Math.abs(to.x + spineOf(target) - from.x - spineOf(source)) < 4));
  const right = to.x >= from.x + source.width + 16;
  return {
    id: connectionKey(connection),
    source: connection.source,
    target: connection.target,
    from: leaves ? "side" : "out",
    to: leaves && right && target.kind !== "pill" ? "side-in" : "in",
    kind,
    label: labelOf(connection, kind),
    implied: line.implied,
    connection,
  };
}

function labelOf(connection: Connection, kind: SceneWire["kind"]): string {
  if (typeof connection.label === "string" && connection.label !== "") return connection.label;
  if (typeof connection.case === "string") return connection.case;
  if (kind === "error") return "error";
  if (kind === "conditional") return bare(String(connection.condition ?? "")) || "condition";
  return "";
}

/** A condition without the braces around it. */
function bare(condition: string): string {
  const text = condition.trim();
  return text.slice(text.startsWith("{{") ? 2 : 0, text.endsWith("}}") ? -2 : undefined).trim();
}

/** Marks the ports that lines use. */
export function markPorts(nodes: readonly SceneNode[], wires: readonly SceneWire[]): readonly SceneNode[] {
  const sideIn = new Set<string>();
  const usesIn = new Set<string>();
  const usesOut = new Set<string>();
  for (const wire of wires) {
    (wire.to === "side-in" ? sideIn : usesIn).add(wire.target);
    if (wire.from === "out") usesOut.add(wire.source);
  }
  return nodes.map((node) => ({
    ...node,
    ports: { ...node.ports, sideIn: sideIn.has(node.id), usesIn: usesIn.has(node.id), usesOut: usesOut.has(node.id) },
  }));
}
