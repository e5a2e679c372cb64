import { breakerKey, breakerRefusal, breakerResult } from "@shared/execution/breaker";
import type { ComponentError } from "@shared/execution/error";
import { NOTHING_KEPT } from "@shared/execution/keep";
import type { PlanNode } from "@shared/execution/node";
import type { Finished } from "@shared/execution/work";
import type { Course, SessionRooms } from "./course";
import type { BreakerEnd } from "./sharing";

/** An attempt that a breaker let through. */
export interface Pass {
  readonly about: Omit<BreakerEnd, "at" | "result">;
}

/** Asks the breaker in front of `node`: a pass, the refusal as an outcome, or nothing where there is no breaker. */
export function passFor(course: Course, rooms: SessionRooms, node: PlanNode): Pass | Finished | undefined {
  const rule = node.breaker;
  if (rule === undefined) return undefined;
  const workflowId = course.plan.workflow.id;
  const { environment } = course.parts.head;
  const key = breakerKey(rule, workflowId, node.id, environment);
  const at = rooms.clock.now();
  const decided = rooms.breakers.admit(key, rule, at);
  if (decided.admitted) {
    const of = environment === undefined ? {} : { environment };
    const trial = decided.trial ? { trial: true as const } : {};
    return { about: { key, workflowId, component: node.id, ...of, rule, admittedAt: at, ...trial } };
  }
  return { kind: "failed", error: breakerRefusal(key, rule, decided), kept: NOTHING_KEPT };
}

/** Part of a turn: what an attempt's end says is counted; one that was stopped says nothing. */
export function passed(course: Course, rooms: SessionRooms, { about }: Pass, error: ComponentError | undefined): void {
  const result = breakerResult(error);
  if (result !== undefined) course.share({ breaker: { ...about, at: rooms.clock.now(), result } });
  else if (about.trial === true) rooms.breakers.giveBack(about.key);
}
