import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { Json, JsonObject } from "../base/json";
import type { ConnectionKind } from "../execution/effect";
import { faults } from "./faults";

/** A secret as lists show it. Its value never leaves the host. */
export interface SecretRow {
  readonly name: string;
  readonly createdAt: number;
  /** When its value last changed. */
  readonly rotatedAt: number;
  readonly usedAt?: number;
  /** Ids of workflows and names of connections that use it. */
  readonly usedBy: readonly { readonly kind: "workflow" | "connection"; readonly id: string }[];
}

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/);

/** The workspace's secrets: written, rotated, listed, never read. */
export const secrets = {
  list: oc.output(type<readonly SecretRow[]>()),
  /** Makes a secret or gives it another value. */
  set: oc
    .errors(faults)
    .input(z.object({ name, value: z.string().min(1).max(100_000) }))
    .output(type<null>()),
  /** Deleted secrets can be restored for 30 days. */
  delete: oc.errors(faults).input(z.object({ name })).output(type<null>()),
  restore: oc.errors(faults).input(z.object({ name })).output(type<null>()),
  /** Takes `NAME=value` lines of a `.env` text. `skipped` names lines that are none. */
  import: oc
    .errors(faults)
    .input(z.object({ text: z.string().max(1_000_000) }))
    .output(type<{ readonly names: readonly string[]; readonly skipped: readonly number[] }>()),
  /** Yields a number each time secrets, connections or environments changed. */
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};

/** A named connection with what it has in each environment. */
export interface ConnectionRow {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** By environment name, `*` for all others. Sensitive settings are `{{ secrets.NAME }}`, never plain. */
  readonly settings: { readonly [environment: string]: JsonObject };
  /** The capability types (`apg_*`, `payment_*`) this `http` connection answers. */
  readonly serves: readonly string[];
  readonly changedAt: number;
  readonly usedBy: readonly string[];
}

/** Named connections: what workflows call by name, in each environment. */
export const connections = {
  list: oc.output(type<readonly ConnectionRow[]>()),
  set: oc
    .errors(faults)
    .input(
      z.object({
        name: z.string().min(1).max(100),
        /** The name it had, when it is renamed. */
        before: z.string().optional(),
        kind: z.enum(["sqlite", "postgresql", "mysql", "smtp", "http", "webhook", "slack"]),
        settings: z.record(z.string(), z.record(z.string(), z.custom<Json>())),
        serves: z.array(z.string()).default([]),
      }),
    )
    .output(type<null>()),
  delete: oc
    .errors(faults)
    .input(z.object({ name: z.string() }))
    .output(type<null>()),
  restore: oc
    .errors(faults)
    .input(z.object({ name: z.string() }))
    .output(type<null>()),
  /** Tries to connect; says what answered and how long it took, or what went wrong. */
  test: oc
    .errors(faults)
    .input(z.object({ name: z.string(), environment: z.string().optional() }))
    .output(type<{ readonly ok: boolean; readonly message: string; readonly ms: number }>()),
};

/** An environment: a set of values that workflows read as `env.NAME`, and the choice of connection settings. */
export interface EnvironmentRow {
  readonly name: string;
  readonly env: { readonly [name: string]: string };
  /** Whether executions start in it unless they say otherwise. */
  readonly active: boolean;
}

/** Environments: dev, test, prod and whatever else the workspace names. */
export const environments = {
  list: oc.output(type<readonly EnvironmentRow[]>()),
  set: oc
    .errors(faults)
    .input(
      z.object({
        name: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/),
        env: z.record(z.string(), z.string()),
      }),
    )
    .output(type<null>()),
  delete: oc
    .errors(faults)
    .input(z.object({ name: z.string() }))
    .output(type<null>()),
  activate: oc
    .errors(faults)
    .input(z.object({ name: z.string() }))
    .output(type<null>()),
};
