import type { Database, Statement } from "better-sqlite3";
import type { JsonObject } from "@shared/base/json";
import type { ConnectionKind } from "@shared/execution/effect";
import type { Clock } from "./clock";

/** A named connection as the workspace keeps it: sensitive settings name secrets. */
export interface StoredConnection {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** By environment, `*` for all. */
  readonly settings: { readonly [environment: string]: JsonObject };
  readonly serves: readonly string[];
  readonly changedAt: number;
}

interface Row {
  name: string;
  kind: ConnectionKind;
  settings: string;
  serves: string;
  changed_at: number;
}

/** The workspace's named connections. */
export class Connections {
  private readonly one: Statement;
  private readonly all: Statement;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {
    const columns = "SELECT name, kind, settings, serves, changed_at FROM connections WHERE deleted_at IS NULL";
    this.one = db.prepare(`${columns} AND name = ?`);
    this.all = db.prepare(`${columns} ORDER BY name`);
  }

  list(): readonly StoredConnection[] {
    return (this.all.all() as Row[]).map(stored);
  }

  get(name: string): StoredConnection | undefined {
    const row = this.one.get(name) as Row | undefined;
    return row === undefined ? undefined : stored(row);
  }

  /**
   * Makes or changes a connection; with `before` it is the one of that name.
   *
   * @returns `taken` when another connection has the name, `missing` when there is none called `before`.
   */
  set(connection: Omit<StoredConnection, "changedAt">, before?: string): "done" | "taken" | "missing" {
    const { name, kind, settings, serves } = connection;
    const outcome = this.db
      .transaction(() => {
        if (before !== undefined && before !== name) {
          if (this.get(name) !== undefined) return "taken" as const;
          if (
            this.db.prepare("DELETE FROM connections WHERE name = ? AND deleted_at IS NULL").run(before).changes === 0
          )
            return "missing" as const;
        }
        this.db
          .prepare(
            "INSERT OR REPLACE INTO connections (name, kind, settings, serves, changed_at) VALUES (?, ?, ?, ?, ?)",
          )
          .run(name, kind, JSON.stringify(settings), JSON.stringify(serves), this.clock.now());
        return "done" as const;
      })
      .immediate();
    if (outcome === "done") this.changed();
    return outcome;
  }

  /** Whether there was one to delete. It can be restored until retention removes it. */
  delete(name: string): boolean {
    return this.mark(
      "UPDATE connections SET deleted_at = ? WHERE name = ? AND deleted_at IS NULL",
      this.clock.now(),
      name,
    );
  }

  restore(name: string): boolean {
    return this.mark("UPDATE connections SET deleted_at = ? WHERE name = ? AND deleted_at IS NOT NULL", null, name);
  }

  private mark(sql: string, at: number | null, name: string): boolean {
    const done = this.db.prepare(sql).run(at, name).changes > 0;
    if (done) this.changed();
    return done;
  }
}

function stored(row: Row): StoredConnection {
  return {
    name: row.name,
    kind: row.kind,
    settings: JSON.parse(row.settings) as StoredConnection["settings"],
    serves: JSON.parse(row.serves) as readonly string[],
    changedAt: row.changed_at,
  };
}
