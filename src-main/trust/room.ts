import { isMentioned } from "@shared/expression/mention";
import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { connectionKind, sensitiveSettings } from "@shared/components/connection-kinds";
import type { ConnectionRow, EnvironmentRow, SecretRow } from "@shared/contract/trust";
import type { Connection, ConnectionKind } from "@shared/execution/effect";
import type { ComponentError } from "@shared/execution/error";
import { readDotEnv } from "./dotenv";
import { fill } from "./fill";
import type { KeptConnection, TrustSources } from "./sources";
import { usesConnection, usesSecret, type UsingText } from "./usage";

/** There is no such environment. */
export type EnvironmentProblem = { readonly kind: "no-environment"; readonly name: string };

/** Why something of secrets, connections or environments is refused. */
export type TrustProblem =
  | EnvironmentProblem
  | { readonly kind: "no-secret" | "no-connection"; readonly name: string }
  | { readonly kind: "connection-taken" | "environment-active"; readonly name: string }
  /** A sensitive setting is written in plain. */
  | { readonly kind: "plain-setting"; readonly name: string; readonly setting: string }
  | {
      readonly kind: "unknown-setting";
      readonly name: string;
      readonly setting: string;
      readonly known: readonly string[];
    }
  | { readonly kind: "unfilled"; readonly error: ComponentError };

/** What the store keeps. Composition hands it in. */
export interface TrustStore extends TrustSources {
  readonly secrets: TrustSources["secrets"] & {
    list(): readonly Omit<SecretRow, "usedBy">[];
    set(values: { readonly [name: string]: string }): void;
    delete(name: string): boolean;
    restore(name: string): boolean;
  };
  readonly connections: TrustSources["connections"] & {
    set(connection: Omit<KeptConnection, "changedAt">, before?: string): "done" | "taken" | "missing";
    delete(name: string): boolean;
    restore(name: string): boolean;
  };
  readonly environments: {
    list(): readonly EnvironmentRow[];
    set(name: string, env: { readonly [name: string]: string }): void;
    delete(name: string): "done" | "active" | "missing";
    activate(name: string): boolean;
  };
}

/** Secrets, connections and environments of a workspace, as windows and the command line ask for them. */
export class Trust {
  constructor(
    private readonly store: TrustStore,
    /** The workflows of the library. */
    private readonly texts: () => readonly UsingText[],
  ) {}

  secrets(): readonly SecretRow[] {
    const texts = this.texts();
    const connections = this.store.connections
      .list()
      .map(({ name, settings }) => ({ id: name, text: JSON.stringify(settings) }));
    return this.store.secrets.list().map((secret) => ({
      ...secret,
      usedBy: [
        ...usesSecret(texts, secret.name).map((id) => ({ kind: "workflow" as const, id })),
        ...usesSecret(connections, secret.name).map((id) => ({ kind: "connection" as const, id })),
      ],
    }));
  }

  secretNames(): readonly string[] {
    return this.store.secrets.names();
  }

  setSecret(name: string, value: string): void {
    this.store.secrets.set({ [name]: value });
  }

  importSecrets(text: string): { readonly names: readonly string[]; readonly skipped: readonly number[] } {
    const { values, skipped } = readDotEnv(text);
    if (Object.keys(values).length > 0) this.store.secrets.set(values);
    return { names: Object.keys(values), skipped };
  }

  deleteSecret(name: string): Result<null, TrustProblem> {
    return this.store.secrets.delete(name) ? ok(null) : fail({ kind: "no-secret", name });
  }

  restoreSecret(name: string): Result<null, TrustProblem> {
    return this.store.secrets.restore(name) ? ok(null) : fail({ kind: "no-secret", name });
  }

  connections(): readonly ConnectionRow[] {
    const texts = this.texts();
    return this.store.connections
      .list()
      .map((connection) => ({ ...connection, usedBy: usesConnection(texts, connection.name) }));
  }

  setConnection(connection: Omit<KeptConnection, "changedAt">, before: string | undefined): Result<null, TrustProblem> {
    const { name, kind, settings } = connection;
    for (const own of Object.values(settings)) {
      const problem = settingProblem(name, kind, own);
      if (problem !== undefined) return fail(problem);
    }
    switch (this.store.connections.set(connection, before)) {
      case "taken":
        return fail({ kind: "connection-taken", name });
      case "missing":
        return fail({ kind: "no-connection", name: before ?? name });
      case "done":
        return ok(null);
    }
  }

  deleteConnection(name: string): Result<null, TrustProblem> {
    return this.store.connections.delete(name) ? ok(null) : fail({ kind: "no-connection", name });
  }

  restoreConnection(name: string): Result<null, TrustProblem> {
    return this.store.connections.restore(name) ? ok(null) : fail({ kind: "no-connection", name });
  }

  /** The connection as an attempt would get it in `environment`; the active one unless said. */
  filled(
    name: string,
    environment: string | undefined,
  ): Result<{ readonly connection: Connection; readonly sensitive: readonly string[] }, TrustProblem> {
    const kept = this.store.connections.get(name);
    if (kept === undefined) return fail({ kind: "no-connection", name });
    const chosen = this.environment(environment);
    if (!chosen.ok) return chosen;
    const full = fill(kept, chosen.value.name, chosen.value.env, this.store.secrets);
    return full.ok ? full : fail({ kind: "unfilled", error: full.problem });
  }

  environments(): readonly EnvironmentRow[] {
    return this.store.environments.list();
  }

  /** The environment of that name; without one the active one. */
  environment(name: string | undefined): Result<EnvironmentRow, EnvironmentProblem> {
    const all = this.store.environments.list();
    const found = all.find((one) => (name === undefined ? one.active : one.name === name));
    return found === undefined ? fail({ kind: "no-environment", name: name ?? "" }) : ok(found);
  }

  setEnvironment(name: string, env: { readonly [name: string]: string }): void {
    this.store.environments.set(name, env);
  }

  deleteEnvironment(name: string): Result<null, TrustProblem> {
    switch (this.store.environments.delete(name)) {
      case "active":
        return fail({ kind: "environment-active", name });
      case "missing":
        return fail({ kind: "no-environment", name });
      case "done":
        return ok(null);
    }
  }

  activateEnvironment(name: string): Result<null, TrustProblem> {
    return this.store.environments.activate(name) ? ok(null) : fail({ kind: "no-environment", name });
  }
}

function settingProblem(name: string, kind: ConnectionKind, settings: JsonObject): TrustProblem | undefined {
  const known = Object.keys(connectionKind(kind).settings_schema.properties);
  const unknown = Object.keys(settings).find((key) => !known.includes(key));
  if (unknown !== undefined) return { kind: "unknown-setting", name, setting: unknown, known };
  for (const path of sensitiveSettings(kind)) {
    const plain = plainAt(settings, path, []);
    if (plain !== undefined) return { kind: "plain-setting", name, setting: plain };
  }
  return undefined;
}

/** Where below `path` a text stands that names no secret. */
function plainAt(json: Json | undefined, path: readonly string[], at: readonly string[]): string | undefined {
  const [key, ...rest] = path;
  if (key === undefined) {
    const isPlain = typeof json === "string" && json !== "" && !isMentioned(json, "secrets");
    return isPlain ? at.join(".") : undefined;
  }
  if (!isJsonObject(json)) return undefined;
  for (const each of key === "*" ? Object.keys(json) : [key]) {
    const found = plainAt(json[each], rest, [...at, each]);
    if (found !== undefined) return found;
  }
  return undefined;
}
