import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { Json, JsonObject } from "../base/json";
import { faults } from "./faults";

/** A question to a person that a `human_task` put. */
export interface TaskRow {
  readonly executionId: string;
  readonly executionNumber: number;
  readonly path: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema of the answer. */
  readonly form: JsonObject;
  /** What the task is about, sensitive parts `[REDACTED]`. */
  readonly input: Json;
  readonly assignee?: string;
  readonly openedAt: number;
  readonly deadline?: number;
  readonly escalatedAt?: number;
  readonly answered?: { readonly at: number; readonly by: string; readonly answer: Json };
}

/** Tasks for people. */
export const tasks = {
  list: oc.input(z.object({ state: z.enum(["open", "answered"]).default("open") })).output(type<readonly TaskRow[]>()),
  /** Answers an open task; the answer is checked against the form first. */
  answer: oc
    .errors(faults)
    .input(
      z.object({ executionId: z.string(), path: z.string(), answer: z.unknown(), by: z.string().max(200).optional() }),
    )
    .output(type<null>()),
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};

/** A trigger of a stored workflow. */
export interface TriggerRow {
  readonly workflowId: string;
  readonly workflowName: string;
  /** Its place in the workflow's `triggers`. */
  readonly index: number;
  readonly type: "manual" | "schedule" | "webhook" | "apg_event" | "file";
  /** What it waits for, in a few words: `0 6 * * * Africa/Nairobi`, `POST /hooks/orders`, `order.*`, `inbox/*.csv`. */
  readonly summary: string;
  readonly enabled: boolean;
  /** When a schedule fires next. */
  readonly nextAt?: number;
  /** The full address of a webhook. */
  readonly address?: string;
  readonly last?: {
    readonly at: number;
    /** `started`, `queued`, or why not. */
    readonly outcome: "started" | "queued" | "skipped" | "refused" | "failed";
    readonly executionId?: string;
    readonly message?: string;
  };
  /** Why it cannot work, in a sentence. */
  readonly problem?: string;
}

/** Triggers while this host runs. */
export const triggers = {
  list: oc.input(z.object({ workflowId: z.string().optional() })).output(type<readonly TriggerRow[]>()),
  /** Triggers are off until somebody turns them on in this workspace. */
  enable: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), index: z.number().int().min(0), on: z.boolean() }))
    .output(type<null>()),
  /** Fires it now, with `input` as what it would have brought. */
  fire: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), index: z.number().int().min(0), input: z.unknown() }))
    .output(type<{ readonly executionId?: string; readonly queued: boolean }>()),
  /** Posts an event: starts what listens for it and wakes what waits for it. Says how many of each. */
  emit: oc
    .errors(faults)
    .input(z.object({ type: z.string().min(1).max(200), payload: z.unknown() }))
    .output(type<{ readonly started: number; readonly woken: number }>()),
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};
