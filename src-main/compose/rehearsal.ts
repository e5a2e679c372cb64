import { Bug } from "@shared/base/bug";
import { fail, ok } from "@shared/base/result";
import type { RehearsalRequest } from "../cli/host";
import type { Engine } from "../engine/engine";
import { executionId } from "../engine/identity";
import type { Store } from "../store/store";
import { type RehearsedFiring, type Rehearsing, rehearse } from "../triggers/rehearsal";

/** Rehearses a workflow's schedules on `engine`. */
export function rehearsalOver(
  engine: Engine,
  store: Store,
  { lab, workflow, env, start, why, ...span }: RehearsalRequest,
  tell: (firing: RehearsedFiring) => void,
): Rehearsing {
  const endOf = (id: string) => {
    const head = store.executions.head(id);
    if (head?.settlement === undefined) return undefined;
    const { status, at, error } = head.settlement;
    return { status, startedAt: head.startedAt, settledAt: at, ...(error === undefined ? {} : { error }) };
  };
  return rehearse(
    {
      clock: lab.clock,
      attend: (one) => lab.attend(one),
      quiet: () => lab.quiet(),
      newId: () => executionId(lab.clock),
      env: () => env,
      cancel: (id, reason) => void engine.cancel(id, reason),
      isQueued: (id) => lab.queue.queued().some((one) => one.id === id),
      start: async ({ workflowId: _workflowId, ...given }) => {
        const started = await start(given);
        if (started.ok) return ok({ queued: store.executions.head(started.value.id)?.status === "queued" });
        const outcome = started.problem.kind === "overlap-skipped" ? "skipped" : "refused";
        return fail({ outcome, message: why(started.problem) });
      },
      // What has ended is told at once: time goes on as soon as nothing is under way.
      settled: async (id) => {
        const ended = endOf(id);
        if (ended !== undefined) return ended;
        await engine.settled(id);
        const end = endOf(id);
        if (end === undefined) throw new Bug(`${id} has settled without an end`);
        return end;
      },
    },
    workflow,
    span,
    tell,
  );
}
