import type { Json, JsonObject } from "../../base/json";

/** What happens to a start while one of the same trigger is still under way. */
export type Overlap = "parallel" | "queue" | "skip" | "cancel_previous";

/** What happens to starts that no host was there for. */
export type Missed = "skip" | "run_once" | "run_all";

/** What every trigger may say. */
export interface Starting {
  readonly overlap: Overlap;
  /** Of the executions it starts, where they queue: high first. */
  readonly priority?: number;
  /** A template over `event` for the execution's input; absent: what the event brings. */
  readonly input?: Json;
  /** Templates over `event` for the workflow's parameters. */
  readonly parameters?: JsonObject;
}

/** By cron, in a time zone; without one in the host's. */
export interface ScheduleTrigger extends Starting {
  readonly type: "schedule";
  readonly cron: string;
  readonly timezone?: string;
  readonly missed: Missed;
}

/** How a webhook's sender proves that it knows a secret: an HMAC over the body's bytes. */
export interface Signature {
  readonly header: string;
  /** The name of a workspace secret, or the secret itself where it is written out. */
  readonly secret: { readonly name: string } | { readonly text: string };
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly encoding: "hex" | "base64";
  /** What stands before the digest in the header, e.g. `sha256=`; it may be missing there. */
  readonly prefix: string;
  /** The header with the time of sending in seconds; then `TIME.BODY` is signed, and an old time refused. */
  readonly timestampHeader?: string;
  readonly toleranceSeconds: number;
  /** Whether a request that was taken before is taken again. */
  readonly replay: "refuse" | "allow";
}

/** By an HTTP request to the host's own address. */
export interface WebhookTrigger extends Starting {
  readonly type: "webhook";
  /** With a slash first and none last. */
  readonly path: string;
  readonly method: string;
  readonly signature?: Signature;
  readonly responseMode: "immediately" | "when_finished";
  readonly responseTimeoutSeconds: number;
  readonly maxBodyBytes: number;
}

/** By an event that somebody posts or an execution emits. */
export interface EventTrigger extends Starting {
  readonly type: "apg_event";
  /** The event's type, `*` for any characters. */
  readonly pattern: string;
  /** A CEL condition over `event`, or what the event must hold. */
  readonly filter?: string | JsonObject;
}

/** What happened to a file. */
export type FileChange = "added" | "changed" | "removed";

/** By files that appear, change or go in a folder. */
export interface FileTrigger extends Starting {
  readonly type: "file";
  readonly path: string;
  /** Of paths below the folder. */
  readonly pattern: string;
  readonly changes: readonly FileChange[];
  readonly missed: Missed;
  readonly settleMs: number;
}

/** By a person: a button that says so. */
export interface ManualTrigger extends Starting {
  readonly type: "manual";
}

/** What starts a workflow while a host runs. */
export type Trigger = ScheduleTrigger | WebhookTrigger | EventTrigger | FileTrigger | ManualTrigger;

/** The types of triggers. */
export const TRIGGER_TYPES = ["manual", "schedule", "webhook", "apg_event", "file"] as const;
