import { fail, ok, type Result } from "@shared/base/result";
import type { AtMs } from "@shared/base/units";
import type { Clock, Laboratory } from "../engine/ports";
import { type FaultsProblem, readFaults } from "./faults";
import { laboratory } from "./laboratory";

/** A laboratory as a user asks for it. */
export interface LabRequest {
  /** The text of a faults file. */
  readonly faults?: string;
  readonly virtualTime: boolean;
  /** When virtual time begins; now unless said. */
  readonly from?: AtMs;
  /** Of which attempts a probability hits, instead of the file's own. */
  readonly seed?: string;
}

/** Why there is no such laboratory. */
export type LabProblem =
  | { readonly kind: "bad-faults"; readonly problems: readonly FaultsProblem[] }
  /** This host serves others too and is not to die on purpose. */
  | { readonly kind: "may-not-crash" };

/**
 * Makes the laboratory that `request` asks for.
 *
 * @param crash ends this process on the spot; absent where faults may not.
 */
export function openLab(
  { faults, virtualTime, from, seed }: LabRequest,
  clock: Clock,
  crash?: () => void,
): Result<Laboratory, LabProblem> {
  const read = faults === undefined ? ok(undefined) : readFaults(faults);
  if (!read.ok) return fail({ kind: "bad-faults", problems: read.problem });
  const plan = read.value;
  if (plan?.asleep !== undefined && !virtualTime)
    return fail({ kind: "bad-faults", problems: [{ line: 1, column: 1, message: "asleep needs virtual time." }] });
  const crashes =
    plan?.crashAtStep !== undefined || plan?.faults.some(({ effect }) => effect?.kind === "crash") === true;
  if (crashes && crash === undefined) return fail({ kind: "may-not-crash" });
  const seeded = plan === undefined || seed === undefined ? plan : { ...plan, seed };
  return ok(
    laboratory({
      ...(seeded === undefined ? {} : { faults: seeded }),
      virtualTime,
      ...(from === undefined ? {} : { from }),
      clock,
      crash: crash ?? (() => undefined),
    }),
  );
}
