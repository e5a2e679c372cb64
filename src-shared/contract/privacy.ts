import { oc, type } from "@orpc/contract";
import { z } from "zod";
import { faults } from "./faults";

/** Shorter values stand in many places by chance: they are sought in a named field only. */
export const SHORTEST_SOUGHT = 3;

/** What erasing a person's data removed, or would remove, and what it leaves. */
export interface Erased {
  /** Settled executions, those they called among them. */
  readonly executions: number;
  readonly cached: number;
  /** Events whose payload goes; that they came stays known. */
  readonly events: number;
  /** Executions and firings that hold the value and have not come to an end: they stay. */
  readonly underWay: number;
  /** Executions that hold the value in other fields only: they stay. */
  readonly elsewhere: number;
  /** Whether nothing is left in the database's free pages and its log either. */
  readonly isOverwritten: boolean;
}

/** Personal data that executions left. */
export const privacy = {
  /**
   * Removes for good the settled executions, cached values and event payloads that hold `value` (in any letter case) in
   * a field of the name `field`, without it anywhere. With `isTrial` it only counts. It cannot be undone.
   *
   * `INVALID` when the value is too short to be told from others; `LOCKED` while the vault is.
   */
  erase: oc
    .errors(faults)
    .input(
      z.object({
        field: z.string().min(1).max(200).optional(),
        value: z.string().max(10_000),
        /** Only executions in which this workflow ran, and its cached values. */
        workflowId: z.string().optional(),
        isTrial: z.boolean(),
      }),
    )
    .output(type<Erased>()),
};
