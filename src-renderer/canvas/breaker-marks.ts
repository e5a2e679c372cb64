import { isJsonObject } from "@shared/base/json";
import type { BreakerRow } from "@shared/contract/resilience";
import type { Workflow } from "@shared/workflow/workflow";
import { words } from "../text/canvas";
import { outlineOf } from "./outline";
import type { BreakerMark } from "./marks";

/** The breakers of a workflow's components that are not closed, by component id; one with a key is on every card that shares it. */
export function breakerMarks(
  workflow: Workflow | undefined,
  rows: readonly BreakerRow[],
): ReadonlyMap<string, BreakerMark> {
  const marks = new Map<string, BreakerMark>();
  const active = rows.filter((row) => row.state !== "closed");
  if (workflow === undefined || active.length === 0) return marks;
  for (const { id, component } of outlineOf(workflow).pieces.values()) {
    const written = component.circuit_breaker ?? component.config?.circuit_breaker;
    const key = isJsonObject(written) && typeof written.key === "string" ? written.key : undefined;
    const row = active.find((one) =>
      key === undefined
        ? one.workflowId === workflow.id && one.component === id
        : one.key === (one.environment === undefined ? key : `${key}@${one.environment}`),
    );
    if (row === undefined || row.state === "closed") continue;
    marks.set(id, { state: row.state, title: words.breaker(row.state, row.retryAt) });
  }
  return marks;
}
