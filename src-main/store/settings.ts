import type { Database, Statement } from "better-sqlite3";

/** What the workspace keeps by key, as JSON. What the keys mean is the callers' matter. */
export class SettingsTable {
  private readonly one: Statement;
  private readonly every: Statement;

  constructor(
    private readonly db: Database,
    private readonly changed: () => void,
  ) {
    this.one = db.prepare("SELECT json FROM settings WHERE key = ?");
    this.every = db.prepare("SELECT key, json FROM settings");
  }

  get(key: string): unknown {
    const row = this.one.get(key) as { json: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.json) as unknown);
  }

  all(): { readonly [key: string]: unknown } {
    const rows = this.every.all() as { key: string; json: string }[];
    return Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.json) as unknown]));
  }

  /** Sets several keys at once; `undefined` removes one. */
  set(values: { readonly [key: string]: unknown }): void {
    this.db
      .transaction(() => {
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined) this.db.prepare("DELETE FROM settings WHERE key = ?").run(key);
          else
            this.db
              .prepare(
                "INSERT INTO settings (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json",
              )
              .run(key, JSON.stringify(value));
        }
      })
      .immediate();
    this.changed();
  }
}
