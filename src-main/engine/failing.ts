import type { ErrorType } from "@shared/execution/error";
import type { Finished } from "@shared/execution/work";
import { NOTHING_KEPT } from "@shared/execution/keep";

/** A failed outcome that the carrier itself decides. */
export function failing(type: ErrorType, message: string): Finished {
  return { kind: "failed", error: { type, message }, kept: NOTHING_KEPT };
}

/** What a time limit is in words. */
export function tookTooLong(timeoutMs: number): Finished {
  return failing("timeout", `It took longer than ${timeoutMs >= 1000 ? `${timeoutMs / 1000} s` : `${timeoutMs} ms`}.`);
}

/** What a memory limit is in words. */
export function tookTooMuch(memoryBytes: number): Finished {
  return failing(
    "resource_limit_exceeded",
    `It took more than ${Math.round(memoryBytes / (1024 * 1024))} MB of memory.`,
  );
}

/** Whether a thread ended because its JavaScript took more memory than it may. */
export function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
}
