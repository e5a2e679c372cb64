import { isMeant } from "@shared/base/pattern";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import type { Ms } from "@shared/base/units";
import { typeOfStatus } from "@shared/components/error-types";
import type { ComponentError } from "@shared/execution/error";
import type { Outcome } from "@shared/execution/effect";
import { finish, taskOf } from "@shared/execution/perform";
import { randomStream } from "@shared/execution/random";
import type { Finished, Work } from "@shared/execution/work";
import type { Carrier } from "../engine/ports";
import type { Fault, FaultEffect, FaultPlan } from "./faults";

/** How long a call that never answers takes when it has no limit of its own. */
const NO_ANSWER: Ms = 30_000;

/** What injecting takes of the laboratory. */
export interface Bench {
  /** Resolves after `delay` of the laboratory's time, or when `signal` aborts. */
  pause(work: Work, delay: Ms, signal: AbortSignal): Promise<void>;
  /** Ends this process on the spot. */
  crash(): void;
  /** An attempt came that `fault` is meant for, whether chance hits it or not. */
  met(fault: Fault): void;
  /** How much of the laboratory's time has passed. */
  elapsed(): Ms;
  /** Which of the executions that nobody called this one belongs to, counted from 0. */
  ordinalOf(id: ExecutionId): number;
}

/** `inner`, with what `plan` says going wrong on purpose. Outcomes are journalled like any other; replay knows nothing of it. */
export function faulty(inner: Carrier, plan: FaultPlan, bench: Bench): Carrier {
  let steps = 0;
  return {
    carry: async (work, lane, signal, progress) => {
      steps += 1;
      const now = bench.elapsed();
      const meant = plan.faults.filter((one) => isFor(one, work) && isDuring(one, now));
      for (const one of meant) bench.met(one);
      const nth = bench.ordinalOf(work.executionId);
      const fault = meant.find((one) => hits(one, work, nth === 0 ? plan.seed : `${plan.seed}#${nth}`));
      if (steps === plan.crashAtStep || fault?.effect?.kind === "crash") bench.crash();
      if (fault === undefined) return inner.carry(work, lane, signal, progress);
      const limit = work.limits.timeoutMs ?? NO_ANSWER;
      const late = fault.effect?.kind === "timeout" ? limit : Math.min(fault.latencyMs ?? 0, limit);
      if (late > 0) await bench.pause(work, late, signal);
      if (signal.aborted) return finished(failed({ type: "cancelled", message: "It was stopped." }), work);
      if (late >= limit) {
        const message = `Fault on purpose: no answer within ${limit / 1000} s.`;
        return finished(failed({ type: "timeout", message }), work);
      }
      if (fault.effect === undefined) return inner.carry(work, lane, signal, progress);
      return finished(outcomeOf(fault.effect, work), work);
    },
    group: (job, done) => inner.group(job, done),
    think: (job, signal) => inner.think(job, signal),
    warm: () => inner.warm(),
    info: () => inner.info(),
    close: () => inner.close(),
  };
}

/** Whether `fault` is for this attempt. The same seed, path and attempt always give the same answer. */
export function hits(fault: Fault, work: Pick<Work, "path" | "attempt">, seed: string): boolean {
  if (!isFor(fault, work)) return false;
  const { path, attempt } = work;
  return fault.probability >= 1 || randomStream(`${seed}/${fault.component}/${path}/${attempt}`)() < fault.probability;
}

function isFor(fault: Fault, { path, attempt }: Pick<Work, "path" | "attempt">): boolean {
  const segments = path.split("/");
  const id = segments[segments.length - 1] as string;
  if (!isMeant(fault.component, id) && !isMeant(fault.component, path)) return false;
  if (fault.attempts !== undefined && !fault.attempts.includes(attempt)) return false;
  return fault.rounds === undefined || fault.rounds.includes(roundOf(segments));
}

function isDuring({ during }: Fault, elapsed: Ms): boolean {
  return during === undefined || (elapsed >= during.afterMs && elapsed < during.afterMs + during.forMs);
}

function roundOf(segments: readonly ComponentPath[]): number {
  const round = segments.slice(0, -1).findLast((segment) => /^\d+$/.test(segment));
  return round === undefined ? -1 : Number(round);
}

function outcomeOf(effect: FaultEffect, work: Work): Outcome {
  switch (effect.kind) {
    case "status":
      return failed({
        type: typeOfStatus(effect.status),
        message: `Fault on purpose: answered with ${effect.status}.`,
        ...(effect.retryAfterMs === undefined ? {} : { retryAfterMs: effect.retryAfterMs }),
      });
    case "reset":
      return failed({ type: "connection_error", message: "Fault on purpose: the connection was reset." });
    case "error":
      return failed({ type: effect.type, message: `Fault on purpose: ${effect.message}` });
    case "body": {
      const isHttp = work.type === "http_request";
      const headers = { "content-type": "application/json" };
      const output: Json = isHttp ? { status: 200, headers, body: effect.body } : effect.body;
      return { kind: "completed", output, facts: "a fault's answer" };
    }
    case "timeout":
    case "crash":
      return failed({ type: "timeout", message: "Fault on purpose: no answer." });
  }
}

function failed(error: ComponentError): Outcome {
  return { kind: "failed", error };
}

/** A fault may say what the attempt was given, as a server may: it is searched for that like any outcome. */
function finished(outcome: Outcome, work: Work): Finished {
  return finish(taskOf(work), outcome, work.privacy);
}
