import type { JsonObject } from "../base/json";
import type { AtMs } from "../base/units";
import type { ValueAccess } from "./access";
import type { Event } from "./event";
import type { PlanNode } from "./node";
import { objectOf } from "./parts";
import type { Plan } from "./plan";
import type { ExecutionState, Undoing } from "./state";
import { undoCount } from "./undo-steps";
import { inline } from "./value";

/**
 * Prepares what follows undoing: the compensation workflow gets what failed and what was undone as its input, the channels a
 * sentence.
 */
export function prepareAftermath(
  plan: Plan,
  state: ExecutionState,
  node: PlanNode,
  undoing: Undoing,
  access: ValueAccess,
  at: AtMs,
): Extract<Event, { kind: "component-prepared" }> {
  const { id } = node;
  const written = node.component.config ?? {};
  const config = node.undo?.kind === "notice" ? { ...written, ...noticeOf(plan, undoing) } : written;
  const input = objectOf({ ...toldOf(plan, state, undoing), input: state.facts.input });
  return {
    kind: "component-prepared",
    at,
    path: id,
    run: true,
    input: access.keep(input),
    config: inline(config),
  };
}

function toldOf(
  plan: Plan,
  { facts }: ExecutionState,
  { status, error, steps }: Undoing,
): { [key: string]: ReturnType<typeof inline> } {
  // In the order of their paths: the order of undoing depends on what happened to come first.
  const inOrder = [...steps].sort((a, b) => ((a.of ?? "") < (b.of ?? "") ? -1 : 1));
  const undone = inOrder.flatMap(({ of, slot }): JsonObject[] =>
    of === undefined
      ? []
      : [
          {
            component: of,
            undone: slot.status === "completed",
            ...(slot.error === undefined ? {} : { error: { type: slot.error.type, message: slot.error.message } }),
          },
        ],
  );
  const { type, message, component } = error;
  return {
    execution_id: inline(facts.executionId),
    workflow_id: inline(plan.workflow.id),
    status: inline(status),
    error: inline({ type, message, component: component ?? null }),
    undone: inline(undone),
  };
}

function noticeOf({ workflow }: Plan, undoing: Undoing): { readonly title: string; readonly message: string } {
  const { status, error } = undoing;
  const name = workflow.name ?? workflow.id;
  const title = `${name} ${status === "cancelled" ? "was stopped" : "failed"}`;
  const what = error.component === undefined ? error.message : `${error.component}: ${error.message}`;
  const { done, failed, left } = undoCount(undoing);
  const counts = [
    done > 0 ? `${done} undone` : "",
    failed > 0 ? `${failed} could not be undone` : "",
    left > 0 ? `${left} left as they are` : "",
  ].filter((text) => text !== "");
  return { title, message: counts.length === 0 ? what : `${what} (${counts.join(", ")})` };
}
