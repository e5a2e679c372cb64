import type { Database } from "better-sqlite3";
import type { Json } from "@shared/base/json";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { ExecutionStatus } from "@shared/execution/status";
import type { ComponentError } from "@shared/execution/error";
import type { Clock } from "./clock";

/** What is needed to take an execution up again. */
export interface StoredHead {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: string;
  readonly startedAt: number;
  readonly debug: boolean;
  readonly place: {
    readonly folder: string;
    readonly allowed: readonly string[];
    readonly hosts: { readonly [host: string]: string };
    readonly trusted: boolean;
    readonly neighbours?: string;
  };
  readonly parent?: { readonly executionId: string; readonly path: string };
  readonly rootId: string;
  readonly environment?: string;
  readonly retentionDays?: number;
  readonly lab?: true;
  readonly outlivesLab?: true;
  readonly given: {
    readonly input: Json;
    readonly parameters: { readonly [name: string]: Json };
    readonly env: { readonly [name: string]: string };
  };
  readonly status: ExecutionStatus;
  readonly events: number;
  readonly settlement?: {
    readonly status: ExecutionStatus;
    readonly at: number;
    readonly error?: ComponentError;
    readonly warnings: number;
    readonly unmetFaults?: readonly string[];
  };
}

interface HeadRow {
  id: string;
  workflow_id: string;
  workflow_name: string;
  workflow_version: string;
  status: ExecutionStatus;
  started_at: number;
  settled_at: number | null;
  error: string | null;
  warnings: number;
  debug: number;
  parent_id: string | null;
  parent_path: string | null;
  root_id: string;
  place: string;
  given: string;
  events: number;
  environment: string | null;
  retention_days: number | null;
  lab: number;
  unmet_faults: string | null;
}

/** What the host's main thread asks about executions; lists are read in the store's thread. */
export class Executions {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  head(id: string): StoredHead | undefined {
    const row = this.db.prepare("SELECT * FROM executions WHERE id = ?").get(id) as HeadRow | undefined;
    if (row === undefined) return undefined;
    return {
      id: row.id,
      workflowId: row.workflow_id,
      workflowName: row.workflow_name,
      workflowVersion: row.workflow_version,
      startedAt: row.started_at,
      debug: row.debug === 1,
      place: JSON.parse(row.place) as StoredHead["place"],
      ...(row.parent_id === null ? {} : { parent: { executionId: row.parent_id, path: row.parent_path ?? "" } }),
      rootId: row.root_id,
      ...(row.environment === null ? {} : { environment: row.environment }),
      ...(row.retention_days === null ? {} : { retentionDays: row.retention_days }),
      ...(row.lab === 0 ? {} : { lab: true }),
      ...(row.lab === 2 ? { outlivesLab: true } : {}),
      given: JSON.parse(row.given) as StoredHead["given"],
      status: row.status,
      events: row.events,
      ...(row.settled_at === null
        ? {}
        : {
            settlement: {
              status: row.status,
              at: row.settled_at,
              ...(row.error === null ? {} : { error: JSON.parse(row.error) as ComponentError }),
              warnings: row.warnings,
              ...(row.unmet_faults === null ? {} : { unmetFaults: JSON.parse(row.unmet_faults) as readonly string[] }),
            },
          }),
    };
  }

  /** Executions that have not settled, oldest first. */
  unfinished(): readonly string[] {
    const rows = this.db
      .prepare("SELECT id FROM executions WHERE settled_at IS NULL AND deleted_at IS NULL ORDER BY number")
      .all() as { id: string }[];
    return rows.map((row) => row.id);
  }

  /** The id of execution `#number`. */
  byNumber(number: number): string | undefined {
    const row = this.db.prepare("SELECT id FROM executions WHERE number = ?").get(number) as { id: string } | undefined;
    return row?.id;
  }

  /** Input and parameters of a workflow's last executions, newest first, each different one once. */
  lastInputs(
    workflowId: string,
    limit = 10,
  ): readonly { readonly input: Json; readonly parameters: { readonly [name: string]: Json } }[] {
    const rows = this.db
      .prepare(
        "SELECT given FROM executions WHERE workflow_id = ? AND parent_id IS NULL GROUP BY given ORDER BY max(number) DESC LIMIT ?",
      )
      .all(workflowId, limit) as { given: string }[];
    return rows.map((row) => {
      const { input, parameters } = JSON.parse(row.given) as StoredHead["given"];
      return { input, parameters };
    });
  }

  /** Hides executions and those they called; those under way stay. Returns how many of the named ones went. */
  delete(ids: readonly string[]): number {
    return this.mark(ids, this.clock.now(), "settled_at IS NOT NULL");
  }

  restore(ids: readonly string[]): number {
    return this.mark(ids, null, "deleted_at IS NOT NULL");
  }

  private mark(ids: readonly string[], at: number | null, which: string): number {
    const named = this.db.prepare(`UPDATE executions SET deleted_at = ? WHERE id = ? AND ${which}`);
    const called = this.db.prepare("UPDATE executions SET deleted_at = ? WHERE root_id = ? AND id <> root_id");
    const done = this.db
      .transaction(() => {
        let count = 0;
        for (const id of ids) {
          if (named.run(at, id).changes === 0) continue;
          called.run(at, id);
          count += 1;
        }
        return count;
      })
      .immediate();
    if (done > 0) this.changed();
    return done;
  }

  /** What lists show while an execution is under way. */
  setStatus(id: string, status: ExecutionStatus): void {
    this.db.prepare("UPDATE executions SET status = ? WHERE id = ? AND settled_at IS NULL").run(status, id);
    this.changed();
  }

  saveBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void {
    this.db
      .transaction(() => {
        this.db.prepare("DELETE FROM breakpoints WHERE workflow_id = ?").run(workflowId);
        const put = this.db.prepare(
          "INSERT OR REPLACE INTO breakpoints (workflow_id, component, enabled, condition) VALUES (?, ?, ?, ?)",
        );
        for (const point of breakpoints)
          put.run(workflowId, point.component, point.enabled ? 1 : 0, point.condition ?? null);
      })
      .immediate();
    this.changed();
  }

  breakpoints(workflowId: string): readonly Breakpoint[] {
    const rows = this.db
      .prepare("SELECT component, enabled, condition FROM breakpoints WHERE workflow_id = ? ORDER BY component")
      .all(workflowId) as {
      component: string;
      enabled: number;
      condition: string | null;
    }[];
    return rows.map((row) => ({
      workflowId,
      component: row.component,
      enabled: row.enabled === 1,
      ...(row.condition === null ? {} : { condition: row.condition }),
    }));
  }
}
