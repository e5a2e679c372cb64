import type { ExecutionId } from "@shared/base/ids";
import { fail, ok } from "@shared/base/result";
import type { ExecutionStatus } from "@shared/execution/status";
import type { Answer, EngineOptions } from "./engine";
import type { ExecutionHead, ExecutionsPort } from "./ports";
import { foldJournal, type Folded } from "./recover";

/** An execution as the store has it, with this host for its owner. */
export interface Owned {
  readonly head: ExecutionHead & { readonly status: ExecutionStatus };
  readonly folded: Folded;
}

/** Makes this host the owner of `id` and reads all of it; or says why not. */
export async function readOwned(options: EngineOptions, id: ExecutionId): Promise<Answer<Owned>> {
  const { executions, owners, journal } = options;
  const head = executions.head(id);
  if (head === undefined) return fail({ kind: "unknown-execution", id });
  if (head.settlement !== undefined) return fail({ kind: "already-settled", id, status: head.settlement.status });
  if (!owners.claim(id)) return fail({ kind: "owned-elsewhere", id });
  const folded = await foldJournal(journal, id);
  if (folded.ok) return ok({ head, folded: folded.value });
  return fail({
    kind: "invalid-workflow",
    message: `The journal of ${id} cannot be taken up: ${folded.problem.kind}.`,
    problems: [],
  });
}

/** How many calls lead to `id`. */
export function depthOf(executions: ExecutionsPort, id: ExecutionId): number {
  let depth = 0;
  for (let at = executions.head(id)?.parent; at !== undefined; at = executions.head(at.executionId)?.parent) depth += 1;
  return depth;
}

/** Why nothing can be done with an execution that this host does not carry. */
export function absent(executions: ExecutionsPort, id: ExecutionId): Answer<never> {
  const head = executions.head(id);
  if (head === undefined) return fail({ kind: "unknown-execution", id });
  if (head.settlement !== undefined) return fail({ kind: "already-settled", id, status: head.settlement.status });
  return fail({ kind: "owned-elsewhere", id });
}
