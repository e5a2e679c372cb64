import type { Descriptor } from "@shared/components/descriptor";
import type { Connection } from "@shared/workflow/workflow";
import { isJsonObject } from "@shared/base/json";
import type { Outline } from "./outline";

/** Whether a line may go from `source` to `target`: both run by the same owner, not yet joined, no way back. */
export function mayConnect(outline: Outline, source: string, target: string): boolean {
  const from = outline.pieces.get(source);
  const to = outline.pieces.get(target);
  if (!from || !to || source === target || from.owner !== to.owner || from.lane !== to.lane) return false;
  if (from.component.type === "end" || to.component.type === "start") return false;
  return !leadsTo(outline, target, source);
}

function leadsTo(outline: Outline, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const { connection, implied } of outline.lines) {
    // The order of a list gives way when the first line is drawn, so it forbids nothing.
    if (implied) continue;
    const list = next.get(connection.source);
    if (list) list.push(connection.target);
    else next.set(connection.source, [connection.target]);
  }
  const seen = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...(next.get(id) ?? []));
  }
  return false;
}

/** The connection a gesture means: from the right port an error one, from a decision the first case still free. */
export function connectionFor(
  outline: Outline,
  descriptorOf: (type: string) => Descriptor | undefined,
  source: string,
  target: string,
  side: "out" | "side",
): Connection {
  if (side === "side") return { source, target, type: "error" };
  const component = outline.pieces.get(source)?.component;
  if (component && descriptorOf(component.type)?.ports.cases) {
    const cases = isJsonObject(component.config) && Array.isArray(component.config.cases) ? component.config.cases : [];
    const ids = cases.flatMap((item) => (isJsonObject(item) && typeof item.id === "string" ? [item.id] : []));
    const used = new Set(
      outline.lines.filter((line) => line.connection.source === source).map((line) => line.connection.case),
    );
    const free = ids.find((id) => !used.has(id));
    if (free !== undefined) return { source, target, type: "conditional", case: free };
  }
  return { source, target };
}
