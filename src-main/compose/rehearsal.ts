import { randomUUID } from "node:crypto";
import { Bug } from "@shared/base/bug";
import { fail, ok } from "@shared/base/result";
import type { RehearsedFiring } from "@shared/contract/rehearsals";
import { engineSentence } from "../api/sentences";
import type { RehearsalRequest } from "../cli/host";
import type { Engine } from "../engine/engine";
import { executionId, machineClock } from "../engine/identity";
import type { Store } from "../store/store";
import type { Launch } from "../library/launch";
import { type Rehearsing, rehearse } from "../triggers/rehearsal";
import { Rehearsals } from "../triggers/rehearsals";

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
      cancel: (id, reason, mode) => void engine.cancel(id, reason, mode),
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

/** The rehearsals that windows ask for. */
export function rehearsalsOver(engine: Engine, store: Store, launch: Launch): Rehearsals {
  return new Rehearsals({
    newId: () => randomUUID(),
    now: () => machineClock.now(),
    prepare: async (request) => {
      const laidOut = await launch.layOut(request);
      if (!laidOut.ok) return laidOut;
      const { workflow, lab } = laidOut.value;
      const why: RehearsalRequest["why"] = (problem) => {
        const { what, where } = engineSentence(problem);
        return where === undefined ? what : `${where}: ${what}`;
      };
      return ok({
        workflow,
        unmet: () => lab.unmet(),
        rehearse: (span, tell) => rehearsalOver(engine, store, { ...laidOut.value, ...span, why }, tell),
      });
    },
  });
}
