import type { Finished } from "@shared/execution/work";
import type { Engine } from "./engine";
import { executionId } from "./identity";
import type { Carrier, Clock } from "./ports";

/** Carries out work that belongs to no execution. */
export function probe(
  carrier: Carrier,
  clock: Clock,
  ...[work, lane, signal]: Parameters<Engine["probe"]>
): Promise<Finished> {
  const id = executionId(clock);
  const whole = {
    ...work,
    texts: {},
    secrets: {},
    executionId: id,
    workflowId: "",
    path: "probe",
    attempt: 1,
    key: id,
    correlationId: id,
  };
  return carrier.carry(whole, lane, signal ?? new AbortController().signal, () => undefined);
}
