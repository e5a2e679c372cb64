import { breakerKey, breakerRefusal, breakerResult } from "@shared/execution/breaker";
import type { ComponentError } from "@shared/execution/error";
import { NOTHING_KEPT } from "@shared/execution/keep";
import type { PlanNode } from "@shared/execution/node";
import type { Finished } from "@shared/execution/work";
import type { SessionRooms } from "./rooms";
import type { Session } from "./session";
import type { BreakerEnd } from "./sharing";

/** An attempt that a breaker let through. */
export interface Pass {
  readonly about: Omit<BreakerEnd, "at" | "result">;
}

/** Asks the breaker in front of `node`: a pass, the refusal as an outcome, or nothing where there is no breaker. */
export function passFor(session: Session, rooms: SessionRooms, node: PlanNode): Pass | Finished | undefined {
  const rule = node.breaker;
  if (rule === undefined) return undefined;
  const workflowId = session.plan.workflow.id;
  const { environment } = session.parts.head;
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
export function passed(
  session: Session,
  rooms: SessionRooms,
  { about }: Pass,
  error: ComponentError | undefined,
): void {
  const result = breakerResult(error);
  if (result !== undefined) session.share({ breaker: { ...about, at: rooms.clock.now(), result } });
  else if (about.trial === true) rooms.breakers.giveBack(about.key);
}
