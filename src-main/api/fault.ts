import { ORPCError } from "@orpc/server";
import { faults } from "@shared/contract/faults";
import type { Result } from "@shared/base/result";

/** A refusal as windows get it. */
export interface Fault {
  readonly code: keyof typeof faults;
  readonly what: string;
  readonly where?: string;
  readonly todo?: string;
}

/** Ends a call with a fault of the contract. */
export function refuse({ code, ...data }: Fault): never {
  // Without the contract's status the client would not know the fault for one of the contract.
  throw new ORPCError(code, { status: faults[code].status, message: data.what, data });
}

/** The value, or the fault that `say` makes of the problem. */
export function valueOf<T, P>(result: Result<T, P>, say: (problem: P) => Fault): T {
  return result.ok ? result.value : refuse(say(result.problem));
}
