import type { Database } from "better-sqlite3";

/** A set of values that workflows read as `env.NAME`. */
export interface StoredEnvironment {
  readonly name: string;
  readonly env: { readonly [name: string]: string };
  /** Whether executions start in it unless they say otherwise. Exactly one is. */
  readonly active: boolean;
}

/** The workspace's environments, in the order they were made. */
export class Environments {
  constructor(
    private readonly db: Database,
    private readonly changed: () => void,
  ) {}

  list(): readonly StoredEnvironment[] {
    const rows = this.db.prepare("SELECT name, env, active FROM environments ORDER BY rowid").all() as {
      name: string;
      env: string;
      active: number;
    }[];
    return rows.map(({ name, env, active }) => ({
      name,
      env: JSON.parse(env) as StoredEnvironment["env"],
      active: active === 1,
    }));
  }

  set(name: string, env: { readonly [name: string]: string }): void {
    this.db
      .prepare("INSERT INTO environments (name, env) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET env = excluded.env")
      .run(name, JSON.stringify(env));
    this.changed();
  }

  /** `active` when it is the one executions start in, which stays. */
  delete(name: string): "done" | "active" | "missing" {
    const found = this.list().find((one) => one.name === name);
    if (found === undefined) return "missing";
    if (found.active) return "active";
    this.db.prepare("DELETE FROM environments WHERE name = ? AND active = 0").run(name);
    this.changed();
    return "done";
  }

  /** Whether there is one of that name, which is then the active one. */
  activate(name: string): boolean {
    const done = this.db
      .transaction(() => {
        if (!this.list().some((one) => one.name === name)) return false;
        this.db.prepare("UPDATE environments SET active = (name = ?)").run(name);
        return true;
      })
      .immediate();
    if (done) this.changed();
    return done;
  }
}
