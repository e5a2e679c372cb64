import type { Json } from "@shared/base/json";
import type { Result } from "@shared/base/result";
import type { Clock } from "../engine/ports";
import type { Events } from "../store/events";
import type { Firings } from "../store/firings";
import type { Lease } from "../store/lease";
import type { Triggers } from "../store/triggers";

/** A start as a trigger asks for it. */
export interface TriggerStart {
  readonly workflowId: string;
  /** The execution's id, settled beforehand: a second start with it changes nothing. */
  readonly id: string;
  readonly event: Json;
  readonly input: Json;
  readonly parameters: { readonly [name: string]: Json };
  readonly correlationId?: string;
  readonly priority?: number;
}

/** Why a start came to nothing. */
export interface NotStarted {
  /** `skipped` when the workflow's `concurrency` says so. */
  readonly outcome: "skipped" | "refused";
  readonly message: string;
}

/** How an execution ended, for whoever asked for it. */
export interface TriggerEnd {
  readonly status: string;
  readonly output: Json;
  readonly error?: { readonly type: string; readonly message: string };
}

/** What the triggers need of the other rooms; composition hands it in. */
export interface TriggersPorts {
  readonly clock: Clock;
  readonly triggers: Triggers;
  readonly firings: Firings;
  readonly events: Events;
  readonly lease: Lease;
  /** A stored workflow's text, and where its relative paths start. */
  readonly workflow: (
    id: string,
  ) => { readonly text: string; readonly format: "yaml" | "json"; readonly folder: string } | undefined;
  /** Folders that workflows may use beside their own. */
  readonly allowedFolders: () => readonly string[];
  readonly newId: () => string;
  /** Starts an execution, and says whether it has to queue; why not, in a sentence, when it is not started. */
  readonly start: (request: TriggerStart) => Promise<Result<{ readonly queued: boolean }, NotStarted>>;
  /** Whether the store has this execution. */
  readonly exists: (executionId: string) => boolean;
  readonly cancel: (executionId: string, reason: string, mode?: "once") => void;
  readonly settled: (executionId: string) => Promise<TriggerEnd>;
  /** Wakes executions that wait for such an event, wherever they are; says how many. */
  readonly deliver: (type: string, event: Json) => number | Promise<number>;
  /** Whether any execution waits for events of this type. */
  readonly isAwaited: (type: string) => boolean;
  /** False while the workspace's vault is locked: nothing may be started. */
  readonly isVaultOpen: () => boolean;
  /** A workspace secret's value. */
  readonly secret: (name: string) => string | undefined;
  readonly env: () => { readonly [name: string]: string };
  /** The port for webhooks: the one kept, or a free one that is kept from then on. */
  readonly webhookPort: { get(): number; set(port: number): void };
  /** Calls `listener` after anything in the workspace changed. */
  readonly onChange: (listener: (what: "workflows" | "executions" | "outside") => void) => () => void;
  /** Told when a trigger's own machinery fails. */
  readonly trouble: (error: unknown) => void;
}

/** What starting takes of them. */
export interface FirePorts extends Pick<TriggersPorts, "clock" | "newId" | "exists" | "cancel" | "env" | "start"> {
  readonly triggers: Pick<Triggers, "said">;
  readonly firings: NotedPort;
}

/** Where firings are noted before anything follows from them. */
export type NotedPort = Pick<Firings, "add" | "executionOf" | "due" | "open" | "isBehind" | "underWay" | "state">;
