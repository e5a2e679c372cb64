import type { ComponentView, ExecutionView } from "@shared/debug/view";
import { jsonText } from "./json-text";
import type { Workflow } from "@shared/workflow/workflow";
import { factsText, roundText } from "../text/run";
import { outlineOf } from "./outline";
import { connectionKey, type CanvasMarks, type ComponentMark, type ConnectionMark } from "./marks";

/**
 * A moment of an execution as the canvas draws it. `at`: that moment, from which remaining times are counted. `progress`: what running
 * components say of themselves, by path.
 */
export function marksOf(
  view: ExecutionView,
  workflow: Workflow,
  at: number,
  progress: { readonly [path: string]: string } = {},
): CanvasMarks {
  const components: { [id: string]: ComponentMark } = {};
  for (const [id, component] of Object.entries(view.components))
    components[id] = markOf(component, at, progress[component.path]);
  markUnreached(workflow, components);
  const connections: { [key: string]: ConnectionMark } = {};
  for (const connection of view.connections) {
    if (connection.state === "pending") continue;
    const drawn = connection.listed === undefined ? undefined : workflow.connections?.[connection.listed];
    const type = connection.type === "error" ? { type: "error" } : {};
    const key = connectionKey(drawn ?? { source: connection.source, target: connection.target, ...type });
    connections[key] = {
      state: connection.state,
      ...(connection.judged === undefined ? {} : { judged: String(connection.judged) }),
    };
  }
  return { components, connections };
}

/** Members whose owner never ran have no state of their own; they share what became of it. */
function markUnreached(workflow: Workflow, components: { [id: string]: ComponentMark }): void {
  for (const piece of outlineOf(workflow).pieces.values()) {
    if (components[piece.id]) continue;
    const owner = piece.owner === undefined ? undefined : components[piece.owner]?.status;
    components[piece.id] = { status: owner === "skipped" || owner === "cancelled" ? owner : "pending" };
  }
}

function markOf(view: ComponentView, at: number, progress: string | undefined): ComponentMark {
  const { progress: parts, round, undo } = view;
  return {
    status: view.status,
    facts: progress && view.status === "running" ? progress : factsText(view, at),
    held: view.held !== undefined,
    tolerated: view.tolerated,
    retried: view.attempts > 1,
    cached: view.from !== undefined,
    ...(undo === undefined || undo.status === "completed"
      ? {}
      : { undo: undo.status === "failed" ? "failed" : "running" }),
    ...(parts?.total && view.status === "running" ? { fraction: parts.done / parts.total } : {}),
    ...(round === undefined ? {} : { round: roundText(round.index, round.total, jsonText(round.item)) }),
  };
}

/** Whether something counts down: then the marks change with the clock. */
export function countsDown(view: ExecutionView | undefined): boolean {
  return Object.values(view?.components ?? {}).some(
    ({ status, undo }) => status === "waiting" || undo?.status === "waiting",
  );
}
